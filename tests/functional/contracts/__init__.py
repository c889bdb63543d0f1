"""Contracts through the browser's eyes, on both sides."""
