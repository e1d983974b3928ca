"""The payers that a search always offers."""

from __future__ import annotations

from finder.directory.vocabulary.payers import payers


def test_the_payers_are_offered_in_their_order_and_have_names() -> None:
    assert tuple(payers()) == ("medicare", "medicaid", "tricare", "va")
    assert payers()["va"] == "VA Community Care"
