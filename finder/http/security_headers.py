"""What every response says to the browser: what a page may load, where it may be framed, what it may ask of the device.

There is no inline script or style, nothing is loaded from a third party, and a link out tells nobody what was searched.
"""

from __future__ import annotations

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",  # Bootstrap draws its check marks as data: images
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), browsing-topics=(), geolocation=(self)",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def register(app: Flask) -> None:
    """Add the headers to every response of the application, errors included."""
    app.after_request(harden)


def harden(response: Response) -> Response:
    """Add the headers that are not set yet; a page may set a stricter value itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if not response.cache_control:
        # Kept by nobody but the reader's own browser, which may show it again on Back.
        response.cache_control.private = True
        response.cache_control.no_cache = True
    return response
