"""The README's picture of a session: two browsers in a real call, with drawn faces before the cameras."""
