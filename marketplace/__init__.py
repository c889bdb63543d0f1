"""What the marketplace knows and does: no HTTP, no HTML."""
