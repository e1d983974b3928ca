"""Fields and values in words: those of edits (a record's history, its conflicts) and those of a draft's difference."""

from __future__ import annotations

from collections.abc import Mapping

from finder.directory.vocabulary.conditions import conditions, type_names
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.specialties import confirmable, evidence_names
from finder.i18n import N_, Message
from finder.records.edit_values import PLAN, EditedAddress, EditedPhone, EditField, split_answers
from finder.web.presentation.addresses import address_words
from finder.web.presentation.formats import phone, specialty_words, word
from finder.web.presentation.plan_names import plan_name
from finder.web.staff.access import blueprint

FIELDS: Mapping[str, str | Message] = {
    "name": N_("Name"),
    "credentials": N_("Credentials"),
    "location_name": N_("Name on the door"),
    "address": N_("Address"),
    "phone": N_("Phone"),
    "listing": N_("Place"),
    **{
        f"confirmed:{specialty.facet}": Message(
            N_("The clinic confirmed: {specialty}"), {"specialty": Message(specialty.plain_name)}
        )
        for specialty in confirmable()
    },
    **{f"fact:{condition.type_field}": condition.types_label for condition in conditions().values() if condition.types},
    **{f"fact:{offer.fact}": offer.name for offer in offers().values()},
}
"""The fields of edits (``finder.records.edit_values``), in words; a plan has its own name."""

VALUES = {"yes": N_("yes"), "no": N_("no"), "unknown": N_("not known"), "closed": N_("closed")}


@blueprint.app_template_filter("edited_field")
def field_words(field: str) -> str:
    """Return the name of a field; an unknown field is shown as it is."""
    about = EditField.parse(field)
    return word(plan_name(about.name)) if about.kind == PLAN else word(FIELDS.get(field, field))


@blueprint.app_template_filter("edited_value")
def value_words(value: str, field: str) -> str:
    """Write a value as a person reads it; empty where there is none."""
    if field == "address" and value:
        address = EditedAddress.parse(value)
        return address_words(address.street, address.city, address.state, address.zip)
    if field == "phone":
        edited = EditedPhone.parse(value)
        return phone(edited.number, edited.extension)
    if field in {"name", "credentials", "location_name"}:
        return value
    words = {**VALUES, **type_names(field.removeprefix("fact:"))}
    return ", ".join(word(words.get(one, one)) for one in split_answers(value))


COLUMNS = {
    "entity": N_("Therapist or clinic"),
    "name": N_("Name"),
    "credentials": N_("Credentials"),
    "location": N_("Place"),
    "street": N_("Street"),
    "city": N_("City"),
    "state": N_("State"),
    "zip": N_("ZIP code"),
    "phone": N_("Phone"),
    "phone_extension": N_("Extension"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "geocode_source": N_("Where the coordinates come from"),
}
"""The fields of a provider and of a place."""


@blueprint.app_template_filter("changed_field")
def changed_field(field: str) -> str:
    """Return the name of a field of the difference; an unknown field is shown as it is."""
    kind, _, name = field.partition(" ")
    if kind == "specialty":
        return word(Message(N_("Specialty: {name}"), {"name": specialty_words(name)}))
    if kind == "insurance":
        return word(Message(N_("Insurance: {name}"), {"name": Message(plan_name(name))}))
    if kind == "plan":
        return word(Message(N_("Name of the plan {name}"), {"name": name}))
    return word(FIELDS.get(f"fact:{name}", name) if kind == "fact" else COLUMNS.get(field, field))


@blueprint.app_template_filter("changed_value")
def changed_value(value: str, field: str) -> str:
    """Write a value of the changes; of several answers, each."""
    if not field.startswith(("specialty ", "insurance ", "fact ")):
        return value
    types = type_names(field.removeprefix("fact "))
    return " · ".join(_answer(one, types) for one in value.split(" · "))


def _answer(answer: str, types: Mapping[str, str]) -> str:
    kind, _, detail = answer.partition(": ")
    words = {**VALUES, **types, **evidence_names()}
    return ": ".join(filter(None, [word(words.get(kind, kind)), detail]))
