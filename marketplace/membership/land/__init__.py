"""The shapes of plots: reading GeoJSON, how large they are, how they are drawn."""
