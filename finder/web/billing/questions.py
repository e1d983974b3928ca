"""What the forms of these pages share: an error at its question, and what is left of the deductible."""

from __future__ import annotations

from wtforms import Field, Form

from finder.coverage.figures.figures import Figures
from finder.i18n import Message
from finder.pricing.requests import whole_deductible
from finder.web.estimates.questions.fields import amount_of
from finder.web.presentation.formats import word


def put_error(field: Field, message: Message | str, number: int = 0) -> tuple[str, str]:
    """Put an error at its question, once; return the id of its first control, and words for the list above the form.

    ``number`` is that of the line that the question is about, 0 for none.
    """
    sentence = word(message)
    if sentence not in field.errors:
        field.errors = [*field.errors, sentence]
    label = f"{number}. {field.label.text}" if number else field.label.text
    control = f"{field.id}-0" if field.type == "RadioField" else str(field.id)
    return control, f"{label} {sentence}" if label.endswith("?") else f"{label}: {sentence}"


def deductible_remaining(form: Form, day: str, figures: Figures) -> str | None:
    """Return what is left of the Part B deductible, by the questions ``deductible`` and ``deductible_left``."""
    match form["deductible"].data:
        case "met":
            return "0.00"
        case "full":
            return whole_deductible(day, figures)
        case "part":
            return amount_of(form["deductible_left"]) or ""
        case _:
            return "unknown"
