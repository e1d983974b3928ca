"""What was edited, in words: the name of a field and its value, for the history of a record and its contradictions."""

from __future__ import annotations

import json

from finder.directory.vocabulary.neuropathy_types import neuropathy_types
from finder.directory.vocabulary.offers import offers
from finder.i18n import N_
from finder.web.plans import plan_name
from finder.web.staff.room import blueprint
from finder.web.whereabouts import address_words
from finder.web.words import phone, word

FIELDS = {
    "name": N_("Name"),
    "credentials": N_("Credentials"),
    "location_name": N_("Name on the door"),
    "address": N_("Address"),
    "phone": N_("Phone"),
    "listing": N_("Place"),
    "confirmed:neurologic": N_("The clinic confirmed: neurologic physical therapy"),
    "confirmed:treats_neuropathy": N_("The clinic confirmed: treats neuropathy"),
    "fact:neuropathy_type": N_("Types of neuropathy that they named"),
    **{f"fact:{offer.fact}": offer.name for offer in offers().values()},
}
"""The fields of edits (``finder.records.casework.edits``), in words; a plan has its own name."""

VALUES = {"yes": N_("yes"), "no": N_("no"), "unknown": N_("not known"), "closed": N_("closed")}


@blueprint.app_template_filter("edited_field")
def field_words(field: str) -> str:
    """Name a field; one that we do not know is shown as it is."""
    kind, _, name = field.partition(":")
    return word(plan_name(name)) if kind == "plan" else word(FIELDS.get(field, field))


@blueprint.app_template_filter("edited_value")
def value_words(value: str, field: str) -> str:
    """Write a value as a person reads it; empty where there is none."""
    if field == "address" and value:
        address = json.loads(value)
        return address_words(address["street"], address["city"], address["state"], address["zip"])
    if field == "phone":
        number, _, extension = value.partition(" x")
        return phone(number, extension)
    if field in {"name", "credentials", "location_name"}:
        return value
    words = VALUES | neuropathy_types()
    return ", ".join(word(words.get(one, one)) for one in value.split("\n"))
