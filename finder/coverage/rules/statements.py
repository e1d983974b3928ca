"""The statements of an estimate besides its amounts: steps explain amounts, notes qualify them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from finder.coverage.figures.fee_schedule import Citation
from finder.coverage.figures.parameters import Certainty, Value
from finder.i18n import N_, Message

NOTHING_ALLOWED = N_("Medicare allows nothing for this visit.")
"""The step of a visit of which Medicare covers no service that is billed by itself."""


@dataclass(frozen=True, slots=True)
class Step:
    """One amount, explained: a plain sentence, the formula with its numbers, the figure used and its source."""

    text: Message
    amount: Decimal | None
    formula: Message | None = None
    parameter: str | None = None
    source: str | None = None
    certainty: Certainty | None = None

    @classmethod
    def by(cls, value: Value, text: Message, amount: Decimal | None, formula: Message | None = None) -> Step:
        """Return a step that rests on a dated figure."""
        return cls(text, amount, formula, value.parameter, value.source, value.certainty)

    @classmethod
    def from_table(
        cls, name: str, citation: Citation, text: Message, amount: Decimal | None, formula: Message | None = None
    ) -> Step:
        """Return a step that rests on a table, such as the relative values."""
        return cls(text, amount, formula, name, citation.source, citation.certainty)


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about the estimate, with a stable code, and the figure in it if there is one."""

    code: str
    text: Message
    figure: Value | None = None
    is_reason: bool = False
    """Whether it says why the amount is what it is, so that it belongs directly under the amount."""
