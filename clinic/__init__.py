"""Sakina: a self-hosted telemedicine and mental-health e-clinic."""
