"""Cooperatives in unions: a union proposes, a cooperative agrees, either of them ends it."""
