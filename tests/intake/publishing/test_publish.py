"""From layers to the public release and back: drafts, the 5% rule, the sample, rollback, pruning."""

from __future__ import annotations

from pathlib import Path

import pytest

from finder.disk import SETTLED_SECONDS
from finder.intake.layers.stack import SampleIsOver
from finder.intake.publishing.draft_reports import ChangeFilter, page_of_changes, read_changes
from finder.intake.publishing.export import export_csv, export_json
from finder.intake.publishing.publish import (
    NothingLeft,
    RemovalsNotConfirmed,
    prune,
    publish,
    published_tables,
    roll_back,
)
from finder.intake.publishing.status import describe_status
from finder.records.audit import AuditFilter, list_events
from finder.records.drafts import BaseChanged, DraftClosed, UnknownDraft
from finder.records.releases import NothingToRollBack
from finder.releases.current import CurrentDirectory
from finder.releases.installation import Installation, NothingPublished
from finder.releases.store import ReleaseFileDamaged, ReleaseFileMissing
from finder.settings import Settings
from tests.fixtures.installation import Stage
from tests.intake.rows import NPIS, answer, evidence, make_layer, place, provider, small_layer


def exported(installation: Installation) -> str:
    tables = published_tables(installation)
    return "".join(export_csv(tables)) + "".join(export_json(tables))


def names(installation: Installation) -> dict[str, str]:
    frame = published_tables(installation)["provider"]
    return dict(zip(frame["npi"], frame["name"], strict=True))


def test_staging_changes_nothing_that_is_public(installation: Installation, stage: Stage) -> None:
    draft = stage(small_layer())
    assert draft.difference == {
        "added": 3, "changed": 0, "removed": 0, "unchanged": 0, "to_confirm": 0, "answers_lost": 0,
        "losses_to_confirm": 0,
    }  # fmt: skip
    with pytest.raises(NothingPublished):
        published_tables(installation)


def test_publishing_makes_the_draft_public_and_logs_it(installation: Installation, stage: Stage) -> None:
    release = publish(installation, stage(small_layer()).id, by="ana")
    assert list(names(installation)) == list(NPIS[:3])
    with installation.records.reading() as session:
        (event,) = list_events(session, AuditFilter(action="publish"))
    assert (event.actor, event.detail["sha256"], event.detail["difference"]["added"]) == ("ana", release.sha256, 3)


def test_equal_inputs_make_the_same_release_at_any_time(
    installation: Installation, stage: Stage, tmp_path: Path
) -> None:
    one, other = stage(small_layer()), stage(small_layer(), by="ben")
    assert one.sha256 == other.sha256
    assert one.manifest == other.manifest
    assert [layer["source"] for layer in one.manifest["layers"]] == ["nppes"]


def test_an_update_replaces_its_providers_and_keeps_the_others(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(small_layer(3)).id, by="ana")
    news = make_layer(
        "nppes", "2026-11-08", provider=[provider(NPIS[0], "New Name")], location=[place(NPIS[0], "1 Pine St")]
    )
    draft = stage(news)
    assert draft.difference["changed"] == 1
    assert draft.difference["unchanged"] == 2
    publish(installation, draft.id, by="ana")
    assert names(installation) == {
        NPIS[0]: "New Name",
        NPIS[1]: f"Person {NPIS[1][-3:]}",
        NPIS[2]: f"Person {NPIS[2][-3:]}",
    }
    specialty = published_tables(installation)["specialty"]
    assert NPIS[0] not in set(specialty["npi"]), "what the source no longer says of a person goes"


def test_replacing_a_source_removes_providers_that_it_lacks(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(small_layer(3)).id, by="ana")
    draft = stage(small_layer(2), replace=True)
    assert (draft.difference["removed"], draft.difference["to_confirm"]) == (1, 1)


def test_other_sources_stay_when_one_is_replaced(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(small_layer(2), small_layer(4, "clinicians")).id, by="ana")
    publish(installation, stage(small_layer(1), replace=True).id, by="ana")
    assert len(names(installation)) == 4


def test_a_deactivated_provider_leaves(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(small_layer(40)).id, by="ana")
    draft = stage(make_layer("nppes", "2026-11-08", provider=[provider(NPIS[0], "", status="deactivated")]))
    assert (draft.difference["removed"], draft.difference["unchanged"]) == (1, 39)
    publish(installation, draft.id, by="ana")
    assert NPIS[0] not in names(installation)


