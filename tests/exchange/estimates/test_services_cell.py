"""The services of a visit in one cell of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.errors import InvalidRequest
from finder.exchange.estimates.services_cell import MODIFIERS, read_services

SERVICES = st.fixed_dictionaries(
    {"code": st.from_regex(r"[0-9A-Z]{5}", fullmatch=True), "modifier": st.sampled_from(["", *MODIFIERS])},
    optional={
        "measure": st.tuples(st.sampled_from(["units", "minutes"]), st.integers(1, 1440)),
        "charge": st.decimals(0, 999_999, places=2).map(str),
    },
)


def written(services: Sequence[Mapping[str, Any]], space: str) -> str:
    """Write services as a person does, with spaces wherever."""
    return ";".join(space.join(filter(None, pieces(service))) for service in services)


def pieces(service: Mapping[str, Any]) -> list[str]:
    kind, count = service.get("measure", ("", 0))
    measure = {"": "", "units": f"*{count}", "minutes": f":{count}m"}[kind]
    modifier, charge = service["modifier"], service.get("charge")
    return [service["code"], modifier and f"-{modifier}", measure, f"@{charge}" if charge else ""]


def as_fields(service: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a request that such a service is."""
    fields = {"code": service["code"], **MODIFIERS.get(service["modifier"], {})}
    if "measure" in service:
        fields[service["measure"][0]] = service["measure"][1]
    return fields | ({"charge": service["charge"]} if "charge" in service else {})


@given(st.lists(SERVICES, min_size=1, max_size=5), st.sampled_from(["", " ", "\t"]))
def test_what_is_written_is_read_again(services: list[dict[str, Any]], space: str) -> None:
    assert read_services(written(services, space)) == [as_fields(service) for service in services]


def test_the_services_of_the_contract() -> None:
    assert read_services("97112*2;97530*1") == [{"code": "97112", "units": 2}, {"code": "97530", "units": 1}]
    assert read_services("97112-gp-cq:24m@60.00") == [
        {"code": "97112", "minutes": 24, "charge": "60.00", "discipline": "PT", "assistant": True}
    ]


@pytest.mark.parametrize(
    ("cell", "fields", "words"),
    [
        ("97112*2;;97530", ["services[1]"], "“” is not a service"),
        ("97112 2", ["services[0]"], "is not a service"),
        ("97112*two;97530*1;97112:24", ["services[0]", "services[2]"], "is not a service"),
        ("97112-59", ["services[0]"], "We do not know 59. Use one of: GP, GO, GN, CQ, CO."),
        ("97530;97112-GO-CQ", ["services[1]"], "two kinds of therapy"),
        ("97112@-5", ["services[0]"], "is not a service"),
        ("９７１１２*２", ["services[0]"], "is not a service"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(cell: str, fields: list[str], words: str) -> None:
    with pytest.raises(InvalidRequest, match=r"services\[") as refused:
        read_services(cell)
    assert [error.field for error in refused.value.errors] == fields
    assert words in str(refused.value)


@given(st.text(max_size=60))
def test_no_text_breaks_it(cell: str) -> None:
    with suppress(InvalidRequest):
        assert all(service["code"] for service in read_services(cell))
