"""The words of the dataset: no source is shown to people by its file's name."""

from __future__ import annotations

import pytest

from finder.intake.decisions import EDITS, SUPPRESSIONS
from finder.intake.sources.registry import sources
from finder.web.words import SOURCES


@pytest.mark.parametrize("source", [*sources(), EDITS, SUPPRESSIONS])
def test_every_source_of_the_dataset_has_words(source: str) -> None:
    assert SOURCES[source] != source
