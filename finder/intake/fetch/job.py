"""The folder of one fetch, in which files stay between runs, so that the same command resumes after a stop.

A file is written whole or not at all. An unfinished job is resumed for a week; a finished one is reused on its day.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from finder.disk import written_whole
from finder.intake.fetch.errors import AlreadyFetching

MAX_JOB_AGE = timedelta(days=7)
"""Files of an older job may come from an earlier publication, and must not be mixed with new ones."""

_STATE_FILE = "job.json"


@dataclass(frozen=True, kw_only=True)
class Job:
    """A fetch that is unfinished or finished."""

    folder: Path
    started: date
    """The day of the first run: no file of the job is older."""
    files: tuple[Path, ...] | None = None
    """The paths of the result; None while the job is unfinished."""

    def finish(self, files: Sequence[Path]) -> tuple[Path, ...]:
        """Save these files as the result of the job and return them."""
        _write_state(self.folder, self.started, [str(path.relative_to(self.folder)) for path in files])
        return tuple(files)


@contextmanager
def open_job(root: Path, name: str, today: date) -> Iterator[Job]:
    """Start or resume a job under a lock. Raises AlreadyFetching if another process holds it."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyFetching from error
        yield _existing_job(root / name, today) or _new_job(root / name, today)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file through a temporary one, so that a reader finds it whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as file:
        file.write(content)


def _existing_job(folder: Path, today: date) -> Job | None:
    """Return the job of a folder if it can be resumed or reused."""
    try:
        state = json.loads((folder / _STATE_FILE).read_bytes())
        started = date.fromisoformat(state["started"])
        files = None if state["files"] is None else tuple(folder / name for name in state["files"])
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        return None
    if started > today or today - started > MAX_JOB_AGE or (files is not None and started != today):
        return None
    if files is not None and not all(path.is_file() for path in files):
        return None
    return Job(folder=folder, started=started, files=files)


def _new_job(folder: Path, today: date) -> Job:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    _write_state(folder, today, None)
    return Job(folder=folder, started=today)


def _write_state(folder: Path, started: date, files: list[str] | None) -> None:
    state = {"started": started.isoformat(), "files": files}
    write_atomically(folder / _STATE_FILE, json.dumps(state).encode())
