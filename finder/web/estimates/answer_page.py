"""An answer as its page lays it out: the large amount, why it is a range, the cases, what to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from finder.coverage import Estimate, Figures, PlanOfCareEstimate
from finder.coverage import estimate as work_out
from finder.coverage.estimate.results import AMOUNTS, Amounts
from finder.coverage.rules.statements import Note
from finder.errors import FieldError, InvalidRequest
from finder.i18n import N_, Message
from finder.web.presentation.formats import money, money_range, scenario, word

Answer = Estimate | PlanOfCareEstimate
Range = tuple[Decimal, Decimal | None]
ZERO = Decimal(0)

PLACE_UNKNOWN = Note(
    "place_unknown",
    Message(
        N_(
            "We do not know what kind of place it is. A critical access hospital sets its own charges, so there you "
            "can pay more. Ask: “Are you a critical access hospital?”"
        )
    ),
    is_reason=True,
)
VISIT_UNKNOWN = Note(
    "visit_unknown",
    Message(N_("We do not know what will be done. The range goes over all the usual kinds of visit.")),
    is_reason=True,
)


@dataclass(frozen=True, slots=True)
class Case:
    """What holds if the unknown is one thing: in words, with an answer of its own."""

    label: str
    answer: Answer

    @property
    def amount(self) -> str | None:
        """What the patient pays in this case, in words; None: nobody can say."""
        return money_range(self.answer.patient_bounds) if self.answer.patient_bounds else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """An answer, and what its page says first."""

    answer: Answer
    heading: Message
    amount: str | None
    at_most: str | None
    """Where one amount is likely but more is possible: the most."""
    reasons: tuple[Note, ...]
    notes: tuple[Note, ...]
    cases: tuple[Case, ...]
    left_out: frozenset[str] = frozenset()
    """The amounts that mean nothing here: those of Part B, where a plan with a price of its own has none of them."""


def answer_to(
    request: Mapping[str, Any], alternatives: Sequence[tuple[Message, Mapping[str, Any]]], figures: Figures
) -> tuple[Answer, tuple[Case, ...]]:
    """Answer a request; where there are alternatives, answer each and lay them over one another.

    Raises InvalidRequest, also for what a program is only told in a note but a person has mistyped.
    """
    answer = work_out(request, figures)
    if mistyped := list(impossible(answer)):
        raise InvalidRequest(mistyped)
    if not alternatives:
        cases = tuple(Case(scenario(name), one) for name, one in answer.scenarios.items())
        return answer, cases
    cases = tuple(
        Case(word(Message(N_("If {one}"), {"one": label})), work_out(one, figures)) for label, one in alternatives
    )
    if all(case.answer.patient_bounds == answer.patient_bounds for case in cases):
        return answer, ()
    return lay_over(answer, [case.answer for case in cases]), cases


IMPOSSIBLE = {"deductible_above_year": "deductible_remaining"}
"""The notes that say that an amount cannot be right, each with its field of the request."""


def impossible(answer: Answer) -> Iterator[FieldError]:
    """Find the amounts of a request that cannot be right: its answer rests on a slip of the hand."""
    return (FieldError(IMPOSSIBLE[note.code], note.text) for note in answer.notes if note.code in IMPOSSIBLE)


def answer_view(
    answer: Answer, cases: tuple[Case, ...], unknown: tuple[Note, ...] = (), *, has_own_price: bool = False
) -> AnswerView:
    """Choose what the page says of an answer.

    ``unknown`` says what the page itself does not know; ``has_own_price``: the coverage does not build on Part B.
    """
    notes = _each_once((*unknown, *_all_notes(answer)))
    heading, amount, at_most = _headline(answer)
    return AnswerView(
        answer=answer,
        heading=heading,
        amount=amount,
        at_most=at_most,
        reasons=tuple(note for note in notes if note.is_reason),
        notes=tuple(note for note in notes if not note.is_reason),
        cases=cases,
        left_out=_of_part_b_alone(answer) if has_own_price else frozenset(),
    )


OF_PART_B = ("deductible_applied", "coinsurance", "excess_charge", "medicare_pays")


def _of_part_b_alone(answer: Answer) -> frozenset[str]:
    """Find the amounts of Part B that a plan with a price of its own has not: nothing, at every visit."""
    visits: Sequence[Amounts] = answer.visits if isinstance(answer, PlanOfCareEstimate) else [answer]
    return frozenset(name for name in OF_PART_B if not any(getattr(visit, name) for visit in visits))


def _headline(answer: Answer) -> tuple[Message, str | None, str | None]:
    """Return the heading, the large amount (None: nobody can say), and the most where that is more."""
    pays, bounds = answer.patient_pays, answer.patient_pays_range
    if pays is not None:
        most = bounds[1] if bounds and bounds[1] is not None and bounds[1] > pays else None
        return Message(N_("You pay about")), money(pays), money(most) if most else None
    if bounds is None or (bounds[0] == ZERO and bounds[1] is None):
        return Message(N_("Nobody can say yet what you pay")), None, None
    if bounds[1] is None:
        return Message(N_("You pay at least")), money(bounds[0]), None
    return Message(N_("You pay from")), money_range(bounds), None


def _all_notes(answer: Answer) -> Iterable[Note]:
    """Return the notes of an answer; of a course of care those of its visits too, as far as they hold for many."""
    yield from answer.notes
    if isinstance(answer, PlanOfCareEstimate):
        notes = [note for visit in answer.visits for note in visit.notes if note.code not in AT_THE_VISIT]
        lost = (note.text.arguments.get(LOSS) for note in notes)
        losses = sum((loss for loss in lost if isinstance(loss, Decimal)), ZERO)
        yield from (_with_loss(note, losses) for note in notes)


LOSS = "loss"
"""The place in a note for what Medicare's own deduction costs the patient at a visit."""


