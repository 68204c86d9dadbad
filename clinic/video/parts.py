"""The slice's stateful parts in a running application."""

from __future__ import annotations

from typing import cast

from flask import current_app

from clinic.video.ports import MediaServer

_MEDIA = "clinic.video.media"


def install(extensions: dict[str, object], media: MediaServer) -> None:
    """Give the application that owns `extensions` its media process."""
    extensions[_MEDIA] = media


def media() -> MediaServer:
    """Return the media process of the current application."""
    return cast(MediaServer, current_app.extensions[_MEDIA])
