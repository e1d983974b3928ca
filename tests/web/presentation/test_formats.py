"""Display names of sources and evidence: no file names, no empty brackets."""

from __future__ import annotations

from datetime import date

import pytest

from finder import i18n
from finder.directory.provider import Evidence
from finder.directory.vocabulary.sources import source_names
from finder.intake.merging.staff_layers import EDITS, SUPPRESSIONS
from finder.intake.sources.registry import sources
from finder.web.presentation.formats import evidence_words


@pytest.mark.parametrize("source", [*sources(), EDITS, SUPPRESSIONS])
def test_every_source_of_the_dataset_has_words(source: str) -> None:
    assert source_names(source).name != source


@pytest.mark.parametrize(
    ("detail", "words"),
    [("", "Listed as a physical therapist"), ("Physical therapy", "Listed as a physical therapist")],
)
def test_a_listing_of_which_the_source_says_no_more_has_no_empty_bracket(detail: str, words: str) -> None:
    proof = Evidence(
        facet="physical_therapy", kind="source_specialty", detail=detail, source="staff", as_of=date(2026, 11, 1)
    )
    assert i18n.word(evidence_words(proof)) == words
