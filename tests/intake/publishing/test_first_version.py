"""An installation that the first version stored goes on: its answers, staff's decisions, old links, the way back.

``first_version.zip`` holds the home of an installation and the files that were staged in it (``files/``), made once by
the first version (commit 4448d22): the sample, then a staff table with the files of two payers of rates who both call
a plan Gold PPO, a third one, two marketplace issuers with a list of plan names, a Plan-Net directory, and two edits on
the plan ``alpha-net``, which says nothing of whose it is.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from finder.directory.provider import InsuranceStatus
from finder.directory.release.release import Release
from finder.directory.search import Directory
from finder.intake.publishing.collections import published_collections
from finder.intake.publishing.publish import publish, roll_back
from finder.intake.publishing.rebuild import rebuild_current
from finder.intake.publishing.stage import StageRequest, stage
from finder.records.tables.data import DraftRecord
from finder.releases.installation import Installation
from finder.settings import Settings

STORED = Path(__file__).with_name("first_version.zip")

TODAY = date(2026, 9, 10)

A, B, C, D, E, F, G, H = (f"20000000{end}" for end in ("10", "28", "36", "44", "51", "69", "77", "85"))
"""The therapists of the installation, by number."""

BLUESTONE, ZENITH = (
    "ein:121212121.gold-ppo.bluestone-mutual",
    "ein:343434343.gold-ppo.zenith-health",
)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Installation]:
    with zipfile.ZipFile(STORED) as archive:
        archive.extractall(tmp_path)
    installation = Installation.open(Settings(home=tmp_path / "home", today=TODAY))
    with closing(installation.records):
        assert rebuild_current(installation, by="test")
        yield installation


def directory(installation: Installation) -> Directory:
    return Directory(Release.open(installation.published_file()), TODAY)


def answers(installation: Installation) -> dict[str, dict[str, InsuranceStatus]]:
    """Return what is known of plans besides Medicare, by therapist."""
    release = Release.open(installation.published_file())
    found = {}
    for npi in (A, B, C, D, E, F, G, H):
        provider = release.provider(npi)
        assert provider is not None
        found[npi] = {one.plan: one.status for one in provider.insurance if one.plan != "medicare"}
    return found


def staged(installation: Installation, *names: str) -> DraftRecord:
    files = installation.settings.home.parent / "files"
    return stage(installation, StageRequest(paths=[files / name for name in names], by="ana"))


def put_out(installation: Installation, *names: str) -> None:
    draft = staged(installation, *names)
    publish(installation, draft.id, by="bo", confirm_losses=draft.difference["losses_to_confirm"])


def test_the_answers_go_on_under_the_present_keys(old: Installation) -> None:
    assert answers(old) == {
        A: {"hios:11111MA0010001": "yes", "gold-ppo": "yes"},
        B: {"hios:11111MA0010001": "yes", "gold-ppo": "yes"},
        C: {"hios:22222MA0020002": "yes", "gold-ppo": "yes"},
        D: {"gold-ppo": "yes"},
        E: {"hios:11111MA002": "yes"},
        F: {"alpha-net": "no"},
        G: {"alpha-net": "yes"},
        H: {"gold-ppo": "yes"},
    }
    plans = directory(old).plans
    assert plans.name("hios:11111MA0010001") == "Alder Silver"
    assert plans.resolve("11111MA0010001") == ("hios:11111MA0010001",)
    assert plans.resolve("gold-ppo") == ("gold-ppo",)


def test_a_layer_of_all_insurers_becomes_collections_where_its_rows_tell(old: Installation) -> None:
    draft = staged(old, "staff_2026-09-05.csv")
    publish(old, draft.id, by="bo", confirm_losses=draft.difference["losses_to_confirm"])
    assert {one.collection: one.title for one in published_collections(old) if ":" in one.collection} == {
        "in_network_rates:before-collections": "before collections",
        "marketplace:11111": "Marketplace issuer 11111",
        "marketplace:22222": "Marketplace issuer 22222",
        "plan_net:before-collections": "before collections",
    }


def test_the_next_file_of_a_payer_takes_its_answers_out_of_what_was_before_collections(old: Installation) -> None:
    draft = staged(old, "2026-09-01_bluestone.json")
    assert draft.difference["losses_to_confirm"] == 2, "of Gold PPO nobody can tell whose C and D were"
    publish(old, draft.id, by="bo", confirm_losses=2)
    assert directory(old).plans.resolve("gold-ppo") == (BLUESTONE,), "an old link leads on"
    put_out(old, "2026-09-02_zenith.json")
    assert directory(old).plans.resolve("gold-ppo") == (BLUESTONE, ZENITH), "and offers the choice between two"
    put_out(old, "2026-09-03_product.json")
    found = answers(old)
    assert found[A] == {"hios:11111MA0010001": "yes", BLUESTONE: "yes"}
    assert (found[C], found[D]) == ({"hios:22222MA0020002": "yes", ZENITH: "yes"}, {ZENITH: "yes"})
    assert found[E] == {"hios:11111MA002": "yes"}
    assert found[H] == {"gold-ppo": "yes"}, "what staff heard of one of two plans is not told of either"
    left = {one.collection for one in published_collections(old)}
    assert "in_network_rates:before-collections" not in left


def test_a_decision_of_staff_on_an_old_key_counts_for_the_plan_that_it_leads_to(old: Installation) -> None:
    put_out(old, "plannet_2026-09-01.json")
    (network,) = directory(old).plans.resolve("alpha-net")
    assert network.startswith("network:")
    found = answers(old)
    assert (found[F], found[G]) == ({network: "no"}, {network: "yes"})


def test_a_marketplace_issuer_replaces_its_own_answers_alone(old: Installation) -> None:
    put_out(old, "marketplace-2_providers_2026-09-02.json")
    found = answers(old)
    assert found[A]["hios:11111MA0010001"] == "yes"
    assert found[C]["hios:22222MA0020002"] == "yes"


def test_a_release_without_tables_of_plans_can_be_gone_back_to(old: Installation) -> None:
    put_out(old, "2026-09-01_bluestone.json")
    roll_back(old, by="ana")
    assert answers(old)[D] == {"gold-ppo": "yes"}
    roll_back(old, by="ana")
    assert answers(old)[G] == {}, "from before the edits"
