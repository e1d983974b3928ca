"""The page about the rules for billers, generated from the docstrings of the rules and the figures."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator

from finder.coverage.estimate import lines, plan_of_care, scenarios
from finder.coverage.figures import fee_schedule
from finder.coverage.figures.figures import Figures, MedigapShares
from finder.coverage.figures.parameters import Parameter, Parameters
from finder.coverage.other_coverage import (
    employer,
    federal,
    medicaid,
    medigap,
    none_or_self_pay,
    plans,
    two_coverages,
)
from finder.coverage.rules import claim, part_b, reductions, thresholds, units
from finder.i18n import word

Rule = Callable[..., object]

RULES: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("The fee of a unit", (fee_schedule.price,)),
    ("Several services on one day", (reductions.reduce_multiple_procedures,)),
    ("Minutes and units", (units.count_units, units.hand_out)),
    ("The allowed amount", (claim.allowed_fee,)),
    ("Charges above the allowed amount", (claim.limiting_charge, claim.excess_charge)),
    ("Where the therapy is given", (part_b.bill_visit, part_b.charge_claim)),
    ("Deductible, coinsurance, Medicare's payment", (part_b.settle,)),
    ("A course of care", (plan_of_care.run,)),
    ("What is not known", (scenarios.answer,)),
    ("Thresholds", (thresholds.judge,)),
    ("Modifiers of a line", (lines.modifiers_of,)),
    ("Medigap", (medigap.Medigap.settle_shares, medigap.Medigap.settle_high_deductible, medigap.Medigap.renewed)),
    ("Medicaid", (medicaid.QualifiedMedicareBeneficiary, medicaid.PremiumHelp, medicaid.Medicaid)),
    ("Employer plan that pays first", (employer.EmployerPrimary.settle, employer.secondary_payment)),
    ("Employer or retiree plan that pays second", (employer.EmployerSecondary.settle,)),
    ("TRICARE for Life, VA Community Care", (federal.TricareForLife, federal.VaCommunityCare)),
    ("Medicare Advantage and commercial plans", (plans.MedicareAdvantage, plans.Commercial)),
    ("What such a plan leaves to the patient", (plans.SetPrice.cost, plans.SetPrice.renewed)),
    ("Paying oneself", (none_or_self_pay.SelfPay,)),
    ("Two coverages", (two_coverages.TwoCoverages.settle,)),
)

OPENING = """\
# What Medicare pays for outpatient therapy, and what the patient owes

This page is for someone who knows billing and wants to check the estimates. It is written by
`flask --app wsgi fees document` from the rules and figures that the estimates use; change those, never this page.

*Certainty* says how a figure was checked: **primary**, the law, notice or file itself was read; **secondary**, a page
that quotes it; **unverified**, neither, so check it before relying on it.

The order of an estimate: units → fees of the payment area → reduction for several services → participation and the
charge → deductible → 20% coinsurance → Medicare's payment → other coverage. Rounding is half up to the cent at each
place that a rule names, and nowhere else. The scenarios in `tests/cases` show each rule with its arithmetic.
"""

NEXT_YEAR = """\
## Bringing in next year

1. Import the official files; the report says what changes and what is still missing:

       flask --app wsgi fees import --from 2027-01-01 --rvu PPRRVU27_JAN.csv --gpci GPCI2027.csv \\
           --zip-locality ZIP5_JAN2027.csv --qualifying-apm-conversion-factor 33.9

   A schedule runs to the end of its year unless `--to` gives a last day. Files that do not add up change nothing.
2. Add a `[[value]]` with dates, amount, source and certainty to each file that the report names as missing.
3. `flask --app wsgi fees check` and `flask --app wsgi fees document`.

