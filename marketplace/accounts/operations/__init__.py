"""Changing people, sessions and organisations; one module for each story."""
