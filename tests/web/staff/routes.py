"""The routes of the staff pages, and who may use each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Flask

from tests.web.reading import some_npis

ANYONE = "anyone"

ROLE_OF_ENDPOINT = {
    "log_in": ANYONE,
    "check_log_in": ANYONE,
    "check_code": ANYONE,
    "new_password": ANYONE,
    "set_new_password": ANYONE,
    "log_out": "viewer",
    "my_account": "viewer",
    "change_password": "viewer",
    "log_out_everywhere": "viewer",
    "second_factor": "viewer",
    "begin": "viewer",
    "confirm": "viewer",
    "renew_codes": "viewer",
    "dashboard": "viewer",
    "template": "viewer",
    "our_table": "viewer",
    "drafts": "viewer",
    "draft": "viewer",
    "notices": "viewer",
    "notices_csv": "viewer",
    "changes_csv": "viewer",
    "releases": "viewer",
    "collections": "viewer",
    "export_as_csv": "viewer",
    "export_as_json": "viewer",
    "audit": "viewer",
    "audit_csv": "viewer",
    "records": "viewer",
    "record": "viewer",
    "queue": "viewer",
    "reports": "viewer",
    "one_report": "viewer",
    "suppressions": "viewer",
    "correct": "editor",
    "call": "editor",
    "decide": "editor",
    "close": "editor",
    "add_suppression": "editor",
    "lift_suppression": "editor",
    "rows": "viewer",
    "row": "editor",
    "mend": "editor",
    "drop": "editor",
    "withdraw_collection": "editor",
    "upload": "editor",
    "discard": "editor",
    "stage_corrections": "editor",
    "publish_draft": "publisher",
    "take_back": "publisher",
    "accounts": "admin",
    "add": "admin",
    "account": "admin",
    "set_role": "admin",
    "give_link": "admin",
    "unlock_all_networks": "admin",
    "do_to_account": "admin",
}
"""The least role for each page, written down a second time on purpose."""


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Yield (endpoint, method, address) of every route under /staff."""
    npi = some_npis(app)[0]
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/staff"):
            address = address_of(rule.rule, npi=npi)
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
                yield rule.endpoint.removeprefix("staff."), method, address


def address_of(rule: str, **parts: str) -> str:
    """Return an address of a route, with typical values for its parts."""
    values = {"token": "x" * 43, "action": "unlock", "decision": "end", **parts}
    return re.sub(r"<(?:[^:>]*:)?([a-z_]+)>", lambda part: values.get(part[1], "1"), rule)
