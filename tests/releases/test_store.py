"""The release store: local and remote, whole files only, with a verified cache."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import fsspec
import pytest

from finder.disk import SETTLED_SECONDS
from finder.intake.publishing.publish import publish, published_tables, roll_back
from finder.intake.publishing.stage import StageRequest, published_stack, stage_layers
from finder.places.gazetteer import Gazetteer
from finder.releases.current import CurrentDirectory
from finder.releases.installation import Installation
from finder.releases.store import ReleaseFileDamaged, ReleaseFileMissing, Store, StoreUnavailable
from finder.settings import Settings
from tests.intake.rows import small_layer


@pytest.fixture(params=["folder", "far"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    url = str(tmp_path / "releases") if request.param == "folder" else f"memory://{uuid.uuid4().hex}"
    return Store(url, tmp_path / "cache")


def put_file(store: Store, tmp_path: Path, text: str = "content") -> str:
    path = tmp_path / "new"
    path.write_text(text)
    return store.put("layers", path)


def test_a_stored_file_is_found_by_its_sha256(store: Store, tmp_path: Path) -> None:
    sha256 = put_file(store, tmp_path)
    assert store.verify("layers", sha256).read_text() == "content"
    assert put_file(store, tmp_path) == sha256, "putting it twice is putting it once"


def test_a_file_that_was_never_stored_is_missing(store: Store) -> None:
    with pytest.raises(ReleaseFileMissing):
        store.local("layers", "0" * 64)


def test_pruning_removes_what_is_old_and_not_needed(store: Store, tmp_path: Path) -> None:
    needed, other = put_file(store, tmp_path), put_file(store, tmp_path, "other")
    assert store.prune([("layers", needed)]) == 0
    later = os.stat(tmp_path).st_mtime + SETTLED_SECONDS + 60
    assert store.prune([("layers", needed)], now=later) == 1
    assert store.verify("layers", needed).is_file()
    with pytest.raises(ReleaseFileMissing):
        Store(store.url, tmp_path / "another cache").local("layers", other)


def test_unfinished_files_of_killed_processes_are_pruned(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "releases"), tmp_path / "cache")
    put_file(store, tmp_path)
    for left in (tmp_path / "releases" / "layers" / ".unfinished-1", tmp_path / "cache" / ".unfinished-2" / "release"):
        left.parent.mkdir(parents=True, exist_ok=True)
        left.write_text("half")
        assert store.prune([]) == 0
        assert left.exists()
        for path in (left, left.parent):
            os.utime(path, (0, 0))
        store.prune([])
        assert not left.exists()
    assert list((tmp_path / "cache").iterdir()) == [], "the folder of an unfinished file goes with it"


def test_a_damaged_remote_file_is_refused(tmp_path: Path) -> None:
    store = Store(f"memory://{uuid.uuid4().hex}", tmp_path / "cache")
    sha256 = put_file(store, tmp_path)
    with fsspec.open(f"{store.url}/layers/{sha256}.zip", "wb") as file:
        file.write(b"spoiled")
    with pytest.raises(ReleaseFileDamaged):
        store.local("layers", sha256)
    assert not list((tmp_path / "cache").rglob("*.zip"))


def test_a_damaged_cached_file_is_fetched_again(tmp_path: Path) -> None:
    store = Store(f"memory://{uuid.uuid4().hex}", tmp_path / "cache")
    sha256 = put_file(store, tmp_path)
    store.local("layers", sha256).write_text("spoiled")
    with pytest.raises(ReleaseFileDamaged):
        store.verify("layers", sha256)
    assert store.verify("layers", sha256).read_text() == "content"


def test_an_unreachable_store_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(str(tmp_path / "file" / "releases"), tmp_path / "cache")
    with pytest.raises(StoreUnavailable):
        put_file(store, tmp_path)


def test_machines_share_a_store_and_each_has_its_cache(tmp_path: Path, gazetteer: Gazetteer) -> None:
    releases, database = f"memory://{uuid.uuid4().hex}", f"sqlite:///{tmp_path / 'shared.sqlite'}"
    office, web = (
        Settings(home=tmp_path / name, database_url=database, releases_url=releases) for name in ("office", "web")
    )
    installation, current = Installation.open(office), CurrentDirectory(web, check_seconds=0)
    first = publish(installation, stage(installation, gazetteer, 3), by="ana")
    assert current.get().release.sha256 == first.sha256
    second = publish(installation, stage(installation, gazetteer, 5), by="ana")
    assert current.get().release.sha256 == second.sha256
    assert {path.stem for path in (tmp_path / "web").rglob("*.sqlite")} == {first.sha256, second.sha256}
    roll_back(installation, by="ana")
    assert current.get().release.sha256 == first.sha256
    assert len(published_tables(Installation.open(web))["provider"]) == 3


def test_the_last_release_is_served_without_the_store(tmp_path: Path, gazetteer: Gazetteer) -> None:
    settings = Settings(home=tmp_path / "home", releases_url=f"memory://{uuid.uuid4().hex}")
    installation, current = Installation.open(settings), CurrentDirectory(settings, check_seconds=0)
    first = publish(installation, stage(installation, gazetteer, 3), by="ana")
    assert current.get().release.sha256 == first.sha256
    second = publish(installation, stage(installation, gazetteer, 5), by="ana")
    filesystem, root = fsspec.core.url_to_fs(settings.releases_url)
    for copy in (tmp_path / "home" / "cache").glob("*.sqlite"):
        if copy.stem == second.sha256:
            copy.unlink()
    content = filesystem.cat(f"{root}/{second.sha256}.sqlite")
    filesystem.rm(f"{root}/{second.sha256}.sqlite")
    assert current.get().release.sha256 == first.sha256
    filesystem.pipe(f"{root}/{second.sha256}.sqlite", content)
    assert current.get().release.sha256 == second.sha256


def stage(installation: Installation, gazetteer: Gazetteer, count: int) -> int:
    base, stack = published_stack(installation)
    request = StageRequest(paths=[Path("file.csv")], by="eva")
    return stage_layers(installation, [small_layer(count)], request, base=base, stack=stack, gazetteer=gazetteer).id
