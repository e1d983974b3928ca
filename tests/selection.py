"""Select the tests of changed files, for ``make quick``.

``python -m tests.selection`` prints the folders and files of tests of all that differs from main;
``python -m tests.selection web places`` those of the packages named.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from finder.resources import ROOT

PACKAGES_OF_DATA = {
    "templates": "web",
    "data/medicare": "coverage",
    "data/guide": "web/guide",
    "data/sample": "intake/sample",
    "data/reference": "directory",
}
"""Packages whose tests read files that are not Python, by the folder of these files."""

NOT_SELECTED = {"bench", "browser", "fixtures", "soak"}
"""Folders of tests that ``make quick`` leaves out where they were changed: they hold none that it runs."""


def changed_files() -> list[str]:
    """Return the paths that differ from main, committed or not, new files included."""
    base = _git("merge-base", "HEAD", "main") or _git("merge-base", "HEAD", "origin/main") or ["HEAD"]
    return [*_git("diff", "--name-only", base[0]), *_git("ls-files", "--others", "--exclude-standard")]


def _git(*args: str) -> list[str]:
    result = subprocess.run(["git", *args], cwd=ROOT, capture_output=True, text=True, check=False)
    return result.stdout.splitlines() if result.returncode == 0 else []


def file_tests(files: Iterable[str]) -> list[str]:
    """Return the tests of files of the repository: a folder for each package, and single files at the top."""
    tests = {test for name in files for test in _file_tests(Path(name))}
    return sorted(tests)


def _file_tests(path: Path) -> Iterable[str]:
    top, *rest = path.parts
    if top in ("finder", "tests") and len(rest) > 1 and rest[0] not in NOT_SELECTED:
        yield from package_tests(rest[0])
    elif top in ("finder", "tests") and len(rest) == 1 and path.suffix == ".py":
        yield from package_tests(path.stem.removeprefix("test_"))
    for folder, package in PACKAGES_OF_DATA.items():
        if path.is_relative_to(folder):
            yield from package_tests(package)


def package_tests(package: str) -> list[str]:
    """Return the folder or the file that tests a package or module, such as ``web``, ``web/map`` or ``settings``."""
    parent, _, name = package.rpartition("/")
    choices = [Path("tests") / package, Path("tests") / parent / f"test_{name}.py"]
    return [str(path) for path in choices if (ROOT / path).exists()]


def main(packages: list[str]) -> int:
    """Print the tests of the packages named, or of what was changed; exit status 2 if a package has none."""
    for package in packages:
        if not package_tests(package):
            print(f"There are no tests of a package {package!r}.", file=sys.stderr)  # noqa: T201
            return 2
    tests = (
        [test for package in packages for test in package_tests(package)] if packages else file_tests(changed_files())
    )
    print(*tests)  # noqa: T201 - the answer to make
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
