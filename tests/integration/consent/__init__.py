"""Integration tests of clinic/consent: services on a real database."""
