"""Sealing, signing and deriving: bytes in, bytes out, one way to do each and nothing to switch off.

Only `clinic.vault` calls what encrypts here; nothing in this package keeps a key or reads a clock.
"""
