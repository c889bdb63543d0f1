"""The desk of an enterprise through the browser's eyes."""
