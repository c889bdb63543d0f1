"""The tests; see docs/testing.md."""
