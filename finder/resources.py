"""Where the files that travel with the code lie: the pages' templates, and the data that the product ships.

In a checkout they stand beside the package, at the top level; in an installed wheel they stand inside it. This is the
only module that knows.
"""

from __future__ import annotations

from pathlib import Path

from finder.errors import FinderError

_PACKAGE = Path(__file__).parent
_INSTALLED = (_PACKAGE / "templates").is_dir()

ROOT = _PACKAGE if _INSTALLED else _PACKAGE.parent
"""Folder in which the others lie; in a checkout the repository's top level."""

TEMPLATES = ROOT / "templates"
"""Folder of the Jinja templates."""

REFERENCE = ROOT / "data" / "reference"
"""Folder of the vocabulary: specialties, payers, conditions, words, states, corrections of ZIP codes."""

MEDICARE = ROOT / "data" / "medicare"
"""Folder of the dated, cited Medicare figures."""

EXAMPLE_REQUESTS = ROOT / "data" / "examples" / "requests.toml"
"""Small requests that together reach every sentence of an estimate, for the page that lists them."""

GUIDE = ROOT / "data" / "guide"
"""Folder of the texts of the guide."""

SAMPLE_PROVIDERS = ROOT / "data" / "sample" / "providers.csv"
"""The bundled table of fictional providers."""


class NotACheckout(FinderError):
    """This command changes files of the project, and an installed program has none to change.

    Run it in a checkout of the repository, or name another file or folder to write.
    """


def writable(path: Path) -> Path:
    """Return a path below ``ROOT`` that a developer's command is about to write. Raises NotACheckout."""
    if _INSTALLED:
        raise NotACheckout
    return path
