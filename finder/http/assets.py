"""Static files under names that change with their bytes, so that a browser may keep them for ever.

Our own files lie in ``static/``; those of others are served from the Python packages that bring them. A page says
``asset('finder.css')`` and gets ``/assets/<digest>/finder.css``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from mimetypes import guess_type

from flask import Blueprint, Flask, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("assets", __name__)

OURS = "finder.web"
FOREIGN = {
    "bootstrap.min.css": ("flask_bootstrap", "static/bootstrap5/css/bootstrap.min.css"),
    "leaflet.css": ("xstatic.pkg.leaflet", "data/leaflet.css"),
    "leaflet.js": ("xstatic.pkg.leaflet", "data/leaflet.js"),
}
"""Files of others, by the name under which we serve them: the package and the path inside it."""

_COMPLETED: dict[str, Callable[[str], str]] = {}

ONE_YEAR = 365 * 24 * 60 * 60


def register(app: Flask) -> None:
    """Serve the files and let templates name them."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = asset_url


def complete(name: str, complete_text: Callable[[str], str]) -> None:
    """Serve a text file of ours only after ``complete_text`` has put in what is derived from the code."""
    _COMPLETED[name] = complete_text


@cache
def asset_path(name: str) -> str | None:
    """Return the present path of a static file below ``/assets/``, or None if there is no such file."""
    found = _content(name)
    return None if found is None else f"{hashlib.sha256(found).hexdigest()[:12]}/{name}"


def asset_url(name: str) -> str:
    """Return the URL of a static file that must exist."""
    path = asset_path(name)
    if path is None:
        raise FileNotFoundError(name)
    return f"/assets/{path}"


def asset_text(name: str) -> str:
    """Return the text of a static file that must exist."""
    found = _content(name)
    if found is None:
        raise FileNotFoundError(name)
    return found.decode("utf-8")


@blueprint.get("/assets/<digest>/<path:name>")
def asset(digest: str, name: str) -> AnyResponse:
    """Serve a static file with an unlimited cache time; redirect from the digest of an older version."""
    path = asset_path(name)
    found = _content(name)
    if path is None or found is None:
        abort(404)
    if path != f"{digest}/{name}":
        return redirect(url_for("assets.asset", digest=path.split("/", 1)[0], name=name))
    response = Response(found, mimetype=guess_type(name)[0] or "application/octet-stream")
    response.cache_control.public = True
    response.cache_control.max_age = ONE_YEAR
    response.cache_control.immutable = True
    response.set_etag(digest)
    return response.make_conditional(request)


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Answer browsers that ask for the icon by its old name."""
    return redirect(asset_url("icon.svg"))


def _content(name: str) -> bytes | None:
    """Read a static file as it is served, or None if there is no such file."""
    found = _locate(name)
    if found is None:
        return None
    content = found.read_bytes()
    return _COMPLETED[name](content.decode("utf-8")).encode("utf-8") if name in _COMPLETED else content


def _locate(name: str) -> Traversable | None:
    package, path = FOREIGN.get(name, (OURS, f"static/{name}"))
    parts = path.split("/")
    if any(part in {"", ".", ".."} or "\\" in part or part.startswith(".") for part in parts):
        return None
    found = files(package).joinpath(*parts)
    return found if found.is_file() else None
