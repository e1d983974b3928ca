"""The page of a record, and its form as a browser sends it."""

from __future__ import annotations

from tests.web.reading import parsed
from tests.web.staff import files
from tests.web.staff.office import StaffMember

NPI = files.npi(1)

RECORD = f"/staff/records/{NPI}"


def form_of(member: StaffMember, address: str = RECORD) -> dict[str, str | list[str]]:
    """Return the first form of a page as a browser would send it unchanged."""
    form = next(
        one for one in parsed(member.get(address).text).iter("form") if one.find(".//input[@name='note']") is not None
    )
    values: dict[str, str | list[str]] = {}
    for field in form.iter("input"):
        if field.get("type") == "checkbox" and field.get("checked") is None:
            continue
        values[field.get("name", "")] = field.get("value") or ""
    for select in form.iter("select"):
        chosen = next((one for one in select.iter("option") if one.get("selected") is not None), None)
        chosen = chosen if chosen is not None else next(select.iter("option"))
        values[select.get("name", "")] = chosen.get("value") or ""
    return values | {"note": "called, spoke to the front desk"}
