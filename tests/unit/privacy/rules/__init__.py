"""Unit tests of clinic/privacy: no database, no Flask."""
