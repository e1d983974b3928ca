"""An answer as its page lays it out: the large amount, why it is a range, the cases, what to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from finder.coverage import Figures, PlanOfCareEstimate
from finder.coverage import estimate as work_out
from finder.coverage.estimate.results import AMOUNTS, Amounts, Answer
from finder.coverage.estimate.scenarios import PLACES
from finder.coverage.figures.code_names import PRESET_NAMES
from finder.coverage.rules.statements import Note
from finder.errors import FieldError, InvalidRequest
from finder.i18n import N_, Message
from finder.web.presentation.formats import money, money_range, scenario

Range = tuple[Decimal, Decimal | None]
ZERO = Decimal(0)

PLACE_AND_VISIT = ("place_unknown", "visit_unknown")
"""The notes that say that the place or the kind of visit is not known."""


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
    noted: Answer
    """The answer whose notes are shown: where the place or the kind of visit is not known, that of the first case."""
    has_own_price: bool = False
    """Whether the coverage does not build on Part B."""
    left_out: frozenset[str] = frozenset()
    """The amounts that the page does not show for the whole answer.

    Those of Part B, where a plan with a price of its own has none of them; where the place or the kind of visit is not
    known, all but what the patient pays: each case has its own.
    """


def answer_to(request: Mapping[str, Any], figures: Figures) -> Answer:
    """Answer a request. Raises InvalidRequest, also for what a program is only told in a note but a person mistyped."""
    answer = work_out(request, figures)
    if mistyped := list(impossible(answer)):
        raise InvalidRequest(mistyped)
    return _alike_in_every_case(answer)


def _alike_in_every_case(answer: Answer) -> Answer:
    """Return the answer without its scenarios if the patient pays the same in each: there is nothing to tell apart."""
    pays = {one.patient_bounds for one in answer.scenarios.values()}
    if _is_by_place_or_visit(answer) and len(pays) == 1:
        without_cases: Any = {"scenarios": {}}
        return replace(answer, **without_cases)
    return answer


def _is_by_place_or_visit(answer: Answer) -> bool:
    """Return whether the scenarios of an answer are places or kinds of visit, each with amounts of its own."""
    return any(name.startswith((*PLACES, *PRESET_NAMES)) for name in answer.scenarios)


IMPOSSIBLE = {"deductible_above_year": "deductible_remaining"}
"""The notes that say that an amount cannot be right, each with its field of the request."""


def impossible(answer: Answer) -> Iterator[FieldError]:
    """Find the amounts of a request that cannot be right: its answer rests on a slip of the hand."""
    return (FieldError(IMPOSSIBLE[note.code], note.text) for note in answer.notes if note.code in IMPOSSIBLE)


def answer_view(answer: Answer, *, has_own_price: bool = False) -> AnswerView:
    """Choose what the page says of an answer; ``has_own_price``: the coverage does not build on Part B."""
    cases = tuple(Case(scenario(name), one) for name, one in answer.scenarios.items())
    by_case = _is_by_place_or_visit(answer)
    noted = cases[0].answer if by_case else answer
    notes = _each_once((*(note for note in answer.notes if note.code in PLACE_AND_VISIT), *_all_notes(noted)))
    heading, amount, at_most = _headline(None if by_case else answer.patient_pays, answer.patient_range)
    return AnswerView(
        answer=answer,
        heading=heading,
        amount=amount,
        at_most=at_most,
        reasons=tuple(note for note in notes if note.is_reason),
        notes=tuple(note for note in notes if not note.is_reason),
        cases=cases,
        noted=noted,
        has_own_price=has_own_price,
        left_out=_left_out(answer, has_own_price=has_own_price),
    )


OF_PART_B = ("deductible_applied", "coinsurance", "excess_charge", "medicare_pays")


def _left_out(answer: Answer, *, has_own_price: bool) -> frozenset[str]:
    """Find the amounts that the page does not show for the whole answer."""
    if _is_by_place_or_visit(answer):
        return frozenset(AMOUNTS) - {"patient_pays"}
    if not has_own_price:
        return frozenset()
    visits: Sequence[Amounts] = answer.visits if isinstance(answer, PlanOfCareEstimate) else [answer]
    return frozenset(name for name in OF_PART_B if not any(getattr(visit, name) for visit in visits))


def _headline(pays: Decimal | None, bounds: Range | None) -> tuple[Message, str | None, str | None]:
    """Return the heading, the large amount (None: nobody can say), and the most where that is more."""
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
