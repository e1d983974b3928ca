"""The precedence table: complete, cited, and only with known sources."""

from __future__ import annotations

import tomllib

from finder.directory.vocabulary.sources import SOURCES_FILE
from finder.intake.layers.stack import SAMPLE
from finder.intake.merging.precedence import Precedence
from finder.intake.merging.staff_layers import EDITS, SUPPRESSIONS
from finder.intake.sources.registry import sources

TABLE = tomllib.loads(SOURCES_FILE.read_text(encoding="utf-8"))

SAYS_NOTHING_OF_VALUES = {SAMPLE, SUPPRESSIONS, "leie"}
"""Sources that stand alone, or say only who must not be listed."""


def test_every_field_has_a_reason_and_an_authority() -> None:
    for field in [*TABLE["precedence"], TABLE["last_resort"]]:
        assert field["sources"], field
        assert field["reason"].endswith("."), field
        assert len(field["reference"]) > 10, field
        assert len(set(field["sources"])) == len(field["sources"]), field


def test_every_source_has_its_place_and_every_place_its_source() -> None:
    placed = {source for field in TABLE["precedence"] for source in field["sources"]}
    assert placed | SAYS_NOTHING_OF_VALUES == {*sources(), EDITS, SUPPRESSIONS}


def test_staff_take_precedence_in_every_field_they_may_fill() -> None:
    for field, order in Precedence.load().sources.items():
        if EDITS in order:
            assert order[:2] == (EDITS, "staff"), field
