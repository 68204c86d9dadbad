"""Integration tests of clinic/records: services on a real database."""
