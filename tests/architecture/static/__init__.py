"""architecture static tests."""