def test_removing_more_than_one_in_twenty_needs_the_exact_number(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(small_layer(40)).id, by="ana")
    allowed = stage(small_layer(38), replace=True)
    assert allowed.difference["to_confirm"] == 0, "5% is not more than 5%"
    draft = stage(small_layer(37), replace=True)
    before = exported(installation)
    for number in (None, 0, 2, 4, 40):
        with pytest.raises(RemovalsNotConfirmed, match="3 of 40"):
            publish(installation, draft.id, by="ana", confirm_removals=number)
    assert exported(installation) == before
    publish(installation, draft.id, by="ana", confirm_removals=3)
    assert len(names(installation)) == 37


def test_the_first_real_data_removes_the_sample_without_a_confirmation(
    installation: Installation, stage: Stage
) -> None:
    publish(installation, stage(small_layer(40, "sample")).id, by="setup")
    assert published_manifest(installation)["sample"] is True
    publish(installation, stage(make_layer("nppes", provider=[provider(NPIS[1], "Real Person")])).id, by="ana")
    assert names(installation) == {NPIS[1]: "Real Person"}
    assert published_manifest(installation)["sample"] is False


def test_the_sample_never_comes_back_among_real_data(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(small_layer(2)).id, by="ana")
    with pytest.raises(SampleIsOver):
        stage(small_layer(2, "sample"))


def test_a_draft_staged_before_another_was_published_is_refused(installation: Installation, stage: Stage) -> None:
    first, second = stage(small_layer(2)), stage(small_layer(3))
    publish(installation, second.id, by="ana")
    with pytest.raises(BaseChanged):
        publish(installation, first.id, by="ana")
    assert len(names(installation)) == 3


def test_a_draft_is_published_once_and_an_unknown_one_never(installation: Installation, stage: Stage) -> None:
    draft = stage(small_layer(2))
    publish(installation, draft.id, by="ana")
    with pytest.raises(DraftClosed):
        publish(installation, draft.id, by="ana")
    with pytest.raises(UnknownDraft):
        publish(installation, 999, by="ana")


def test_an_empty_release_is_refused(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(small_layer(5, "sample")).id, by="setup")
    with pytest.raises(NothingLeft):
        publish(installation, stage(make_layer("nppes")).id, by="ana")
    assert len(names(installation)) == 5


def test_rolling_back_restores_the_export_byte_for_byte_and_the_layers(
    installation: Installation, stage: Stage
) -> None:
    publish(installation, stage(small_layer(3)).id, by="ana")
    before, layers = exported(installation), published_manifest(installation)["layers"]
    publish(installation, stage(small_layer(30), small_layer(9, "clinicians")).id, by="ana")
    assert exported(installation) != before
    roll_back(installation, by="ben")
    assert exported(installation) == before
    assert published_manifest(installation)["layers"] == layers
    assert stage(small_layer(3)).difference["unchanged"] == 3, "the next file meets the restored layers"


def test_the_first_release_cannot_be_rolled_back(installation: Installation, stage: Stage) -> None:
    with pytest.raises(NothingToRollBack):
        roll_back(installation, by="ben")
    publish(installation, stage(small_layer(3)).id, by="ana")
    with pytest.raises(NothingToRollBack):
        roll_back(installation, by="ben")
    assert len(names(installation)) == 3


def test_a_damaged_or_missing_draft_file_is_never_published(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(small_layer(2)).id, by="ana")
    draft = stage(small_layer(3))
    path = installation.store.local("", draft.sha256)
    damaged = bytearray(path.read_bytes())
    damaged[-1] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(ReleaseFileDamaged):
        publish(installation, draft.id, by="ana")
    path.unlink()
    with pytest.raises(ReleaseFileMissing):
        publish(installation, draft.id, by="ana")
    assert len(names(installation)) == 2


