"""Security headers on every response; the policy is decision 10a of the design, word for word."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

from clinic.web.runtime import runtime


def style_nonce() -> str:
    """Return the nonce that this response's inline style carries."""
    if "style_nonce" not in g:
        g.style_nonce = secrets.token_urlsafe(16)
    return str(g.style_nonce)


def content_security_policy(nonce: str) -> str:
    """Return the policy: nothing from elsewhere, no inline script, no framing, no raw HTML sinks."""
    return (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; "
        "manifest-src 'self'; worker-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types svelte-trusted-html"
    )


def register(app: Flask) -> None:
    """Put the headers on every response of `app`."""

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = content_security_policy(style_nonce())
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = (
            "camera=(self), microphone=(self), geolocation=(), display-capture=(self)"
        )
        if runtime().settings.secure_cookies:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if not request.path.startswith("/static/"):
            headers.setdefault("Cache-Control", "no-store")
        return response
