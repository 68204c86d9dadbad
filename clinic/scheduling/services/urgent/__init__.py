"""Urgent requests: raised by staff, asked step by step, claimed by one, closed or made a visit."""
