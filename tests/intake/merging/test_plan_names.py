"""Names of insurance plans: stored with the plan, chosen by precedence, shown as a change of a draft."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from finder.intake.layers.files import read_layer, write_layer
from finder.intake.layers.layer import Layer
from finder.intake.merging.merge import merge
from finder.intake.publishing.draft_reports import read_changes
from finder.intake.publishing.export import export_json
from finder.intake.publishing.publish import publish, published_tables
from finder.releases.installation import Installation
from tests.fixtures.installation import Stage
from tests.intake.rows import NPIS, answer, make_layer, place, provider

GOLD, SILVER = "hios:12345XX0000001", "hios:12345XX0000002"

ISSUER = "marketplace:12345"
"""The collection of their issuer."""


def directory_of(source: str = ISSUER, plan: str = GOLD, name: str = "") -> Layer:
    """A layer of one therapist in one plan; ``name`` is the plan's name, if the source has one."""
    npi = NPIS[0]
    return make_layer(
        source,
        plans={plan: name} if name else {},
        provider=[provider(npi)],
        location=[place(npi)],
        insurance=[answer(npi, plan)],
    )


def names(installation: Installation) -> dict[str, str]:
    frame = published_tables(installation)["plan"]
    return dict(zip(frame["plan"], frame["name"], strict=True))


def test_a_name_may_come_before_or_after_those_who_take_the_plan(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(directory_of()).id, by="ana")
    assert names(installation) == {}
    draft = stage(make_layer(ISSUER, plans={GOLD: "Harborlight Gold", SILVER: "Harborlight Silver"}))
    assert (draft.difference["unchanged"], draft.difference["answers_lost"]) == (1, 0)
    publish(installation, draft.id, by="ana")
    both = {GOLD: "Harborlight Gold", SILVER: "Harborlight Silver"}
    assert names(installation) == both, "a plan is there before anybody is in it"
    draft = stage(directory_of(plan=SILVER))
    publish(installation, draft.id, by="ana", confirm_losses=draft.difference["losses_to_confirm"])
    assert names(installation) == both


def test_a_draft_shows_changed_plan_names(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(directory_of(name="Harborlight Gold")).id, by="ana")
    draft = stage(make_layer(ISSUER, plans={GOLD: "Wonderful Plan"}))
    (change,) = read_changes(installation, draft)
    assert change == {
        "npi": "", "name": "Wonderful Plan", "change": "changed", "location_key": "", "field": f"plan {GOLD}",
        "before": "Harborlight Gold", "after": "Wonderful Plan",
    }  # fmt: skip
    assert names(installation) == {GOLD: "Harborlight Gold"}


def test_a_name_that_is_not_repeated_stays_until_the_whole_source_is_replaced(
    installation: Installation, stage: Stage
) -> None:
    publish(installation, stage(directory_of(name="Harborlight Gold")).id, by="ana")
    publish(installation, stage(directory_of()).id, by="ana")
    assert names(installation) == {GOLD: "Harborlight Gold"}
    publish(installation, stage(directory_of(), replace=True).id, by="ana")
    assert names(installation) == {}


@pytest.mark.parametrize("order", [1, -1])
def test_the_marketplace_name_of_a_plan_takes_precedence(order: int) -> None:
    names = {"in_network_rates:harborlight": "HL GOLD HMO", ISSUER: "Harborlight Gold"}
    layers = [directory_of(source, name=name) for source, name in names.items()]
    (row,) = merge(layers[::order]).tables["plan"].to_dict("records")
    assert (row["name"], row["source"]) == ("Harborlight Gold", ISSUER)


def test_a_layer_with_names_is_read_back_as_it_was_and_one_without_has_no_place_for_them(tmp_path: Path) -> None:
    layer = directory_of(name="Harborlight Gold")
    write_layer(layer, tmp_path / "with.zip")
    write_layer(directory_of(), tmp_path / "without.zip")
    assert read_layer(tmp_path / "with.zip").plans["plan"].equals(layer.plans["plan"])
    assert read_layer(tmp_path / "without.zip").plans["plan"].empty
    assert b"plan.parquet" not in (tmp_path / "without.zip").read_bytes(), "layers stored before stay what they are"


def test_the_export_has_plan_names_and_their_sources(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(directory_of(name="Harborlight Gold")).id, by="ana")
    exported = json.loads("".join(export_json(published_tables(installation))))
    assert exported["plans"] == [
        {
            "plan": GOLD, "year": "", "kind": "", "name": "Harborlight Gold", "issuer": "", "issuer_name": "",
            "source": ISSUER, "as_of": "2026-11-01", "identifiers": [], "networks": [],
        }
    ]  # fmt: skip
