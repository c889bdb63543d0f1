"""Sourcing in the browser of its people."""
