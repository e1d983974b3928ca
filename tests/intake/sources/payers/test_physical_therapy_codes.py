"""The codes of physical therapy in payers' files, beside those that Part B counts as therapy."""

from __future__ import annotations

import pytest

from finder.coverage import Figures
from finder.intake.sources.payers.physical_therapy_codes import (
    CODES,
    FOR_PAYERS_ALONE,
    RETIRED,
    SHARED_WITH_PART_B,
    physical_therapy_code,
)


def test_the_codes_that_payers_and_part_b_share_are_in_part_b_s_list_and_the_others_are_not() -> None:
    assert CODES & Figures.load().code_table.codes == SHARED_WITH_PART_B
    assert len(CODES) == len(RETIRED) + len(FOR_PAYERS_ALONE) + len(SHARED_WITH_PART_B) == 51


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("97110", "97110"), (" g0283 ", "G0283"), ("97001", "97001"), ("s9131", "S9131"),
        ("420", "0420"), ("0429", "0429"), ("42٣", ""), ("430", ""),
        ("92507", ""), ("99213", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_code_is_read_in_its_usual_spelling(text: str, code: str) -> None:
    assert physical_therapy_code(text) == code
