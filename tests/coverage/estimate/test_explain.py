"""The words of an estimate: plain, traceable, true to the amounts, and the same facts in every language."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from typing import Any

import pytest
import textstat

from finder.cli.catalogues import collected
from finder.coverage import Figures, estimate, to_json
from finder.coverage.estimate.results import Estimate
from finder.coverage.figures.code_names import CODE_NAMES, PRESET_NAMES

VISIT: dict[str, Any] = {
    "date_of_service": "2026-10-05",
    "zip": "10001",
    "participation": "participating",
    "services": [{"code": "97162"}, {"code": "97112", "units": 2, "assistant": True}, {"code": "97010"}],
    "deductible_remaining": "100.00",
}
UNASSIGNED = {"participation": "nonparticipating_unassigned"}
CAH = {"setting": "critical_access_hospital", "services": [{"code": "97162", "charge": "300.00"}]}
VARIANTS: Mapping[str, dict[str, Any]] = {
    "plain": {},
    "unassigned": UNASSIGNED,
    "unknown": {"participation": None, "deductible_remaining": None},
    "hospital by charges": CAH,
    "home health": {"setting": "home_health_benefit"},
    "plus four": {"zip": "83120"},
    **{
        f"Medigap {plan}": {**UNASSIGNED, "other_coverage": {"kind": "medigap", "plan": plan}}
        for plan in Figures.load().medigap_plans
    },
    **{
        kind: {"other_coverage": {"kind": kind}}
        for kind in ("qmb", "slmb", "qi", "medicaid", "medicare_advantage", "tricare_for_life", "va_community_care",
                     "commercial", "self_pay", "employer_primary", "employer_secondary")
    },
    "advantage": {
        "other_coverage": {"kind": "medicare_advantage", "copay": "40.00", "out_of_pocket_remaining": "9.00"}
    },
    "employer": {
        "other_coverage": {"kind": "employer_primary", "charge": "300.00", "allowed_amount": "200.00", "paid": "90.00"}
    },
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_words_are_plain(variant: str) -> None:
    answer = to_json(estimate({**VISIT, **VARIANTS[variant]}))
    sentences = [step["text"] for step in answer["steps"]] + [note["text"] for note in answer["notes"]]
    text = " ".join(sentences)
    assert "20% deductible" not in text
    assert textstat.flesch_kincaid_grade(text) <= 8
    assert not re.search(r"\{|\}|None|Decimal", text)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_step_that_rests_on_a_figure_names_it_with_source_and_certainty(variant: str) -> None:
    answer = estimate({**VISIT, **VARIANTS[variant]})
    tables = {"relative_values", "zip_localities", "medigap_plans"}
    names = {name for name in dir(Figures.load().parameters) if not name.startswith("_")}
    for step in answer.steps:
        if step.parameter:
            assert step.parameter in names | tables
            assert step.source
            assert step.certainty in {"primary", "secondary", "unverified"}


def test_a_fee_is_explained_by_its_formula_with_the_numbers() -> None:
    answer = to_json(estimate(VISIT))
    fee = next(step for step in answer["steps"] if step["parameter"] == "relative_values")
    assert fee["text"] == (
        "Medicare’s fee for one unit of “first physical therapy evaluation, medium” in Manhattan is $108.82."
    )
    assert fee["formula"] == (
        "(work 1.54 × 1.064 + practice expense 1.38 × 1.162 + malpractice 0.01 × 1.586) × 33.4009 = $108.82"
    )
    assert "PPRRVU2026" in fee["source"]
    assert "GPCI2026" in fee["source"]


def test_a_reduced_fee_cites_the_law_and_the_files_of_its_numbers() -> None:
    answer = to_json(estimate(VISIT))
    reduced = next(step for step in answer["steps"] if step["parameter"] == "mppr_practice_expense_share")
    for source in ("42 USC 1395w-4(b)(7)", "PPRRVU2026", "GPCI2026"):
        assert source in reduced["source"]


def test_no_source_ends_in_a_checksum_that_nobody_reads() -> None:
    answer = to_json(estimate({**VISIT, "qualifying_apm": True}))
    assert [step["source"] for step in answer["steps"] if re.search("SHA|[0-9a-f]{16}", step["source"] or "")] == []


def test_the_second_conversion_factor_makes_a_fee_less_certain() -> None:
    answer = to_json(estimate({**VISIT, "qualifying_apm": True}))
    fee = next(step for step in answer["steps"] if step["parameter"] == "relative_values")
    assert fee["certainty"] == "secondary"


def test_sequestration_on_an_unassigned_claim_says_what_it_costs() -> None:
    answer = estimate({**VISIT, **UNASSIGNED, "deductible_remaining": "0.00", "services": [{"fee": "120.00"}]})
    note = next(note for note in answer.notes if note.code == "sequestration")
    # 2% of Medicare's 91.20
    assert str(note.text.arguments["loss"]) == "1.82"
    assert isinstance(answer, Estimate)
    assert answer.lines[0].code is None


def test_the_state_law_note_is_for_unassigned_claims_in_those_states_alone() -> None:
    def noted(**changes: Any) -> bool:
        return "state_excess_charge_law" in {note.code for note in estimate({**VISIT, **changes}).notes}

    assert noted(**UNASSIGNED)
    assert not noted(**UNASSIGNED, zip="33136")
    assert not noted()


def test_one_is_not_said_in_the_plural() -> None:
    visit = {"date_of_service": "2026-10-05", "services": [{"code": "97112", "minutes": 15}]}
    rest = {"zip": "10001", "participation": "participating", "deductible_remaining": "0.00"}
    one = to_json(estimate({**rest, "visits": [visit]}))
    steps_text = " ".join(step["text"] for step in (*one["steps"], *one["visits"][0]["steps"]))
    assert "Minutes of timed services: 15. Units of 15 minutes to bill: 1." in steps_text
    assert not re.search(r"\b1 (units|visits)\b", steps_text), steps_text


@pytest.mark.slow
def test_sentences_have_curly_apostrophes() -> None:
    sentences = [
        message.id for message in collected() if any("finder/coverage" in file for file, _ in message.locations)
    ]
    assert len(sentences) > 100
    assert [one for one in sentences if re.search(r"[a-z]'[a-z]", str(one))] == []


def test_every_code_and_preset_has_a_name_of_our_own() -> None:
    figures = Figures.load()
    assert set(CODE_NAMES) == set(figures.code_table.codes)
    assert set(PRESET_NAMES) == set(figures.presets)
    assert len(set(CODE_NAMES.values())) == len(CODE_NAMES)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_place_in_a_sentence_has_its_value(variant: str) -> None:
    answer = estimate({**VISIT, **VARIANTS[variant]})
    for message in [step.text for step in answer.steps] + [note.text for note in answer.notes]:
        places = {name for _, name, _, _ in string.Formatter().parse(message.text) if name}
        assert places <= set(message.arguments)
