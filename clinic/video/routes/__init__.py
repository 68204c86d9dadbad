"""HTTP of the video slice."""

from clinic.video.routes import device_tests, rooms

__all__ = ["device_tests", "rooms"]
