"""Somebody who uses a running clinic over HTTP, from outside the process."""

from __future__ import annotations

from typing import Any

import requests

DEMO_PASSWORD = "demo-Sakina-2026"


class Person:
    """A signed-in account of the demo clinic; one instance a thread."""

    def __init__(self, base_url: str, login: str, *, language: str = "en") -> None:
        """Sign `login` in."""
        self._http = requests.Session()
        # The server ends a line that rests for two seconds, perhaps at the moment of the next request.
        self._http.headers["Connection"] = "close"
        self._base = f"{base_url}/api/v1"
        self._http.headers.update({"Accept-Language": language, "X-Purpose-Of-Use": "TREAT"})
        answer = self.post("/session", {"email": f"{login}@demo.invalid", "password": DEMO_PASSWORD})
        assert answer.status_code == 200, answer.text
        self.user: dict[str, Any] = answer.json()["user"]
        self._http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]

    def get(self, path: str, **query: object) -> requests.Response:
        """Ask for `path` below /api/v1."""
        return self._http.get(self._base + path, params={k: str(v) for k, v in query.items()}, timeout=30)

    def post(self, path: str, body: object, *, key: str | None = None, **headers: str) -> requests.Response:
        """Send `body` to `path`; `key` is the Idempotency-Key."""
        if key:
            headers["Idempotency-Key"] = key
        return self._http.post(self._base + path, json=body, headers=headers, timeout=30)

    def put(self, path: str, body: object, *, etag: str) -> requests.Response:
        """Replace the document at `path` whose version is `etag`."""
        return self._http.put(self._base + path, json=body, headers={"If-Match": etag}, timeout=30)

    def all(self, path: str, **query: object) -> list[dict[str, Any]]:
        """Return a whole list, page after page."""
        items: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            found = self.get(path, limit=200, **({"cursor": cursor} if cursor else {}), **query)
            assert found.status_code == 200, found.text
            items += found.json()["items"]
            cursor = found.json()["next"]
        return items
