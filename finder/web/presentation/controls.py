"""Which controls of forms ``components/field.html`` writes itself: ``{% if control is plain %}``."""

from __future__ import annotations

from flask import Flask
from wtforms import Field, RadioField, SelectFieldBase, widgets

PLAIN_WIDGETS = (widgets.TextInput, widgets.TextArea, widgets.Select, widgets.ListWidget)
OWN_ATTRIBUTES = {"class", "id", "value"}


def register(app: Flask) -> None:
    """Offer templates the test."""
    app.jinja_env.tests["plain"] = is_plain


def is_plain(control: Field) -> bool:
    """Return whether a control has nothing that only WTForms' own widgets write.

    Those write what validators ask for (``required`` …), attributes of lists, groups of
    buttons, and other inputs, such as a password,
    which is never shown again.
    """
    if type(control.widget) not in PLAIN_WIDGETS or vars(control.flags):
        return False
    own = control.render_kw or {}
    if isinstance(control, SelectFieldBase):
        is_known = isinstance(control, RadioField) or not getattr(control.widget, "multiple", False)
        return is_known and not own
    return not OWN_ATTRIBUTES & own.keys() and all(isinstance(it, str | int) and it is not True for it in own.values())
