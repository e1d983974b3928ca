"""The controls that the template writes itself are those that WTForms would write."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from flask import Flask, get_template_attribute
from werkzeug.datastructures import MultiDict
from wtforms import (
    Field,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
)

from finder.web.presentation.controls import is_plain
from tests.web.reading import parsed

HOSTILE = """<b>"a" & 'b'</b>"""
CHOICES = {"": "none", "a&b": "A < B", "c": "C"}
GROUPED = {"": "none", '"One"': {"a&b": "A"}, "Two": {"c": "C"}}


class Plain(Form):
    line = StringField("A line")
    attributes = StringField("A number", render_kw={"inputmode": "numeric", "maxlength": 4, "autocomplete": "off"})
    day = StringField("A day", description="A hint", render_kw={"type": "date"})
    lines = TextAreaField("Lines", render_kw={"rows": 5})
    one_of = SelectField("One of", choices=CHOICES)
    grouped = SelectField("One of groups", choices=GROUPED)
    radio = RadioField("One of them", description="A hint", choices=CHOICES)


class Special(Form):
    password = PasswordField("A password")
    needed = StringField("Needed", validators=[validators.InputRequired()])
    own_class = StringField("With a class", render_kw={"class": "wide"})
    several = SelectMultipleField("Several", choices=CHOICES)
    readonly = StringField("Not to be changed", render_kw={"readonly": True})


def controls(html: str) -> list[tuple[str, dict[str, str], str]]:
    """Return the controls of a piece of HTML with their attributes, options and groups too."""
    names = ("input", "select", "textarea", "option", "optgroup")
    found: list[Element] = [one for one in parsed(f"<html><body>{html}</body></html>").iter() if one.tag in names]
    return [(one.tag, dict(one.attrib), (one.text or "").strip()) for one in found]


def by_wtforms(field: Field, described: str) -> str:
    if isinstance(field, RadioField):
        return "".join(choice(class_="form-check-input") for choice in field)
    invalid = {"aria-invalid": "true", "autofocus": True} if field.errors else {}
    attributes = {"aria-describedby": described} if described else {}
    kind = "form-select" if field.type == "SelectField" else "form-control"
    return str(field(class_=kind + (" is-invalid" if field.errors else ""), **attributes, **invalid))


@pytest.mark.parametrize("answer", [None, "", "a&b", HOSTILE])
@pytest.mark.parametrize("is_wrong", [False, True])
@pytest.mark.parametrize("kind", [Plain, Special])
def test_a_control_is_what_wtforms_writes(app: Flask, kind: type[Form], answer: str | None, *, is_wrong: bool) -> None:
    form = kind(MultiDict({name: answer for name in vars(kind()) if answer is not None}))
    with app.test_request_context():
        macro = get_template_attribute("components/field.html", "field")
        for field in form:
            field.errors = ["Wrong"] if is_wrong else []
            described = " ".join(
                [*([f"{field.id}-hint"] if field.description else []), *([f"{field.id}-error"] if is_wrong else [])]
            )
            assert controls(macro(field, focus=True)) == controls(by_wtforms(field, described)), field.name


def test_what_only_wtforms_can_write_is_left_to_it() -> None:
    assert [field.name for field in Plain() if not is_plain(field)] == []
    assert [field.name for field in Special() if is_plain(field)] == []