@pytest.mark.slow
def test_pruning_keeps_what_rolling_back_and_open_drafts_need(installation: Installation, stage: Stage) -> None:
    for count in (2, 3, 4, 5):
        publish(installation, stage(small_layer(count)).id, by="ana")
    open_draft = stage(small_layer(6))
    needed = [release["sha256"] for release in describe_status(installation)["earlier"][:1]] + [open_draft.sha256]
    store = Path(installation.store.url)
    assert len(list(store.glob("*.sqlite"))) == 5
    prune(installation, keep=2)
    assert len(list(store.glob("*.sqlite"))) == 5, "what is recent is never removed: somebody may be about to use it"
    make_files_old(store)
    prune(installation, keep=2)
    assert len(list(store.glob("*.sqlite"))) == 3
    assert all(installation.store.verify("", sha256) for sha256 in needed)
    roll_back(installation, by="ben")
    assert len(names(installation)) == 4
    assert not list(store.rglob(".unfinished-*"))


def test_changes_are_listed_by_provider_and_field_and_filtered(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(small_layer(4)).id, by="ana")
    news = make_layer(
        "nppes",
        "2026-11-08",
        provider=[provider(NPIS[0], "New Name"), provider(NPIS[5], "Someone Else")],
        location=[place(NPIS[0], phone="6175550177")],
        specialty=[evidence(NPIS[0])],
    )
    draft = stage(news)
    changes = [
        (row["npi"], row["change"], row["field"], row["before"], row["after"])
        for row in read_changes(installation, draft)
    ]
    assert changes == [
        (NPIS[0], "changed", "name", f"Person {NPIS[0][-3:]}", "New Name"),
        (NPIS[0], "changed", "phone", "6175550100", "6175550177"),
        (NPIS[5], "added", "", "", "Someone Else"),
    ]
    assert page_of_changes(installation, draft, ChangeFilter(change="changed"), limit=1, offset=1)[0] == 2
    assert page_of_changes(installation, draft, ChangeFilter(field="phone"))[1][0]["after"] == "6175550177"
    assert page_of_changes(installation, draft, ChangeFilter(text="SOMEONE"))[0] == 1
    assert page_of_changes(installation, draft, ChangeFilter(text="[(.*"))[0] == 0


def test_the_same_file_a_month_later_changes_no_provider(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(small_layer(4, as_of="2026-10-01")).id, by="ana")
    draft = stage(small_layer(4, as_of="2026-11-01"))
    assert draft.difference["unchanged"] == 4
    publish(installation, draft.id, by="ana")
    assert set(published_tables(installation)["provider"]["name_as_of"]) == {"2026-11-01"}


def test_the_directory_follows_what_is_published(installation: Installation, stage: Stage, settings: Settings) -> None:
    current = CurrentDirectory(settings, check_seconds=0)
    with pytest.raises(NothingPublished):
        current.get()
    release = publish(installation, stage(small_layer(2)).id, by="ana")
    assert current.get().release.sha256 == current.state().release == release.sha256
    second = publish(installation, stage(small_layer(3)).id, by="ana")
    assert current.get().release.sha256 == second.sha256
    roll_back(installation, by="ben")
    assert current.get().release.sha256 == release.sha256


def test_the_last_release_is_served_without_the_records_even_after_a_restart(
    installation: Installation, stage: Stage, settings: Settings
) -> None:
    release = publish(installation, stage(small_layer(2)).id, by="ana")
    CurrentDirectory(settings).get()
    installation.records.close()
    records = settings.home / "records.sqlite"
    records.rename(records.with_name("away"))
    records.mkdir()
    current = CurrentDirectory(settings)
    assert current.get().release.sha256 == release.sha256
    assert not current.state().records_answer


def published_manifest(installation: Installation) -> dict[str, object]:
    status = describe_status(installation)
    release = status["release"]
    return {"layers": release["layers"], "sample": any(layer["source"] == "sample" for layer in release["layers"])}


def make_files_old(folder: Path) -> None:
    """Set the time of every file before the settling time."""
    import os
    import time

    old = time.time() - SETTLED_SECONDS - 60
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (old, old))


def test_a_layer_counts_the_listed_providers_that_it_describes(stage: Stage) -> None:
    rates = make_layer("in_network_rates", insurance=[answer(NPIS[0]), answer(NPIS[30])])
    layers = stage(small_layer(3), rates).manifest["layers"]
    assert {layer["source"]: (layer["providers"], layer["listed"]) for layer in layers} == {
        "nppes": (3, 3),
        "in_network_rates": (0, 1),
    }
