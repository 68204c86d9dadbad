"""Scheduling on real databases."""
