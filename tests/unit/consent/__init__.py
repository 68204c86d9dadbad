"""Unit tests of clinic/consent: no database, no Flask."""
