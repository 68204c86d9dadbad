"""Calendars of others: asked for through a guard, read by a process of its own that may fail or be ended."""
