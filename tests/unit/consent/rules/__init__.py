"""Unit tests of clinic/consent/rules: no database, no Flask."""
