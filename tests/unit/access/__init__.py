"""Unit tests of clinic/access: no database, no Flask."""
