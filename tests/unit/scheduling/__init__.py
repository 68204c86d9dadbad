"""Scheduling without a database."""
