"""The demo clinic: invented people with a past and a future, for trying out and for tests.

Deterministic: the same content on the same day; refused outside demo mode.
"""
