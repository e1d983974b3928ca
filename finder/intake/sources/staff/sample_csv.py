"""The bundled sample of fictional providers: a staff CSV with one more column, the date of each row."""

from __future__ import annotations

from collections.abc import Sequence

from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context
from finder.intake.sources.formats.delimited import header_of
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.staff import staff_csv

SOURCE = "sample"


def recognizes(file: SourceFile) -> bool:
    """Return whether a file is the sample."""
    header = header_of(file)
    return header is not None and header.has("npi", staff_csv.SAMPLE_DAY)


def read(files: Sequence[SourceFile], context: Context) -> list[Layer]:
    """Read the fictional providers with their fictional plans."""
    return staff_csv.read_as_of(files, context, staff_csv.SAMPLE_DAY, None)
