"""Reads of rooms; names leave only towards who sits in the room or treats."""
