"""The notice of every public page over the bundled sample: the therapists are made up."""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, has_request_context, request

from finder.http.services import services


def register(app: Flask) -> None:
    """Tell the templates whether to show the notice, as ``sample``."""
    app.context_processor(lambda: {"sample": _is_over_sample()})


def _is_over_sample() -> bool:
    """Whether the release served now is the sample; False on staff pages, which have words of their own for it."""
    if not has_request_context() or request.blueprint == "staff":
        return False
    with suppress(Exception):  # a page that says that something broke must not break over its notice
        return services().directory().release.is_sample
    return False
