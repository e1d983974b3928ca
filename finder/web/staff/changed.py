"""What a draft would change, in words: the fields and values of ``directory.release.difference``."""

from __future__ import annotations

from finder.directory.vocabulary.neuropathy_types import neuropathy_types
from finder.directory.vocabulary.specialties import evidence_names
from finder.i18n import N_, Message
from finder.web.plans import plan_name
from finder.web.staff.edited import FIELDS, VALUES
from finder.web.staff.room import blueprint
from finder.web.words import specialty_words, word

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
    """Name a field of the changes; one that we do not know is shown as it is."""
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
    return " · ".join(_answer(one) for one in value.split(" · "))


def _answer(answer: str) -> str:
    kind, _, detail = answer.partition(": ")
    words = VALUES | neuropathy_types() | evidence_names()
    return ": ".join(filter(None, [word(words.get(kind, kind)), detail]))
