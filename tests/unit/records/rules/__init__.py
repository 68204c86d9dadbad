"""Unit tests of clinic/records: no database, no Flask."""