def _with_loss(note: Note, losses: Decimal) -> Note:
    """Return the notes of a course of care with what is lost over all its visits."""
    if LOSS not in note.text.arguments:
        return note
    return replace(note, text=Message(note.text.text, {**note.text.arguments, LOSS: losses}))


AT_THE_VISIT = frozenset({
    "kx_threshold_passed", "review_threshold_passed", "amounts_not_published", "thresholds_not_published",
    "yearly_amounts_unknown", "deductible_uncertain",
})  # fmt: skip
"""The notes that stand at the visit at which something happens."""


def _each_once(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return notes without repetitions; of notes about one thing with different amounts, the first."""
    by_subject = {(note.code, note.text.text, note.text.arguments.get("code")): note for note in reversed([*notes])}
    return tuple(reversed(by_subject.values()))


def lay_over(answer: Answer, others: Sequence[Answer]) -> Answer:
    """Return an answer whose only known amounts are ranges: those over some answers to the same question."""
    widened = _widened(answer, others)
    plans = [one for one in others if isinstance(one, PlanOfCareEstimate)]
    if not isinstance(widened, PlanOfCareEstimate) or not plans:
        return widened
    visits = zip(widened.visits, *(plan.visits for plan in plans), strict=True)
    return replace(
        widened,
        visits=tuple(_widened(one, same_day) if one.is_published else one for one, *same_day in visits),
        years=tuple(
            _widened(year, [other for plan in plans for other in plan.years if other.year == year.year])
            for year in widened.years
        ),
    )


Some = TypeVar("Some", bound=Amounts)


def _widened(amounts: Some, others: Sequence[Amounts]) -> Some:
    """Return amounts of which only the range over others is known."""
    unknown: Any = {**dict.fromkeys(AMOUNTS), "patient_pays_range": _widest([one.patient_bounds for one in others])}
    if isinstance(amounts, Estimate | PlanOfCareEstimate):
        unknown["scenarios"] = {}
    return replace(amounts, **unknown)


def _widest(bounds: Sequence[Range | None]) -> Range:
    """Return the range over all; an answer that nobody can give leaves the most open."""
    known = [one for one in bounds if one is not None]
    tops = [one[1] if one else None for one in bounds]
    low = min((one[0] for one in known), default=ZERO)
    return low, None if None in tops else max(top for top in tops if top is not None)
