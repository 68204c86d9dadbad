"""Video visits: rooms, the waiting room, signalling between two browsers, and the device test's echo.

Media goes from browser to browser; this slice relays only what lets the two find each other
(docs/signalling.md).
"""
