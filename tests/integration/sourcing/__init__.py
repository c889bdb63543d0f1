"""Sourcing on a real database."""
