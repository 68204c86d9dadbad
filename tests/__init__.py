"""Tests mirror the code; see house rules in CONTRIBUTING.md."""
