"""What a patient owes for a visit or a plan of care: ``calculate`` answers a request in the shape of CONTRACTS.

A field that is absent from the answer is one that the rules do not define; None is a figure that cannot be known.
``DECISIONS`` names what the rules leave open and how it is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tests.coverage.independent.coverages import OUTSIDE_PART_B, after_plan, employer_primary, outside_part_b, settle
from tests.coverage.independent.figures import ZERO
from tests.coverage.independent.part_b import AMOUNTS, claim
from tests.coverage.independent.units import units_of
from tests.coverage.independent.year import COUNTERS, count, new_year, priced_year

DECISIONS = """
1. A line that is not covered takes no part in the multiple-procedure reduction: nothing of it is paid.
2. What Medicare does not cover is added to what the patient owes under every kind that follows Part B, QMB and TRICARE
   too, whatever that kind pays.
3. A line without a price is left out of the range: the rest is counted as if it were not there. While some of the
   deductible is left, the shares of later lines and visits of that year are unknown, and what a later visit costs is
   not worked out here, nor under a Medigap plan with a yearly amount; its threshold's counter is unknown from then on.
4. QMB, TRICARE for Life and the home health benefit give $0 whether or not every line has a price. The missing 15% for
   an assistant on an unassigned claim falls neither on QMB nor on TRICARE; it widens the range of every other kind.
5. An assistant never changes what the patient owes on an assigned claim. After an employer plan that pays first the
   formula of the rules leaves to the patient what Medicare, as second payer, pays less because of the assistant: it is
   in the patient's part, and the range goes down to the part without it. On an unassigned claim it may come on top.
6. Employer plan first: where Medicare's allowed amount is that of the lines, deductible and coinsurance are those of
   the lines; else they are worked out once, on the whole. What the plan paid covers the deductible first, then the
   coinsurance, then the excess charge. ``accepted_in_full`` bounds what is billed on unassigned claims too, and the
   excess charge with it.
7. Employer plan first at a critical access hospital: no figure, except $0 where QMB comes second; neither a range nor
   what Medigap leaves is worked out here; what is charged uses up the deductible.
8. Critical access hospital: a line that a contractor prices costs its charge; without a charge there is no estimate and
   no range, but for the kinds that give $0.
9. Commercial copay after the deductible: never more than what the deductible leaves of the negotiated amount.
10. ``paid``, ``charge`` and ``allowed_amount`` of an other coverage are those of each visit of a plan of care.
11. The review threshold of a visit is that of physical and speech therapy. Care under a plan that is not Part B, and
    the home health benefit, count towards no threshold.
12. A range whose two ends are equal is no range but a figure.
13. With QMB or full Medicaid every claim is assigned (42 USC 1395w-4(g)(3)): no excess charge, whatever is said.
14. A code on several lines shares its minutes, and then its units among the lines as the codes of a visit do.
15. A yearly amount of a plan that is not known after New Year matters only where the amount depends on it.
"""

TOTALS = (*AMOUNTS, "not_covered", "other_coverage_pays", "patient_pays")


def calculate(request: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a request: amounts as strings with cents, per line and in all; for ``visits``, per visit and in all."""
    if "visits" not in request:
        (answer,) = _answers(request, [request])
        return _texts({key: value for key, value in answer.items() if key not in COUNTERS})
    answers = _answers(request, sorted(request["visits"], key=lambda visit: str(visit["date_of_service"])))
    return _texts({**_totals(answers), "visits": answers})


UNKNOWN_SHARES = ("deductible_applied", "coinsurance", "medicare_pays")


def _answers(request: Mapping[str, Any], visits: list[Any]) -> list[dict[str, Any]]:
    """Answer visits in the order of their dates, with the counters of each year."""
    other = request.get("other_coverage", {"kind": "none"})
    coverages = other if isinstance(other, list) else [other]
    year: dict[str, Any] = {}
    answers = []
    for visit in visits:
        day = date.fromisoformat(visit["date_of_service"])
        if year.get("year") != day.year:
            year = new_year(request, coverages, day, first=not year)
        answers.append({"date_of_service": day, **_answer(dict(request), coverages, visit["services"], day, year)})
    return answers


def _answer(
    request: dict[str, Any],
    coverages: list[dict[str, Any]],
    services: list[dict[str, Any]],
    day: date,
    year: dict[str, Any],
) -> dict[str, Any]:
    kinds = [coverage["kind"] for coverage in coverages]
    if kinds[0] in OUTSIDE_PART_B:
        return _answer_outside(coverages, services, year)
    if request.get("setting") == "home_health_benefit" or (
        not priced_year(day) and kinds[-1] in ("qmb", "tricare_for_life")
    ):
        return {"patient_pays": ZERO, "patient_pays_range": None}
    if {"qmb", "medicaid"} & set(kinds) and request["participation"] == "nonparticipating_unassigned":
        request["participation"] = "nonparticipating_assigned"
    visit = claim(request, services, day, year["deductible"], year["deductible_known"])
    if kinds[0] == "employer_primary":
        answer = {"not_covered": visit["not_covered"]} | _answer_after_employer(visit, coverages, day, year)
    else:
        answer = {field: visit[field] for field in (*AMOUNTS, "not_covered", "lines")}
        answer |= _settled(settle(kinds[-1], _bill(visit), coverages[-1], year["left"][-1], day))
    undefined: tuple[str, ...] = ()
    if not year["deductible_known"] and year["deductible"] > 0 and answer.get("patient_pays") is None:
        undefined = ("patient_pays_range",)
    if not year["priced"] and year["left"][-1]:
        undefined = ("patient_pays", "patient_pays_range", "other_coverage_pays")
    answer = {field: value for field, value in answer.items() if field not in undefined}
    year["deductible_known"] = visit["deductible_known"]
    year["deductible"] -= min(year["deductible"], answer.get("deductible_applied", visit["deductible_applied"]))
    year["priced"] = year["priced"] and visit["priced"]
    return _unknowns(visit, answer) | count(visit, day, year)