Until a year is here, a visit in it has no amounts: another year's figure is never used in its place.
"""


def document(figures: Figures) -> str:
    """Write the page, in Markdown."""
    parts = [
        OPENING,
        "## The rules",
        *(part for title, rules in RULES for part in (f"### {title}", *map(_rule, rules))),
        "## Figures",
        *(_figure(getattr(figures.parameters, name)) for name in Parameters.names()),
        "## Coverage decisions",
        _decisions(figures),
        "## Two coverages at once",
        _pairs(),
        "## Medigap plans",
        _medigap(figures),
        "## Fee schedules",
        _schedules(figures),
        "The official files that they were made from:",
        _files(figures),
        "## Services",
        _codes(figures),
        NEXT_YEAR,
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _rule(rule: Rule) -> str:
    """Return a rule's docstring as a paragraph, with its authority separate."""
    text = inspect.cleandoc(rule.__doc__ or "")
    body, _, authority = text.partition("Source: ")
    body = re.sub(r"\s*Raises [^.]*\.", "", body.replace("``", "`"))
    paragraphs = [" ".join(paragraph.split()) for paragraph in body.split("\n\n") if paragraph.strip()]
    if authority:
        paragraphs.append(f"*Authority:* {' '.join(authority.split())}")
    return "\n\n".join(paragraphs)


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _figure(parameter: Parameter) -> str:
    """Write a figure with all its values."""
    rows = (
        (it.first_day, it.last_day or "until changed", it.amount, it.source, it.certainty)
        for it in reversed(parameter.values)
    )
    table = _table(("from", "to", parameter.unit, "source", "certainty"), rows)
    return f"### `{parameter.name}`\n\n{parameter.description}.\n\n{table}"


def _decisions(figures: Figures) -> str:
    """Write the national coverage decisions about therapy codes."""
    rows = (
        (
            it.decision,
            ", ".join(sorted(it.codes)),
            it.effect.value,
            it.first_day,
            it.citation.source,
            it.citation.certainty,
        )
        for it in figures.coverage_decisions
    )
    note = "A price is what a service costs if Medicare covers it. These decisions say where it does not."
    return f"{note}\n\n{_table(('decision', 'codes', 'effect', 'from', 'source', 'certainty'), rows)}"


def _pairs() -> str:
    """Write the pairs of coverages that exist, in the order in which they pay."""
    note = (
        "`other_coverage` may be a list of two, in the order in which they pay. Every pair that is not here is refused."
    )
    rows = ((f"`{first}`", f"`{second}`") for first, second in sorted(two_coverages.PAIRS))
    return f"{note}\n\n{_table(('pays first', 'pays on what is left'), rows)}"


def _medigap(figures: Figures) -> str:
    """Write what each Medigap plan and rider pays."""

    def row(name: str, it: MedigapShares) -> tuple[object, ...]:
        yearly = it.yearly_limit or it.high_deductible or it.office_visit_copay
        closed = "since 2020" if it.is_closed else ""
        excess = f"{it.excess}, not checked" if it.excess_is_unverified else it.excess
        return f"`{name}`", it.coinsurance, it.deductible, excess, f"`{yearly}`" if yearly else "", closed

    plans_ = (row(name, it) for name, it in figures.medigap_plans.items())
    riders = (row(f"rider {name}", it) for name, it in figures.medigap_riders.items())
    head = (
        "plan",
        "share of coinsurance",
        "of deductible",
        "of excess charge",
        "yearly figure",
        "closed to new people",
    )
    return _table(head, [*plans_, *riders])


def _schedules(figures: Figures) -> str:
    """Write the fee schedules with their conversion factors and sources."""
    rows = []
    for it in figures.schedules:
        apm = it.qualifying_apm_conversion_factor
        sources = dict.fromkeys(
            cited.source for cited in (it.relative_values_citation, it.gpci_citation, it.zip_citation)
        )
        rows.append(
            (it.first_day, it.last_day, it.conversion_factor.amount, apm.amount if apm else "", "; ".join(sources))
        )
    return _table(("from", "to", "conversion factor", "of qualifying participants", "sources"), rows)


def _files(figures: Figures) -> str:
    """Write the official files with their checksums, each once."""
    cited = (
        one for it in figures.schedules for one in (it.relative_values_citation, it.gpci_citation, it.zip_citation)
    )
    return _table(("file", "SHA-256"), ((one.source, f"`{one.sha256}`") for one in dict.fromkeys(cited)))


def _codes(figures: Figures) -> str:
    """Write the services of the latest schedule: how each is counted, and whether the reduction applies."""
    schedule, table = figures.schedules[-1], figures.code_table

    def counted(code: str) -> Iterator[str]:
        if code in table.timed:
            yield "timed"
        if code in table.unit_minutes:
            yield f"each {table.unit_minutes[code]} minutes"
        if code in table.add_on:
            yield f"with {table.add_on[code]}"

    rows = (
        (
            it.code,
            word(figures.code_name(it.code)),
            ", ".join(counted(it.code)) or "one unit",
            it.status.value,
            "yes" if it.is_reducible else "no",
        )
        for it in schedule.relative_values.values()
    )
    note = "The names are ours: the descriptions of CPT codes are copyright of the American Medical Association."
    return f"{note}\n\n{_table(('code', 'our name', 'counted', 'status', 'reduced on one day'), rows)}"
