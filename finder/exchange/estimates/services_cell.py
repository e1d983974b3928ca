"""The services of a visit in one cell of a table: ``97112*2;97530*1``.

    services = service *( ";" service )
    service  = code *( "-" modifier ) [ "*" units / ":" minutes "m" ] [ "@" charge ]

``97112-CQ:24m@60.00`` is 24 minutes of 97112 by an assistant, for which the provider charges $60.00. Spaces between the
parts mean nothing, and neither do small letters. Without units or minutes the service is one unit of an untimed code.
What the code, the units and the charge may be, the request's own rules say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from finder.errors import FieldError, InvalidRequest
from finder.i18n import N_, Message

MODIFIERS: Mapping[str, Mapping[str, object]] = {
    "GP": {"discipline": "PT"},
    "GO": {"discipline": "OT"},
    "GN": {"discipline": "SLP"},
    "CQ": {"discipline": "PT", "assistant": True},
    "CO": {"discipline": "OT", "assistant": True},
}
"""What a modifier of a claim says of a service; other modifiers change no amount that a request can know."""

_SERVICE = re.compile(
    r"""\s* (?P<code> [0-9A-Z]{1,10} ) \s* (?P<modifiers> (?: - \s* [0-9A-Z]{2} \s* )* )
    (?: \* \s* (?P<units> [0-9]{1,4} ) \s* | : \s* (?P<minutes> [0-9]{1,4} ) \s* M \s* )?
    (?: @ \s* (?P<charge> [0-9]{1,12} (?: \.[0-9]{1,2} )? ) \s* )?""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)

LONGEST_SHOWN = 40
"""Characters of a service that cannot be read, in its error."""


def read_services(cell: str) -> list[dict[str, Any]]:
    """Read a cell as the services of a request. Raises InvalidRequest with the place of each that cannot be read."""
    errors: list[FieldError] = []
    services = [_read_service(text, f"services[{index}]", errors) for index, text in enumerate(cell.split(";"))]
    if errors:
        raise InvalidRequest(errors)
    return services


def _read_service(text: str, field: str, errors: list[FieldError]) -> dict[str, Any]:
    found = _SERVICE.fullmatch(text)
    if found is None:
        errors.append(
            FieldError(
                field,
                Message(
                    N_("“{text}” is not a service. Write code*units, like 97112*2, with a semicolon between services."),
                    {"text": text.strip()[:LONGEST_SHOWN]},
                ),
            )
        )
        return {}
    service: dict[str, Any] = {"code": found["code"].upper(), **_by_modifiers(found["modifiers"], field, errors)}
    for name in ("units", "minutes"):
        if found[name]:
            service[name] = int(found[name])
    if found["charge"]:
        service["charge"] = found["charge"]
    return service


def _by_modifiers(text: str, field: str, errors: list[FieldError]) -> dict[str, object]:
    """Return the fields of a service that its modifiers say."""
    fields: dict[str, object] = {}
    for modifier in re.findall(r"\w+", text.upper()):
        says = MODIFIERS.get(modifier)
        if says is None:
            arguments = {"modifier": modifier, "known": list(MODIFIERS)}
            errors.append(FieldError(field, Message(N_("We do not know {modifier}. Use one of: {known}."), arguments)))
        elif any(fields.get(name, value) != value for name, value in says.items()):
            errors.append(FieldError(field, Message(N_("These modifiers are of two kinds of therapy."))))
        else:
            fields.update(says)
    return fields
