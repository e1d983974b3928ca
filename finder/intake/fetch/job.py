"""The folder of one fetch: what has arrived is kept there, so that the same command goes on where it stopped.

Every file appears whole or not at all. An unfinished job is continued for a week; a finished one serves for its day.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from finder.intake.fetch.errors import AlreadyFetching

STALE = timedelta(days=7)
"""What is older was published before, and must not be mixed with what is fetched now."""

_NOTE = "job.json"


@dataclass(frozen=True, kw_only=True)
class Job:
    """A fetch that is under way or finished."""

    folder: Path
    begun: date
    """The date of what it holds: nothing in it is older."""
    files: tuple[Path, ...] | None = None
    """The finished files; None while it is under way."""

    def finish(self, files: Sequence[Path]) -> tuple[Path, ...]:
        """Note that these files are all that was to be fetched."""
        _write_note(self.folder, self.begun, [str(path.relative_to(self.folder)) for path in files])
        return tuple(files)


@contextmanager
def open_job(root: Path, name: str, today: date) -> Iterator[Job]:
    """Begin a job or go on with it, alone. Raises AlreadyFetching."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyFetching from error
        yield _found(root / name, today) or _begin(root / name, today)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.tmp")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _found(folder: Path, today: date) -> Job | None:
    """Read the note of a job that can be continued or used."""
    try:
        note = json.loads((folder / _NOTE).read_bytes())
        begun = date.fromisoformat(note["begun"])
        files = None if note["files"] is None else tuple(folder / name for name in note["files"])
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        return None
    if begun > today or today - begun > STALE or (files is not None and begun != today):
        return None
    if files is not None and not all(path.is_file() for path in files):
        return None
    return Job(folder=folder, begun=begun, files=files)


def _begin(folder: Path, today: date) -> Job:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    _write_note(folder, today, None)
    return Job(folder=folder, begun=today)


def _write_note(folder: Path, begun: date, files: list[str] | None) -> None:
    note = {"begun": begun.isoformat(), "files": files}
    write_atomically(folder / _NOTE, json.dumps(note).encode())
