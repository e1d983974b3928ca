"""The layout of the code: no crowded folder, no short module without a reason, no test that imports a test."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from pathlib import Path

from finder.resources import ROOT

MOST_MODULES = 20
"""In one folder."""

FEWEST_LINES = 50
"""A shorter module with a single importer belongs into that importer."""

APART = {
    "finder.intake.fetch.bulk": "is work, and its importer a command of the command line",
    "finder.intake.publishing.bootstrap": "is work, and its importer a command of the command line",
    "finder.intake.publishing.faulty_rows": "reads a file once more for the rows to correct; staging goes on without",
    "finder.intake.publishing.sample": "imported late: a server that has its data starts without pandas",
    "finder.intake.merging.answers": "the answers of one day: an idea of its own beside the merge of fields",
    "finder.intake.merging.plan_checks": "looks at collections, while the other checks look at rows",
    "finder.intake.sources.payers.marketplace.plan_list": "one of the two files of a marketplace issuer",
    "finder.intake.sources.payers.plan_net.reader": "is a source: the registry lists modules",
    "finder.intake.sources.payers.rates.services": "which codes are therapy, beside which amounts are prices",
    "finder.intake.sources.payers.physical_therapy_codes": "a list beside a reader of nearly 300 lines",
    "finder.intake.sources.staff.sample_csv": "is a source: the registry lists modules",
    "finder.web.profile.views": "is a page of the search's blueprint, and stands above the search",
}
"""Short modules with a single importer, each with the reason why they are modules."""


def modules(folder: str) -> dict[str, Path]:
    """Return the modules of a folder by their dotted names; a package is not one."""
    paths = (path for path in sorted((ROOT / folder).rglob("*.py")) if path.name not in {"__init__.py", "__main__.py"})
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}


def imported_by(path: Path) -> set[str]:
    """Return the dotted names that a module imports: modules, and what may be one in a package."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


def importers() -> dict[str, set[str]]:
    """Return, for each name imported in ``finder``, the files that import it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (ROOT / "finder").rglob("*.py"):
        for name in imported_by(path):
            found[name].add(str(path))
    return found


def registers_itself(path: Path) -> bool:
    """Return whether a module is a blueprint, or has a function that registers it with the application."""
    names = {
        name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        for name in (
            [node.name]
            if isinstance(node, ast.FunctionDef)
            else [target.id for target in node.targets if isinstance(target, ast.Name)]
            if isinstance(node, ast.Assign)
            else []
        )
    }
    return bool(names & {"blueprint", "register"})


def test_no_folder_has_too_many_modules() -> None:
    sizes = Counter(path.parent for path in modules("finder").values())
    assert {str(folder): size for folder, size in sizes.items() if size > MOST_MODULES} == {}


def test_a_short_module_with_one_importer_is_a_blueprint_or_has_a_reason() -> None:
    found = importers()
    short = {
        name
        for name, path in modules("finder").items()
        if len(path.read_text(encoding="utf-8").splitlines()) < FEWEST_LINES and len(found[name]) == 1
    }
    every = modules("finder")
    alone = {name for name in short if not (registers_itself(every[name]) or name in {"finder.app"})}
    assert alone - APART.keys() == set()
    assert APART.keys() - every.keys() == set()


def test_no_test_imports_from_another_test_module() -> None:
    found = {
        (name, imported)
        for name, path in modules("tests").items()
        for imported in imported_by(path)
        if imported.startswith("tests.") and imported.rpartition(".")[2].startswith("test_")
    }
    assert {pair for pair in found if pair[1] in modules("tests")} == set()
