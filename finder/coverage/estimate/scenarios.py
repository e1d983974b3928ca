"""From a request to its answer: what is not known is tried in every way, and the answers are laid over one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from finder.coverage.basics.money import ZERO
from finder.coverage.basics.vocabulary import Participation, Setting
from finder.coverage.estimate import notes
from finder.coverage.estimate.merging import agree, are_same, merge_all, merge_visits
from finder.coverage.estimate.plan_of_care import ANY_DEDUCTIBLE, Course, run
from finder.coverage.estimate.request import Request, usual_visits
from finder.coverage.estimate.results import (
    Answer,
    Estimate,
    PlanOfCareEstimate,
    StandIn,
    leaves,
)
from finder.coverage.estimate.totals import add_up, plan_of_care
from finder.coverage.figures.figures import Figures
from finder.coverage.rules.claim_edits import implausible
from finder.coverage.rules.statements import Note
from finder.errors import FieldError, InvalidRequest
from finder.i18n import N_, Message

KNOWN_PARTICIPATIONS = (
    Participation.PARTICIPATING,
    Participation.NONPARTICIPATING_ASSIGNED,
    Participation.NONPARTICIPATING_UNASSIGNED,
)

PLACES = {"elsewhere": Setting.PRIVATE_PRACTICE, "critical_access_hospital": Setting.CRITICAL_ACCESS_HOSPITAL}
"""What a place may be, by the names of the scenarios: only a critical access hospital is not paid by fees."""


def answer(request: Request, figures: Figures) -> Answer:
    """Answer a request: what is not known is tried in every way, and the answers are laid over one another.

    A therapist may take part in Medicare, or not and accept assignment, or not; of the deductible nothing or all of it
    may be left. A place may be a private practice, which stands for all that are paid by the fee schedule, or a
    critical access hospital. What is done may be any of the usual visits; in a plan of care it is the same at all
    visits of which it is not known. What changes none of the amounts is not tried.

    The range of what the patient pays goes from the least to the most of the scenarios that have a figure. A note names
    those that have none, such as a hospital whose charge is not given: there the patient may pay more. Other amounts
    are known where they are the same in all scenarios. Insurance that is not known may be of any kind: the answer has
    one of each, and no upper bound. Visits that need a figure that is not here have no amounts; what they would cost at
    the last known amounts stands beside the answer.
    Source: 42 USC 1395m(g), 1395w-4(g)(2)(C); the usual visits as therapists describe them.
    """
    if len(request.visits) * _combinations(request, figures) > MOST_VISITS_TRIED:
        raise InvalidRequest([FieldError("visits", Message(TOO_MUCH_UNKNOWN))])
    if request.possible_coverages:
        return _merge_kinds({name: answer(it, figures) for name, it in _by_kind(request).items()})
    result = _answer(request, figures)
    if not result.visits_without_figures:
        return result
    stand_in = _stand_in(request, result, figures)
    noted: Any = {"stand_in": stand_in, "notes": (*result.notes, *notes.of_stand_in(stand_in))}
    return replace(result, **noted)


MOST_VISITS_TRIED = 12_000
"""Visits over all that the unknown may be; more would take seconds."""
TOO_MUCH_UNKNOWN = N_(
    "Too much is unknown to work out this many visits. Answer one more question, or ask about fewer visits."
)


def _combinations(request: Request, figures: Figures) -> int:
    """Count in how many ways a request is tried."""
    kinds = len(request.possible_coverages) or 1
    places = len(PLACES) if request.setting_is_open else 1
    visits = len(figures.presets) if request.services_are_open else 1
    participations = len(KNOWN_PARTICIPATIONS) if request.participation_is_open else 1
    return kinds * places * visits * participations * (2 if request.deductible_is_open else 1)


def _by_kind(request: Request) -> dict[str, Request]:
    """Make a request for every kind of insurance that the unknown one may be, by name."""
    return {
        name: replace(request, other_coverage=coverage, possible_coverages={})
        for name, coverage in request.possible_coverages.items()
    }


def _merge_kinds(kinds: Mapping[str, Answer]) -> Answer:
    """Put the answers for every kind of insurance side by side: from the least of them, without an upper bound."""
    merged = merge_all([*kinds.values()])
    least = min((it.patient_bounds[0] for it in kinds.values() if it.patient_bounds), default=ZERO)
    changes: Any = {
        "patient_pays": None,
        "patient_pays_range": (least, None),
        "range_is_partial": False,
        "notes": (notes.INSURANCE_UNKNOWN, *merged.notes),
        "scenarios": kinds,
    }
    return replace(merged, **changes)


def _stand_in(request: Request, result: Answer, figures: Figures) -> StandIn:
    """Answer the visits without figures at the last known amounts: a stand-in, never the answer."""
    again = _answer(request, figures.standing_in)
    visits = _visits(again)
    left_out = [it for it, real in zip(visits, _visits(result), strict=True) if not real.is_published]
    deductible = figures.standing_in.parameters.part_b_deductible.find(left_out[0].date_of_service)
    return StandIn(
        **add_up(left_out),
        year=figures.last_known_year,
        visits=len(left_out),
        part_b_deductible=deductible if request.uses_deductible else None,
    )


def _visits(answer: Answer) -> Sequence[Estimate]:
    """Return the visits of an answer."""
    return answer.visits if isinstance(answer, PlanOfCareEstimate) else (answer,)


def _answer(request: Request, figures: Figures) -> Answer:
    """Answer a request whose insurance is known."""
    if request.setting is Setting.UNKNOWN:
        places = {name: _answer(it, figures) for name, it in _by_place(request).items()}
        if are_same([*places.values()]) or len(places) == 1:
            return next(iter(places.values()))
        return _merge_answers(request, _by_place_and_visit(places) if request.services_are_open else places)
    if request.services_are_open:
        return _merge_answers(request, {name: _answer(it, figures) for name, it in _by_visit(request, figures).items()})
    person = _person_notes(request, figures)
    return _merge_answers(
        request, {name: _answer_known(it, person, figures) for name, it in _scenarios(request, figures).items()}
    )


def _by_place(request: Request) -> dict[str, Request]:
    """Make a request for every kind of place that the unknown one may be, by name; one where it changes nothing."""
    if not request.setting_is_open:
        return {"": replace(request, setting=Setting.PRIVATE_PRACTICE)}
    return {
        name: replace(
            request,
            setting=setting,
            participation=Participation.PARTICIPATING if setting.is_institution else request.participation,
        )
        for name, setting in PLACES.items()
    }


def _by_visit(request: Request, figures: Figures) -> dict[str, Request]:
    """Make a request for every usual visit, by name; all visits that are not known are of that kind."""
    return {
        name: replace(
            request,
            visits=tuple(visit if visit.services else replace(visit, services=services) for visit in request.visits),
        )
        for name, services in usual_visits(figures).items()
    }


def _by_place_and_visit(places: Mapping[str, Answer]) -> dict[str, Answer]:
    """Put the scenarios of each place beside one another; a place without scenarios is one."""
    return {
        f"{place}_{kind}" if kind else place: it
        for place, of_place in places.items()
        for kind, it in (of_place.scenarios or {"": of_place}).items()
    }


def _answer_known(request: Request, person: tuple[Note, ...], figures: Figures) -> Answer:
    """Answer a request of which everything is known that bears on the answer."""
    visits = _run(request, figures)
    if request.is_plan_of_care:
        return plan_of_care(visits, person)
    (visit,) = visits
    return replace(visit, notes=(*visit.notes, *person))


def _run(request: Request, figures: Figures) -> list[Estimate]:
    """Estimate the visits of a request; what is missing may use up nothing of the yearly amounts or all of them.

    A deductible that is not here may be met or be as large as any.
    """
    least_used = run(Course(request, figures))
    if any(visit.deductible_is_missing for visit in least_used):
        most_left = run(Course(request, figures, missing_deductible=ANY_DEDUCTIBLE))
        return [_before_deductible(*same) for same in zip(least_used, most_left, strict=True)]
    if not any(visit.use_of_year_is_unknown for visit in least_used):
        return least_used
    all_used = run(Course(request, figures, unknown_prices_use_up_all=True))
    visits = [_after_unknown_prices(*same) for same in zip(least_used, all_used, strict=True)]
    if request.other_coverage.pays_set_amount:
        return visits
    # What a missing price uses up, the patient has paid at that visit: the least total is that with nothing used up.
    return [
        replace(visit, share_of_total=least.patient_bounds) for visit, least in zip(visits, least_used, strict=True)
    ]


def _before_deductible(met: Estimate, not_met: Estimate) -> Estimate:
    """Lay over one another what a visit costs when a deductible that is not here is met, and when none of it is."""
    if not met.deductible_is_missing:
        return met
    if agree([met, not_met]):
        return replace(met, deductible_remaining=None)
    merged = merge_visits([met, not_met])
    missing = notes.deductible_not_published(met.date_of_service)
    return replace(merged, notes=(missing, *merged.notes), deductible_is_missing=True)


def _after_unknown_prices(least_used: Estimate, all_used: Estimate) -> Estimate:
    """Lay over one another what a visit costs when missing prices have used up nothing of the year, and all."""
    merged = merge_visits([least_used, all_used])
    if agree([least_used, all_used]) and merged.lines == least_used.lines:
        return replace(least_used, deductible_remaining=merged.deductible_remaining)
    return replace(merged, notes=(notes.PRICE_BEFORE_UNKNOWN, *merged.notes))


def _scenarios(request: Request, figures: Figures) -> dict[str, Request]:
    """Make a request for everything that the unknown may be, by name; what does not bear on the answer is filled in."""
    participations = {"": request.participation}
    if request.participation_is_open:
        participations = {it.value: it for it in KNOWN_PARTICIPATIONS}
    elif request.participation is Participation.UNKNOWN:
        participations = {"": Participation.PARTICIPATING}
    deductibles = {"": request.deductible_remaining}
    full = figures.parameters.part_b_deductible.find(request.visits[0].date_of_service)
    if request.deductible_is_open and full:
        deductibles = {"deductible_met": ZERO, "deductible_not_met": full.amount}
    elif request.deductible_is_open:
        deductibles = {"": None}
    elif request.deductible_remaining is None:
        deductibles = {"": ZERO}
    return {
        "_".join(filter(None, (by, left))): replace(
            request, participation=participation, deductible_remaining=deductible
        )
        for by, participation in participations.items()
        for left, deductible in deductibles.items()
    }


def _unknown_notes(request: Request, answers: Mapping[str, Answer]) -> Iterator[Note]:
    """Describe what is not known and bears on what the patient pays, and which scenarios have no figure."""
    bears_on_the_patient = len({it.patient_bounds for it in answers.values()}) > 1
    if request.setting_is_open and bears_on_the_patient:
        yield notes.PLACE_UNKNOWN
    if request.services_are_open and bears_on_the_patient:
        yield notes.VISIT_UNKNOWN
    has_figure = {it.patient_bounds is not None for _, it in leaves(answers)}
    if len(has_figure) > 1:
        yield notes.WITHOUT_FIGURE
    inner_notes = [note for it in answers.values() for note in it.notes]
    is_outer = request.setting_is_open or request.services_are_open
    for is_open, note in (
        (request.participation_is_open, notes.PARTICIPATION_UNKNOWN),
        (request.deductible_is_open, notes.DEDUCTIBLE_UNKNOWN),
    ):
        if is_open and (note in inner_notes or not is_outer):
            yield note


def _person_notes(request: Request, figures: Figures) -> tuple[Note, ...]:
    """Describe what holds for the whole request."""
    warnings = tuple(implausible(request.visits, figures))
    if not request.other_coverage.builds_on_part_b:
        return warnings
    return (*warnings, *notes.of_person(request, figures, request.visits[0].date_of_service))


def _merge_answers(request: Request, answers: Mapping[str, Answer]) -> Answer:
    """Lay answers over one another; they stand in the answer as scenarios, unless all are the same."""
    merged = merge_all([*answers.values()])
    if are_same([*answers.values()]):
        return merged
    unknown = tuple(_unknown_notes(request, answers))
    others = tuple(note for note in merged.notes if note not in unknown)
    changes: Any = {"notes": (*unknown, *others), "scenarios": answers}
    return replace(merged, **changes)
