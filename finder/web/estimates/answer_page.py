"""An answer as its page lays it out: the large amount, why it is a range, the cases, what to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from finder.coverage import Figures, PlanOfCareEstimate
from finder.coverage import estimate as work_out
from finder.coverage.basics.vocabulary import LineStatus
from finder.coverage.estimate.notes import INSURANCE_UNKNOWN
from finder.coverage.estimate.results import AMOUNTS, Amounts, Answer
from finder.coverage.estimate.scenarios import PLACES
from finder.coverage.figures.code_names import PRESET_NAMES
from finder.coverage.rules.statements import Note
from finder.errors import FieldError, InvalidRequest
from finder.i18n import N_, Message
from finder.web.estimates.questions.possible_kinds import POSSIBLE_KINDS
from finder.web.estimates.therapy_counters import PoolYear, pool_years
from finder.web.presentation.formats import money, money_range, scenario, word

Range = tuple[Decimal, Decimal | None]
ZERO = Decimal(0)

PLACE_AND_VISIT = ("place_unknown", "visit_unknown")
"""The notes that say that the place or the kind of visit is not known."""

NOT_COVERED = ("not_covered", "not_covered_ask")
"""The notes about services that Medicare does not cover: they stand before the price."""

AFTER_OTHER_CARE = ("covered_after_other_care",)
"""The notes about services that Medicare covers only after other care: they stand before the price too."""

STAND_IN = ("stand_in", "new_deductible")
"""The notes about visits without figures at the last known amounts: they have a part of their own."""

ELSEWHERE = frozenset({*NOT_COVERED, *AFTER_OTHER_CARE, *STAND_IN})
"""The notes that stand neither below the amount nor among the others."""


@dataclass(frozen=True, slots=True)
class Case:
    """What holds if the unknown is one thing: in words, with an answer of its own."""

    label: str
    answer: Answer
    ask: str = ""
    """The question whose answer gives the figure (a catalog id), where the insurance is not known."""

    @property
    def amount(self) -> str | None:
        """What the patient pays in this case, in words; None: nobody can say."""
        bounds = self.answer.patient_bounds
        says_nothing = bounds is None or (bool(self.ask) and bounds == (ZERO, None))
        return None if bounds is None or says_nothing else money_range(bounds)


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
    not_covered: tuple[Note, ...]
    """What Medicare does not cover in any of the cases, and what to ask for."""
    after_other_care: tuple[Note, ...]
    """What Medicare covers only after other care."""
    cases: tuple[Case, ...]
    noted: Answer
    """The answer whose notes are shown: where the place or the kind of visit is not known, that of the first case."""
    has_own_price: bool = False
    """Whether the coverage does not build on Part B."""
    pool_years: tuple[PoolYear, ...] = ()
    """Where the therapy of each year stands against the thresholds."""
    by_kind: bool = False
    """Whether the insurance is not known, so that the cases are the kinds of it."""
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


def _is_by_kind(answer: Answer) -> bool:
    """Return whether the scenarios of an answer are the kinds of insurance."""
    return any(note.code == INSURANCE_UNKNOWN.code for note in answer.notes)


def _cases(answer: Answer) -> tuple[Case, ...]:
    """Return what the unknown may be: the kinds of insurance, or places, visits, therapists."""
    if _is_by_kind(answer):
        kinds = {name: kind for name, kind in POSSIBLE_KINDS.items() if name in answer.scenarios}
        return tuple(Case(word(kind.name), answer.scenarios[name], kind.ask) for name, kind in kinds.items())
    return tuple(Case(scenario(name), one) for name, one in answer.scenarios.items())


IMPOSSIBLE = {"deductible_above_year": "deductible_remaining"}
"""The notes that say that an amount cannot be right, each with its field of the request."""


def impossible(answer: Answer) -> Iterator[FieldError]:
    """Find the amounts of a request that cannot be right: its answer rests on a slip of the hand."""
    return (FieldError(IMPOSSIBLE[note.code], note.text) for note in answer.notes if note.code in IMPOSSIBLE)


def answer_view(
    answer: Answer, figures: Figures, *, has_own_price: bool = False, said_first: tuple[Note, ...] = ()
) -> AnswerView:
    """Choose what the page says of an answer.

    ``has_own_price``: the coverage does not build on Part B. ``said_first``: notes that stand before its own.
    """
    cases, by_kind = _cases(answer), _is_by_kind(answer)
    by_case = by_kind or _is_by_place_or_visit(answer)
    noted = cases[0].answer if by_case and not by_kind else answer
    notes = _each_once((*(note for note in answer.notes if note.code in PLACE_AND_VISIT), *_all_notes(noted)))
    notes = (*said_first, *notes)
    of_any_case = _each_once(_notes_of_cases(answer))
    heading, amount, at_most = _headline(None if by_case else answer.patient_pays, answer.patient_range)
    if by_kind and answer.patient_range:
        heading, amount = Message(N_("It depends on your insurance: from")), money(answer.patient_range[0])
    return AnswerView(
        answer=answer,
        heading=heading,
        amount=amount,
        at_most=at_most,
        reasons=tuple(note for note in notes if note.is_reason and note.code not in ELSEWHERE),
        notes=tuple(note for note in notes if not note.is_reason and note.code not in ELSEWHERE),
        not_covered=tuple(note for note in of_any_case if note.code in NOT_COVERED),
        after_other_care=tuple(note for note in of_any_case if note.code in AFTER_OTHER_CARE),
        cases=cases,
        noted=noted,
        has_own_price=has_own_price,
        pool_years=() if by_kind else tuple(pool_years(answer, figures)),
        by_kind=by_kind,
        left_out=_left_out(answer, has_own_price=has_own_price),
    )


def has_uncovered(answer: Answer) -> bool:
    """Return whether a service of an answer is not covered by Medicare, whatever its price."""
    visits = answer.visits if isinstance(answer, PlanOfCareEstimate) else (answer,)
    return any(line.status is LineStatus.NOT_COVERED for visit in visits for line in visit.lines)


OF_PART_B = ("deductible_applied", "coinsurance", "excess_charge", "medicare_pays")


def _left_out(answer: Answer, *, has_own_price: bool) -> frozenset[str]:
    """Find the amounts that the page does not show for the whole answer."""
    if _is_by_kind(answer) or _is_by_place_or_visit(answer):
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
        return Message(N_("We cannot say yet what you pay")), None, None
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


def _notes_of_cases(answer: Answer) -> Iterator[Note]:
    """Return the notes of an answer and of all its cases."""
    yield from _all_notes(answer)
    for one in answer.scenarios.values():
        yield from _notes_of_cases(one)


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
