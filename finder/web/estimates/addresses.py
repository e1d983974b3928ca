"""The address of an estimate without what says nothing: empty answers, and usual ones that do not matter."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.datastructures import MultiDict

from finder.web.estimates.forms import USUAL
from finder.web.estimates.groups import matters
from finder.web.links import Pairs

KEPT_EMPTY = frozenset({"zip", "date", "start", "weeks", "dates", "deductible_left", "fee"})
"""What may be missed if it is left empty: the form says so at its place."""


def shorter(form: Any) -> str | None:
    """Give the shorter address of the present question, or None where it is as short as can be."""
    pairs = list(request.args.items(multi=True))
    kept = telling(form, request.args)
    return f"{request.path}?{urlencode(kept)}" if len(kept) < len(pairs) else None


def telling(form: Any, asked: MultiDict[str, str]) -> Pairs:
    """Give the answers that say something."""
    return [(name, value) for name, value in asked.items(multi=True) if _tells(form, asked, name, value)]


def _tells(form: Any, asked: MultiDict[str, str], name: str, value: str) -> bool:
    if row := re.fullmatch(r"services-([0-9]+)-\w+", name):
        parts = ("code", "units", "minutes", "charge")
        return bool(value) and any(asked.get(f"services-{row[1]}-{part}") for part in parts)
    if not value:
        return name in KEPT_EMPTY and name in form and matters(form, name)
    return value != USUAL.get(name) or (name in form and matters(form, name))
