"""servers tests."""
