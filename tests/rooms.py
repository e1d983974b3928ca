"""Which tests belong to what was changed, for ``make quick``.

``python -m tests.rooms`` prints the folders and files of tests of all that differs from main;
``python -m tests.rooms web places`` those of the rooms named.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from finder.resources import ROOT

ROOMS_OF_DATA = {
    "templates": "web",
    "data/medicare": "coverage",
    "data/guide": "web/guide",
    "data/sample": "intake/sample",
    "data/reference": "directory",
}
"""Rooms whose tests read files that are no Python."""

NOT_QUICK = {"bench", "browser", "fixtures"}
"""Folders of tests that ``make quick`` leaves out where they were changed: they hold none that it runs."""


def changed_files() -> list[str]:
    """Return what differs from main, committed or not, new files included."""
    base = _git("merge-base", "HEAD", "main") or _git("merge-base", "HEAD", "origin/main") or ["HEAD"]
    return [*_git("diff", "--name-only", base[0]), *_git("ls-files", "--others", "--exclude-standard")]


def _git(*args: str) -> list[str]:
    result = subprocess.run(["git", *args], cwd=ROOT, capture_output=True, text=True, check=False)
    return result.stdout.splitlines() if result.returncode == 0 else []


def paths_of(files: Iterable[str]) -> list[str]:
    """Return the tests of files of the repository: a folder for each room, and single files at the top."""
    found = {test for name in files for test in _paths_of_file(Path(name))}
    return sorted(found)


def _paths_of_file(path: Path) -> Iterable[str]:
    top, *rest = path.parts
    if top in ("finder", "tests") and len(rest) > 1 and rest[0] not in NOT_QUICK:
        yield from room_tests(rest[0])
    elif top in ("finder", "tests") and len(rest) == 1 and path.suffix == ".py":
        yield from room_tests(path.stem.removeprefix("test_"))
    for folder, room in ROOMS_OF_DATA.items():
        if path.is_relative_to(folder):
            yield from room_tests(room)


def room_tests(room: str) -> list[str]:
    """Return the folder or the file that tests a room, as ``web``, ``web/map`` or ``settings``."""
    parent, _, name = room.rpartition("/")
    choices = [Path("tests") / room, Path("tests") / parent / f"test_{name}.py"]
    return [str(path) for path in choices if (ROOT / path).exists()]


def main(rooms: list[str]) -> int:
    """Print the tests of the rooms named, or of what was changed; exit status 2 where a room has none."""
    for room in rooms:
        if not room_tests(room):
            print(f"There are no tests of a room {room!r}.", file=sys.stderr)  # noqa: T201
            return 2
    tests = [test for room in rooms for test in room_tests(room)] if rooms else paths_of(changed_files())
    print(*tests)  # noqa: T201 - the answer to make
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
