"""Updates by NPI: the later date stands, in whatever order files are staged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.intake.layers.files import read_layer, write_layer
from finder.intake.layers.layer import Layer, npi_updates, table
from finder.intake.layers.stack import Stack
from finder.intake.publishing.publish import publish
from finder.releases.installation import Installation
from tests.fixtures.installation import Stage
from tests.intake.rows import NPIS, make_layer, place, provider

A, B, C = NPIS[:3]
MAY, JUNE = "2026-05-10", "2026-06-14"


def named(name: str, as_of: str, npi: str = A, source: str = "nppes", filed: str = "") -> Layer:
    """A file of one person whose row has a date of its own."""
    layer = make_layer(source, filed or as_of or JUNE, provider=[provider(npi, name, as_of=as_of)])
    return replace(layer, updates=npi_updates([(npi, as_of, f"/{filed}" if filed else "")]))


def staged(*layers: Layer) -> Stack:
    """The stack after stages of one file each."""
    stack = Stack({})
    for layer in layers:
        stack = stack.updated([layer])
    return stack


def names(stack: Stack, source: str = "nppes") -> list[str]:
    return list(stack.layers[source].tables["provider"]["name"])


@pytest.mark.parametrize("source", ["nppes", "npi_registry", "nppes_deactivated", "clinicians", "utilization", "staff"])
def test_an_older_row_never_undoes_a_newer_one(source: str) -> None:
    old = make_layer(source, MAY, provider=[provider(A, "Old"), provider(B, "Other")])
    new = make_layer(source, JUNE, provider=[provider(A, "New")])
    stack = staged(new, old)
    assert names(stack, source) == ["New", "Other"] == names(staged(old, new), source)
    assert stack.left_out == {source: 1}
    assert names(Stack({}).updated([new, old]), source) == ["New", "Other"], "in one command too"
    assert names(staged(new).updated([old], complete=True), source) == ["Old", "Other"], "a replacement is whole"


def test_of_equal_dates_the_later_file_stands() -> None:
    assert names(staged(named("First", MAY), named("Second", MAY))) == ["Second"]
    week, month = named("Week", MAY, filed="2026-05-17"), named("Month", MAY, filed=MAY)
    assert names(staged(week, month)) == names(staged(month, week)) == ["Week"]


def test_a_row_without_a_date_never_replaces_one_with_a_date() -> None:
    dated, undated = named("Dated", "2009-02-03"), named("Undated", "", filed=JUNE)
    assert names(staged(dated, undated)) == names(staged(undated, dated)) == ["Dated"]
    assert names(staged(undated, named("Later", "", filed="2026-07-12"))) == ["Later"]


def test_an_npi_that_a_file_has_nothing_of_any_more_stays_so() -> None:
    may = make_layer("nppes_locations", MAY, location=[place(A), place(B)])
    gone = replace(make_layer("nppes_locations", JUNE), updates=npi_updates([(A, JUNE, f"/{JUNE}")]))
    for stack in (staged(may, gone), staged(gone, may)):
        assert list(stack.layers["nppes_locations"].tables["location"]["npi"]) == [B]


def test_the_dates_of_a_layer_are_stored_with_it(tmp_path: Path) -> None:
    (layer,) = staged(named("Undated", "", filed=JUNE)).layers.values()
    write_layer(layer, tmp_path / "layer.zip")
    again = read_layer(tmp_path / "layer.zip")
    assert again.updates.to_numpy().tolist() == [[A, "", f"/{JUNE}"]]
    assert names(staged(again, named("Dated", MAY))) == ["Dated"]


def test_a_draft_counts_what_it_leaves_as_it_is(installation: Installation, stage: Stage) -> None:
    publish(
        installation, stage(make_layer("nppes", JUNE, provider=[provider(A, "New")], location=[place(A)])).id, by="a"
    )
    draft = stage(make_layer("nppes", MAY, provider=[provider(A, "Old"), provider(B, "Other")], location=[place(B)]))
    assert (draft.notice_counts["newer_kept"], draft.notice_counts["older_than_published"]) == (1, 1)
    assert (draft.difference["added"], draft.difference["changed"], draft.difference["unchanged"]) == (1, 0, 1)


DAYS = ("2026-03-20", "2026-04-09", "2026-05-03", "")
EMPTY = make_layer("nppes_names", JUNE)


@st.composite
def files(draw: st.DrawFn) -> list[Layer]:
    """Files in some order, each about some of three people; no date of a person is in two files, some are unknown."""
    days = {npi: draw(st.permutations(DAYS)) for npi in (A, B, C)}
    return draw(st.permutations([_file(draw, number, days) for number in range(4)]))


def _file(draw: st.DrawFn, number: int, days: dict[str, list[str]]) -> Layer:
    about = draw(st.sets(st.sampled_from([A, B, C]), min_size=1))
    with_rows = draw(st.sets(st.sampled_from(sorted(about))))
    rows = [{"npi": npi, "value": str(number), "as_of": days[npi][number]} for npi in sorted(with_rows)]
    updates = npi_updates([(npi, days[npi][number], "") for npi in sorted(about)])
    return replace(EMPTY, tables={**EMPTY.tables, "fact": table("fact", rows)}, updates=updates)


@settings(max_examples=10, deadline=None)
@given(files())
def test_files_in_any_order_are_as_those_sorted_by_date(layers: list[Layer]) -> None:
    """For each person the latest file decides, whether it has something of the person or nothing."""
    found = dict(_notes(staged(*layers)))
    for npi in (A, B, C):
        about = [(day, layer) for layer in layers for one, day, _ in layer.updates.to_numpy() if one == npi]
        latest = max(about, key=lambda pair: pair[0])[1] if about else None
        expected = dict(_notes(Stack({"nppes_names": latest}))).get(npi) if latest else None
        assert found.get(npi) == expected


def _notes(stack: Stack) -> Sequence[tuple[str, str]]:
    frame = stack.layers["nppes_names"].tables["fact"]
    return list(zip(frame["npi"], frame["value"], strict=True))
