"""Scheduling: services and sites, availability, slots, booking; double booking is refused by the database."""
