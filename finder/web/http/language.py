"""Which language a page is in: the one in its address (``?lang=es``), else the one the browser prefers. No cookie."""

from __future__ import annotations

from contextvars import ContextVar
from functools import lru_cache

import flask_babel
from flask import Flask, Response, has_request_context, request, url_for
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from finder.i18n import KNOWN_LANGUAGES, LANGUAGES, TRANSLATIONS, catalogue
from finder.web.http.urls import address, carry, changed


def register(app: Flask) -> None:
    """Write pages in the reader's language, and make links keep the language that was chosen."""
    flask_babel.Babel(app, locale_selector=language, default_translation_directories=str(TRANSLATIONS))
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    # In place of Jinja’s own, which go through the context of the template and back, three hundred times a page.
    app.jinja_env.globals.update(_=_say, gettext=_say, ngettext=_say_count)
    app.before_request(_remember)
    app.teardown_request(_forget)
    carry(app, "lang", lambda: chosen() or "")
    app.after_request(tell_language)
    app.context_processor(lambda: {"language": language(), "chosen_language": chosen(), "other_languages": others()})


def language() -> str:
    """Return the language of the present page; outside of a request it is that of the sources."""
    return _LANGUAGE.get() or _find()


_LANGUAGE: ContextVar[str | None] = ContextVar("language", default=None)
"""The language of the request that is being answered: asked for at every sentence, so found once."""


def _remember() -> None:
    _LANGUAGE.set(_find())


def _forget(_error: BaseException | None) -> None:
    _LANGUAGE.set(None)


def _find() -> str:
    if not has_request_context():
        return LANGUAGES[0]
    return chosen() or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def chosen() -> str | None:
    """Return the language that the address names, if it is a language of the product."""
    code = request.args.get("lang")
    return code if code in LANGUAGES else None


def others() -> list[tuple[str, str, str]]:
    """Return the other languages as (code, own name, address of this page in it)."""
    return [(code, KNOWN_LANGUAGES[code].name, _here(code)) for code in LANGUAGES if code != language()]


def tell_language(response: Response) -> Response:
    """Declare the language of a page, and to caches that it depends on what the browser prefers."""
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Language", language())
        response.vary.add("Accept-Language")
    return response


def _here(code: str) -> str:
    """Return the address of this page in a language; a page that does not exist leads home."""
    if request.endpoint is None or request.method not in {"GET", "HEAD"}:
        return url_for("search.home", lang=code)
    return address(request.endpoint, changed(request.args, lang=code), **(request.view_args or {}))


def gettext(sentence: str, **values: object) -> str:
    """Translate a sentence into the language of the page, ``%(name)s`` filled in."""
    return _gettext(sentence) % values


def lazy_gettext(sentence: str) -> LazyString:
    """Return a sentence that is translated when it is written, for the labels of forms."""
    return LazyString(_gettext, sentence)


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """Translate a sentence with a singular and a plural into the language of the page; ``%(num)s`` is the count."""
    return _ngettext(one, many, count) % {"num": count, **values}


def _say(sentence: str, /, **values: object) -> Markup:
    if not values:
        return _plain_sentence(sentence, language())
    return Markup(_gettext(sentence)) % values  # noqa: S704  # our own sentences; the values are escaped


@lru_cache(maxsize=4096)
def _plain_sentence(sentence: str, tongue: str) -> Markup:
    return Markup(catalogue(tongue).gettext(sentence)) % {}  # noqa: S704  # ``%%`` becomes ``%``


def _say_count(one: str, many: str, num: int, /, **values: object) -> Markup:
    return Markup(_ngettext(one, many, num)) % {"num": num, **values}  # noqa: S704


def _gettext(sentence: str) -> str:
    # The catalogue itself, not through Flask-Babel: a page of results says three hundred sentences.
    return catalogue(language()).gettext(sentence)


def _ngettext(one: str, many: str, count: int) -> str:
    return catalogue(language()).ngettext(one, many, count)