def _answer_outside(
    coverages: list[dict[str, Any]], services: list[dict[str, Any]], year: dict[str, Any]
) -> dict[str, Any]:
    per_code = coverages[0]["kind"] == "commercial"
    units = units_of(services, per_code)
    lines = [{"code": service.get("code"), "units": number} for service, number in zip(services, units, strict=True)]
    if year["left"][0].get("unknown"):
        settlement: dict[str, Any] = {"patient_pays": None}
    else:
        settlement = outside_part_b(coverages[0], services, year["left"][0])
    if len(coverages) == 2:
        settlement = after_plan(settlement, coverages[1])
    return {"lines": lines, **_settled(settlement)}


def _answer_after_employer(
    visit: dict[str, Any], coverages: list[dict[str, Any]], day: date, year: dict[str, Any]
) -> dict[str, Any]:
    second = coverages[1] if len(coverages) == 2 else {"kind": "none"}
    if visit["cost_based"]:
        if second["kind"] == "medigap":
            return {"medicare_pays": None}
        return {"medicare_pays": None, "patient_pays": ZERO if second["kind"] == "qmb" else None}
    employer = employer_primary(visit, coverages[0], year["deductible"], day)
    left_before = dict(year["left"][-1])
    settlement = settle(second["kind"], employer["bill"], second, year["left"][-1], day)
    if settlement.get("other_coverage_pays") is not None:
        settlement["other_coverage_pays"] += employer["paid"]
    least = settle(second["kind"], {**employer["bill"], **employer["least_owed"]}, second, left_before, day)
    low, patient = least["patient_pays"], settlement["patient_pays"]
    if low is not None and patient is not None and low < patient:
        settlement["range"] = [low, (settlement["range"] or [low, patient])[1]]
    return {**employer["amounts"], **_settled(settlement), "lines": [_plain(line) for line in visit["lines"]]}


def _bill(visit: dict[str, Any]) -> dict[str, Any]:
    return {
        "deductible": visit["deductible_applied"],
        "coinsurance": visit["coinsurance"],
        "excess": visit["excess_charge"],
        "not_covered": visit["not_covered"],
        "assistant_gap": ZERO if visit["assigned"] else visit["assistant_reduction"],
        "priced": visit["priced"] and visit["shares_known"],
        "charges_known": visit["charges_known"],
        "without_estimate": visit["cost_based"] and not visit["priced"],
    }


def _settled(settlement: dict[str, Any]) -> dict[str, Any]:
    names = {"range": "patient_pays_range"}
    return {names.get(key, key): value for key, value in settlement.items()}


def _plain(line: dict[str, Any]) -> dict[str, Any]:
    return {field: line[field] for field in ("code", "units", "status")}


def _unknowns(visit: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """Make None of what cannot be known: lines without a price, unknown charges, a hospital that is paid its costs."""
    if "lines" not in answer:
        return answer
    if not visit["charges_known"]:
        answer["not_covered"] = None
    if not (visit["priced"] and visit["shares_known"]):
        answer |= dict.fromkeys(UNKNOWN_SHARES, None)
        undefined = ["excess_charge", "assistant_reduction", "other_coverage_pays"]
        if not visit["priced"]:
            answer["allowed_amount"] = None
        elif answer.get("patient_pays") is None:
            undefined += ["patient_pays", "patient_pays_range"]
        answer = {field: value for field, value in answer.items() if field not in undefined}
    if visit["cost_based"] and any(line["status"] != "not_covered" for line in visit["lines"]):
        answer["medicare_pays"] = None
    return answer | {"lines": [_line_fields(line, visit["cost_based"]) for line in answer["lines"]]}


def _line_fields(line: dict[str, Any], cost_based: bool) -> dict[str, Any]:
    fields = {field: line[field] for field in ("code", "units", "status", "not_covered", *AMOUNTS) if field in line}
    if "allowed_amount" not in line:
        return fields
    if line["allowed_amount"] is None:
        return {**_plain(line), "allowed_amount": None}
    if not line["share_known"]:
        fields |= dict.fromkeys(UNKNOWN_SHARES, None)
        fields.pop("assistant_reduction")
    elif cost_based and line["status"] != "not_covered":
        fields["medicare_pays"] = None
    return fields | ({} if cost_based else line["fees"])


def _totals(answers: list[dict[str, Any]]) -> dict[str, Any]:
    totals: dict[str, Any] = {}
    for field in TOTALS:
        if all(field in answer for answer in answers):
            values = [answer[field] for answer in answers]
            totals[field] = None if None in values else sum(values, ZERO)
    if all("patient_pays_range" in answer for answer in answers):
        ranges = [answer["patient_pays_range"] or [answer["patient_pays"]] * 2 for answer in answers]
        low, high = [one[0] for one in ranges], [one[-1] for one in ranges]
        if None not in low:
            most = None if None in high else sum(high, ZERO)
            totals["patient_pays_range"] = None if most == sum(low, ZERO) else [sum(low, ZERO), most]
    return totals


def _texts(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: _as_text(value) for key, value in answer.items()}


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return _texts(value)
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return str(value) if isinstance(value, (Decimal, date)) else value
