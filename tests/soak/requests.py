"""Hostile requests to every route, in every role, made from a source of randomness."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from tests.soak import nasty
from tests.soak.nasty import pairs, value
from tests.web.reading import parsed, some_npis
from tests.web.staff import files
from tests.web.staff.routes import address_of

METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND")

HOSTS = ("localhost", "localhost:99999", "evil.example", "x" * 300, "[::1]", "a..b", "")

FORM_PAGES = (
    "/", "/therapists?near=02139", "/estimate?zip=43210&visit=by_hand&coverage=medigap", "/estimate/course?zip=43210",
    "/my-insurance?coverage=medicare", "/display", "/listing-request", "/shortlist", "/compare?near=02139",
)  # fmt: skip

STAFF_PAGES = (
    "audit", "drafts", "drafts/1", "drafts/2", "drafts/2/notices", "drafts/2/rows", "records", "queue", "reports",
    "upload", "accounts", "accounts/1", "suppressions", "me", "releases",
)  # fmt: skip

RARE = {
    "staff.upload": 0.3, "staff.stage_corrections": 0.1, "staff.export_as_csv": 0.1, "staff.export_as_json": 0.1,
    "staff.log_out": 0.3, "staff.log_out_everywhere": 0.3, "staff.change_password": 0.3,
}  # fmt: skip
"""How often the forms that take a second, or end a session, are chosen beside all others."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request, as Werkzeug's test client takes it."""

    method: str
    path: str
    args: Sequence[tuple[str, str]]
    fields: Sequence[tuple[str, Any]]
    headers: Sequence[tuple[str, str]]
    host: str
    endpoint: str

    def options(self) -> dict[str, Any]:
        """Return the arguments of ``FlaskClient.open``."""
        options: dict[str, Any] = {
            "method": self.method, "query_string": MultiDict(self.args), "headers": list(self.headers),
            "environ_overrides": {"HTTP_HOST": self.host}, "buffered": True,
        }  # fmt: skip
        if self.fields:
            options["data"] = MultiDict(self.fields)
        return options

    def text(self) -> str:
        """Return the request in a line for people."""
        fields = [(name, field if isinstance(field, str) else "a file") for name, field in self.fields]
        return f"{self.method} {self.host}{self.path} args={list(self.args)} fields={fields} headers={self.headers}"


class Grammar:
    """Makes requests to the routes of an application; ``names``: the names of the fields of its forms."""

    def __init__(self, app: Flask, names: Sequence[str]) -> None:
        self.rules: list[Rule] = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
        self.names = sorted(names)
        self._weights = [RARE.get(rule.endpoint, 1.0) for rule in self.rules]
        self._npis = some_npis(app)

    def request(self, chance: random.Random, token: str = "") -> Request:
        """Make a request; ``token``: that of the session, sent along with most forms."""
        rule = chance.choices(self.rules, self._weights)[0]
        method = self._method(rule, chance)
        fields: list[tuple[str, Any]] = []
        if method in {"POST", "PUT", "PATCH"}:
            fields = [*self._typical(rule, chance), *pairs(chance, self.names, 6)]
            if token and chance.random() < 0.9:
                fields.append(("csrf_token", token))
        args = pairs(chance, self.names, 5 if method == "GET" else 1)
        if chance.random() < 0.25:
            args.append(("lang", chance.choice(("es", "en", "xx"))))
        return Request(
            method=method, path=self._path(rule, chance), args=args, fields=fields,
            headers=[nasty.header(chance) for _ in range(chance.choice((0, 0, 0, 1, 3)))],
            host=chance.choice(HOSTS) if chance.random() < 0.02 else "localhost", endpoint=rule.endpoint,
        )  # fmt: skip

    @staticmethod
    def _method(rule: Rule, chance: random.Random) -> str:
        if chance.random() < 0.05:
            return chance.choice(METHODS)
        return "POST" if "POST" in (rule.methods or ()) and chance.random() < 0.9 else "GET"

    def _path(self, rule: Rule, chance: random.Random) -> str:
        npi, number = chance.choice(self._npis), str(chance.choice((1, 1, 2, 3, 5)))
        parts = {"npi": npi, "slug": "medicare", **dict.fromkeys(("draft_id", "account_id", "row_id"), number)}
        parts["action"] = chance.choice(("unlock", "log-out", "deactivate", "reactivate"))
        parts["decision"] = chance.choice(("end", "keep"))
        if rule.arguments and chance.random() < 0.3:
            parts[chance.choice(sorted(rule.arguments))] = re.sub(r"[?#]", "", value(chance))
        return address_of(rule.rule, **{name: part.replace("\\", "\\\\") for name, part in parts.items()})

    def _typical(self, rule: Rule, chance: random.Random) -> list[tuple[str, Any]]:
        """Return fields that some forms need before they look at the others."""
        if rule.endpoint == "staff.upload":
            rows = [files.row(number) for number in range(chance.randint(0, 3))]
            content = chance.choice(
                (files.write(rows), files.with_faults(60), value(chance), "PK\x03\x04" + value(chance))
            )
            name = chance.choice(("visits-2026-11-19.csv", "a.zip", "b.json.gz", "c.xlsx", value(chance)[:100]))
            return [("files", (BytesIO(content.encode("utf-8", "replace")), name))]
        if chance.random() < 0.5:
            return [("npi", chance.choice(self._npis)), ("reason", value(chance)), ("kind", "wrong_phone")]
        return []


def field_names(html: str) -> set[str]:
    """Return the names of the fields of all forms of a page."""
    elements = (element for element in parsed(html).iter() if element.tag in {"input", "select", "textarea"})
    return {name for element in elements if (name := element.get("name"))} - {"csrf_token"}
