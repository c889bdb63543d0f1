"""Reports as files: each writer takes the report that the screen shows."""
