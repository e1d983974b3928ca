"""The release store: files named by their SHA-256, in a folder or any file system of fsspec.

``<sha>.sqlite`` are releases and candidates, ``layers/<sha>.zip`` what they are made of, ``notices/`` and ``changes/``
the reports of drafts. A file is written atomically and never changed: its name determines its content.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import fsspec

from finder.directory.release.file_format import file_sha256
from finder.disk import SETTLED_SECONDS, UNFINISHED, DiskFull, disk_error, written_whole
from finder.errors import FinderError
from finder.settings import Settings

SUFFIXES = {"": ".sqlite", "layers": ".zip", "notices": ".jsonl.gz", "changes": ".parquet"}
"""The folders of the store (``""`` holds the releases) and their file name endings."""


class StoreUnavailable(FinderError):
    """The release store cannot be reached. Check FINDER_RELEASES_URL and the network, then try again."""


class ReleaseFileMissing(FinderError):
    """A file that belongs to a release is not in the release store. Stage the files again."""


class ReleaseFileDamaged(FinderError):
    """A file in the release store is not what it was when it was stored. Restore the store from a copy."""


@dataclass(frozen=True)
class Store:
    """The store at ``url``; ``cache`` is a local folder for files of a remote store."""

    url: str
    cache: Path

    @classmethod
    def of(cls, settings: Settings) -> Store:
        """Return the store of these settings."""
        return cls(settings.release_store(), settings.home / "cache")

    @property
    def is_local(self) -> bool:
        """Return whether the store is a folder of this machine."""
        return "://" not in self.url or self.url.startswith("file://")

    def put(self, folder: str, path: Path) -> str:
        """Add a copy of a file, durably, and return its SHA-256."""
        sha256 = file_sha256(path)
        name = self._name(folder, sha256)
        with self._reached():
            if self.is_local:
                _copy_durably(path, Path(self._root()) / name)
            else:
                self._filesystem().put_file(str(path), f"{self._root()}/{name}")
        return sha256

    def local(self, folder: str, sha256: str) -> Path:
        """Return the local path of a file, fetched into the cache if needed.

        Raises ReleaseFileMissing, ReleaseFileDamaged.
        """
        name = self._name(folder, sha256)
        if self.is_local:
            path = Path(self._root()) / name
            if not path.is_file():
                raise ReleaseFileMissing
            return path
        path = self.cache / name
        if not path.is_file():
            self._fetch(name, sha256, path)
        return path

    def verify(self, folder: str, sha256: str) -> Path:
        """Return the local path of a file after checking its SHA-256. Raises ReleaseFileMissing, ReleaseFileDamaged."""
        path = self.local(folder, sha256)
        if file_sha256(path) != sha256:
            if not self.is_local:
                path.unlink(missing_ok=True)
            raise ReleaseFileDamaged
        return path

    def prune(self, needed: Iterable[tuple[str, str]], *, now: float | None = None) -> int:
        """Remove files that are neither needed (folder, SHA-256) nor recent; return their number.

        Files of a running stage are recent, because ``put`` always writes the file again.
        """
        keep = {self._name(folder, sha256) for folder, sha256 in needed}
        limit = (time.time() if now is None else now) - SETTLED_SECONDS
        removed = 0
        with self._reached():
            for folder in SUFFIXES:
                for name, modified in self._listed(folder):
                    if name not in keep and modified < limit:
                        self._filesystem().rm_file(f"{self._root()}/{name}")
                        removed += 1
        _prune_cache(self.cache, keep, limit)
        return removed

    def _name(self, folder: str, sha256: str) -> str:
        name = sha256 + SUFFIXES[folder]
        return f"{folder}/{name}" if folder else name

    def _filesystem(self) -> fsspec.AbstractFileSystem:
        return fsspec.core.url_to_fs(self.url)[0]

    def _root(self) -> str:
        return str(fsspec.core.url_to_fs(self.url)[1]).rstrip("/")

    def _fetch(self, name: str, sha256: str, path: Path) -> None:
        with scratch(self.cache) as folder:
            fetched = folder / "fetched"
            with self._reached():
                self._filesystem().get_file(f"{self._root()}/{name}", str(fetched))
            if file_sha256(fetched) != sha256:
                raise ReleaseFileDamaged
            _copy_durably(fetched, path)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Turn what a file system raises into errors of the store, or of the disk of this machine."""
        try:
            yield
        except FileNotFoundError as error:
            raise ReleaseFileMissing from error
        except (OSError, ConnectionError, TimeoutError) as error:
            refused = disk_error(error)
            if refused and (self.is_local or isinstance(refused, DiskFull)):
                raise refused from error
            raise StoreUnavailable from error

    def _listed(self, folder: str) -> Iterator[tuple[str, float]]:
        """Yield the name and the modification time of each file in a folder of the store."""
        filesystem, place = self._filesystem(), f"{self._root()}/{folder}".rstrip("/")
        filesystem.invalidate_cache()  # another machine may have put files there
        if not filesystem.isdir(place):
            return
        for entry in filesystem.ls(place, detail=True):
            name = str(entry["name"]).rsplit("/", 1)[-1]
            if entry["type"] == "file" and (name.endswith(SUFFIXES[folder]) or name.startswith(UNFINISHED)):
                changed = filesystem.modified(entry["name"])
                yield (f"{folder}/{name}" if folder else name), changed.timestamp()


@contextmanager
def scratch(parent: Path) -> Iterator[Path]:
    """Create a folder for unfinished files and remove it afterwards; those of killed processes are pruned later."""
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _copy_durably(source: Path, target: Path) -> None:
    """Copy a file to ``target`` atomically and durably."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(target) as writing, source.open("rb") as reading:
        shutil.copyfileobj(reading, writing, 2**20)


def _prune_cache(cache: Path, keep: set[str], limit: float) -> None:
    """Remove fetched files that are not needed, and unfinished files of killed processes."""
    old = [path for path in cache.rglob("*") if _changed_before(path, limit)]  # what goes changes its folder
    for path in sorted(old, reverse=True):  # files before their folders
        with suppress(OSError):
            if path.is_dir() and path.name.startswith(UNFINISHED):
                path.rmdir()
            elif path.is_file() and path.relative_to(cache).as_posix() not in keep:
                path.unlink()


def _changed_before(path: Path, limit: float) -> bool:
    try:
        return path.stat().st_mtime < limit
    except OSError:  # somebody else removed it
        return False
