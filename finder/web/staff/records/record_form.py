"""The form of one record: what is in force in each field, and what was changed in it, as edits know it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from finder.directory.provider import PracticeLocation
from finder.directory.vocabulary.conditions import type_names
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.payers import payers
from finder.directory.vocabulary.specialties import confirmable
from finder.errors import FinderError
from finder.intake.cleaning.fields import clean_phone, clean_state, clean_zip, collapse
from finder.places.gazetteer import Gazetteer
from finder.places.states import states
from finder.records.casework.edits import Change
from finder.records.edit_values import (
    CLOSED,
    CONFIRMED,
    FACT,
    LISTING,
    PLAN,
    UNKNOWN,
    YES,
    EditedAddress,
    EditedPhone,
    EditField,
    join_answers,
    split_answers,
)
from finder.records.tables.casework import Edit
from finder.web.http.language import gettext
from finder.web.presentation.formats import phone, word
from finder.web.staff.records.edit_formats import field_words
from finder.web.staff.records.record_view import Record

CONFIRMATIONS = {
    specialty.facet: specialty.condition.type_field if specialty.condition and specialty.condition.types else ""
    for specialty in confirmable()
}
"""What a clinic can confirm on the telephone, each with the field of the types that it can name, if there are any."""

TYPE_FIELDS = tuple(filter(None, CONFIRMATIONS.values()))

ANSWERS = {offer.fact: offer.name for offer in offers().values()}
"""Facts of a place that are yes or no: their names, by the names that the sources give them."""

MAY_BE_EMPTY = {"credentials", "location_name", "phone"}
"""The fields in which nothing is an answer, too."""


class PlaceForm(Form):
    """One practice location."""

    location_name = StringField(lazy_gettext("Name on the door"), render_kw={"maxlength": 200})
    street = StringField(lazy_gettext("Street"), [InputRequired(lazy_gettext("Type the street."))])
    city = StringField(lazy_gettext("City"), [InputRequired(lazy_gettext("Type the city."))])
    state = StringField(lazy_gettext("State"), render_kw={"maxlength": 20})
    zip = StringField(lazy_gettext("ZIP code"), render_kw={"maxlength": 10, "inputmode": "numeric"})
    phone = StringField(lazy_gettext("Phone"), render_kw={"maxlength": 40, "inputmode": "tel"})
    closed = BooleanField(lazy_gettext("Closed: nobody is seen here any more"))

    def validate_state(self, field: StringField) -> None:
        """Want a state."""
        if clean_state(field.data or "").value not in states():
            raise ValidationError(lazy_gettext("Use the two letters of the state."))

    def validate_zip(self, field: StringField) -> None:
        """Want a ZIP code."""
        if not clean_zip(field.data or "").value:
            raise ValidationError(lazy_gettext("Use the five digits of the ZIP code."))

    def validate_phone(self, field: StringField) -> None:
        """Want a telephone number, or none."""
        if clean_phone(field.data or "").finding:
            raise ValidationError(lazy_gettext("Use ten digits with the area code."))


for _fact, _name in ANSWERS.items():
    setattr(PlaceForm, _fact, SelectField(lazy_gettext(_name), choices=lambda: _answers("", "yes", "no")))

for _plan, _name in payers().items():
    _field = SelectField(lazy_gettext(_name), choices=lambda: _answers("unknown", "yes", "no"))
    setattr(PlaceForm, f"plan_{_plan}", _field)


class RecordForm(Form):
    """All of one record that staff can change."""

    version = HiddenField()
    name = StringField(lazy_gettext("Name"), [InputRequired(lazy_gettext("Type the name.")), Length(max=200)])
    credentials = StringField(lazy_gettext("Credentials"), [Length(max=200)])
    note = StringField(
        lazy_gettext("How do you know?"),
        [InputRequired(lazy_gettext("Say how you know, for the next person: “called, spoke to the front desk”.")),
         Length(max=200)],
        description=lazy_gettext("Kept in the history of the record. Nothing about patients."),
        render_kw={"maxlength": 200},
    )  # fmt: skip
    places = FieldList(FormField(PlaceForm))


def _type_choices(type_field: str) -> dict[str, str]:
    return {kind: word(words) for kind, words in type_names(type_field).items()}


for _facet in CONFIRMATIONS:
    setattr(RecordForm, _facet, BooleanField())

for _type_field in TYPE_FIELDS:
    _types = SelectMultipleField(
        choices=partial(_type_choices, _type_field),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    setattr(RecordForm, _type_field, _types)


def record_form(record: Record, sent: MultiDict[str, str] | None = None) -> RecordForm:
    """Make the form, with what is in force in its fields, or with what was sent."""
    form = RecordForm(sent, data=_values(record))
    for facet in CONFIRMATIONS:
        form[facet].label.text = field_words(f"confirmed:{facet}")
    for name in TYPE_FIELDS:
        form[name].label.text = field_words(f"fact:{name}")
    for location, place in zip(record.provider.locations, form.places, strict=False):
        if not _address_in_force(record, location.location_key).street:
            _may_be_left_out(place.form.street)
    return form


def _may_be_left_out(field: StringField) -> None:
    """Ask no more of a correction than the sources know: a telephone number can be mended where no street is known."""
    field.validators = []
    field.flags.required = False


class SourceSaysSo(FinderError):
    """A source says so, and we cannot say that nobody did. Choose another answer, or leave it as it was."""


def changes(record: Record, form: RecordForm) -> list[Change]:
    """Return the fields with a new value."""
    return [
        Change(field=field, value=value, before=record.published(field, key), location_key=key)
        for key, field, value in _differing(record, form)
        if value or field in MAY_BE_EMPTY
    ]


def withdrawn(record: Record, form: RecordForm) -> list[Edit]:
    """Return the edits whose answer was removed, so that the sources count again. Raises SourceSaysSo."""
    found = []
    for key, field, value in _differing(record, form):
        if not value and field not in MAY_BE_EMPTY:
            edit = record.edit(field, key)
            if edit is None:
                raise SourceSaysSo
            found.append(edit)
    return found


def _differing(record: Record, form: RecordForm) -> Iterator[tuple[str, str, str]]:
    """Return (location key, field, value sent) where that is not the value in force."""
    values = [("", *pair) for pair in _provider_fields(form)]
    for location, place in zip(record.provider.locations, form.places, strict=False):
        values += [(location.location_key, *pair) for pair in _place_fields(record, location, place.form)]
    for key, field, value in values:
        if value != (record.in_force(field, key) or _nothing(field)):
            yield key, field, value


def knows_zip(form: RecordForm, gazetteer: Gazetteer) -> bool:
    """Return whether every ZIP code is known; put an error at the field of each that is not."""
    known = True
    for place in form.places:
        field = place.form.zip
        if gazetteer.centroid(clean_zip(field.data or "").value) is None:
            field.errors = [*field.errors, lazy_gettext("We do not know this ZIP code. Check the five digits.")]
            known = False
    return known


def _provider_fields(form: RecordForm) -> Iterator[tuple[str, str]]:
    yield "name", collapse(form.name.data or "")
    yield "credentials", collapse(form.credentials.data or "")
    for facet in CONFIRMATIONS:
        yield str(EditField(CONFIRMED, facet)), YES if form[facet].data else ""
    for name in TYPE_FIELDS:
        yield str(EditField(FACT, name)), join_answers(form[name].data or [])


def _place_fields(record: Record, location: PracticeLocation, form: PlaceForm) -> Iterator[tuple[str, str]]:
    number, extension, _ = clean_phone(form.phone.data or "")
    address = EditedAddress(
        street=collapse(form.street.data or ""),
        city=collapse(form.city.data or ""),
        state=clean_state(form.state.data or "").value,
        zip=_zip(form.zip.data or "", _address_in_force(record, location.location_key).zip),
    )
    yield "location_name", collapse(form.location_name.data or "")
    yield "address", str(address)
    yield "phone", str(EditedPhone(number, extension))
    for name in ANSWERS:
        yield str(EditField(FACT, name)), form[name].data or ""
    yield LISTING, CLOSED if form.closed.data else ""
    for plan in payers():
        yield str(EditField(PLAN, plan)), form[f"plan_{plan}"].data or ""


def _address_in_force(record: Record, key: str) -> EditedAddress:
    return EditedAddress.parse(record.in_force("address", key))


def _values(record: Record) -> dict[str, Any]:
    """Return what is in force, under the names of the form."""
    return {
        "version": record.version,
        "name": record.in_force("name"),
        "credentials": record.in_force("credentials"),
        **{facet: record.in_force(str(EditField(CONFIRMED, facet))) == YES for facet in CONFIRMATIONS},
        **{
            name: [kind for kind in split_answers(record.in_force(str(EditField(FACT, name)))) if kind]
            for name in TYPE_FIELDS
        },
        "places": [_place_values(record, place.location_key) for place in record.provider.locations],
    }


def _place_values(record: Record, key: str) -> dict[str, Any]:
    edited = EditedPhone.parse(record.in_force("phone", key))
    address = _address_in_force(record, key)
    return {
        **asdict(address),
        "zip": address.zip[:5],
        "location_name": record.in_force("location_name", key),
        "phone": phone(edited.number, edited.extension) if edited.number else "",
        **{name: record.in_force(str(EditField(FACT, name)), key) for name in ANSWERS},
        "closed": record.in_force(LISTING, key) == CLOSED,
        **{f"plan_{plan}": record.in_force(str(EditField(PLAN, plan)), key) or UNKNOWN for plan in payers()},
    }


def _zip(typed: str, was: str) -> str:
    """Read a ZIP code; the four digits behind it, which the form does not show, stay if the five do."""
    clean = clean_zip(typed).value
    return was if was[:5] == clean[:5] else clean


def _nothing(field: str) -> str:
    """Return the value that equals no answer: a plan that nobody asked about is unknown."""
    return UNKNOWN if EditField.parse(field).kind == PLAN else ""


def _answers(*values: str) -> dict[str, str]:
    words = {
        "": gettext("not stated"),
        "unknown": gettext("not known"),
        "yes": gettext("yes"),
        "no": gettext("no"),
    }
    return {value: words[value] for value in values}
