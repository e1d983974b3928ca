"""Which language a page is in: the one in its address (``?lang=es``), else the one the browser prefers. No cookie."""

from __future__ import annotations

import flask_babel
from flask import Flask, Response, g, has_request_context, request, url_for

from finder.i18n import LANGUAGES, TRANSLATIONS, catalogue
from finder.web.links import address, carry, changed

NAMES = {"en": "English", "es": "Español"}
"""Each language in its own words, for the link that leads to it."""


def register(app: Flask) -> None:
    """Let pages be written in the reader's language, and links keep the language that was chosen."""
    flask_babel.Babel(app, locale_selector=language, default_translation_directories=str(TRANSLATIONS))
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    carry(app, "lang", lambda: chosen() or "")
    app.after_request(tell_language)
    app.context_processor(lambda: {"language": language(), "chosen_language": chosen(), "other_languages": others()})


def language() -> str:
    """Give the language of the present page; outside of a request it is that of the sources."""
    if not has_request_context():
        return LANGUAGES[0]
    found: str | None = g.get("language")
    if found is None:
        found = g.language = chosen() or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    return found


def chosen() -> str | None:
    """Give the language that the address names, if it names one of ours."""
    asked = request.args.get("lang")
    return asked if asked in LANGUAGES else None


def others() -> list[tuple[str, str, str]]:
    """Give the other languages as (code, own name, address of this page in it)."""
    return [(code, NAMES[code], _here(code)) for code in LANGUAGES if code != language()]


def tell_language(response: Response) -> Response:
    """Say the language of a page, and to caches that it depends on what the browser prefers."""
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Language", language())
        response.vary.add("Accept-Language")
    return response


def _here(code: str) -> str:
    """Give the address of this page in a language; a page that does not exist leads home."""
    if request.endpoint is None or request.method not in {"GET", "HEAD"}:
        return url_for("search.home", lang=code)
    return address(request.endpoint, changed(request.args, lang=code), **(request.view_args or {}))


def gettext(sentence: str, **values: object) -> str:
    """Say a sentence in the language of the page, ``%(name)s`` filled in."""
    return _gettext(sentence) % values


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """Say a sentence about one or many in the language of the page; ``%(num)s`` is the count."""
    return _ngettext(one, many, count) % {"num": count, **values}


def _gettext(sentence: str) -> str:
    # The catalogue itself, not through Flask-Babel: a page of results says three hundred sentences.
    return catalogue(language()).gettext(sentence)


def _ngettext(one: str, many: str, count: int) -> str:
    return catalogue(language()).ngettext(one, many, count)
