"""What was wrong with a row, said so that a person can mend it: a stable code, a place, a value, a remedy.

Every code stands in ``KINDS`` with its severity and words; ``docs/notices.md`` is written from there by
``python -m finder.notices.notices > docs/notices.md``.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from finder.i18n import N_, Message
from finder.notices.catalog import ERRORS, INFOS, WARNINGS, Words

MOST_OF_A_KIND = 5_000
"""How many notices of one code are kept for one file; the rest are counted in one notice, so that memory is bounded."""


class Severity(StrEnum):
    """What became of the row: ``error`` – left out; ``warning`` – taken, look at it; ``info`` – taken, put right."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Kind:
    """What all notices of one code have in common."""

    severity: Severity
    words: Words
    remedy: Message


KINDS = {
    code: Kind(severity, words, Message(words.remedy))
    for severity, kinds in ((Severity.ERROR, ERRORS), (Severity.WARNING, WARNINGS), (Severity.INFO, INFOS))
    for code, words in kinds.items()
}
"""Every code there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One finding. ``row`` counts data lines from 1 (0: the file as a whole); ``column`` is the file's own header.

    ``line`` is the number beside that row in a spreadsheet, which counts the header too; 0 where there is none.
    """

    code: str
    severity: Severity
    file: str
    row: int
    line: int
    column: str
    value: str
    message: Message
    remedy: Message

    @property
    def times(self) -> int:
        """How many rows, or other notices, this one stands for."""
        count = self.message.arguments.get("count", 1)
        return count if isinstance(count, int) else 1


def notice(
    code: str,
    *,
    file: str = "",
    row: int = 0,
    line: int = 0,
    column: str = "",
    value: str = "",
    arguments: dict[str, object] | None = None,
) -> Notice:
    """Make a notice of a known code; a value of more than 200 characters is cut. Raises KeyError on an unknown code."""
    kind = KINDS[code]
    shown = value[:200]
    if not shown.isprintable():
        shown = "".join(character if character.isprintable() else " " for character in shown)
    return Notice(
        code=code,
        severity=kind.severity,
        file=file,
        row=row,
        line=line,
        column=column,
        value=shown,
        message=Message(kind.words.message, arguments or {}),
        remedy=kind.remedy,
    )


@dataclass
class Findings:
    """The notices of one file, as its reader comes upon them."""

    file: str
    header_line: int = 0
    """The line of the header in a spreadsheet; 0: the file has none, as JSON, and its rows have no lines."""
    counts: Counter[str] = field(default_factory=Counter)
    _notices: list[Notice] = field(default_factory=list)
    _tallies: Counter[str] = field(default_factory=Counter)

    def add(self, code: str, row: int = 0, column: str = "", value: str = "", **arguments: object) -> None:
        """Keep one finding, or only count it where there are too many of its kind."""
        self.counts[code] += 1
        if self.counts[code] <= MOST_OF_A_KIND:
            line = self.header_line + row if self.header_line and row else 0
            self._notices.append(
                notice(code, file=self.file, row=row, line=line, column=column, value=value, arguments=arguments)
            )

    def tally(self, code: str, count: int = 1) -> None:
        """Count what needs no notice of its own: one notice tells the number."""
        if count:
            self._tallies[code] += count

    def notices(self) -> list[Notice]:
        """Return the notices by row, and one more for each code that had too many to keep."""
        unkept = [
            notice(
                "more_of_the_same",
                file=self.file,
                value=code,
                arguments={"count": count - MOST_OF_A_KIND, "code": code},
            )
            for code, count in sorted(self.counts.items())
            if count > MOST_OF_A_KIND
        ]
        tallied = [
            notice(code, file=self.file, arguments={"count": count}) for code, count in sorted(self._tallies.items())
        ]
        return sorted(self._notices, key=lambda found: (found.row, found.code, found.column)) + tallied + unkept


def documentation() -> str:
    """Write ``docs/notices.md``: every code with what it means, what became of the row, and what to do."""
    titles = {
        Severity.ERROR: N_("Errors: the row, or that part of it, was left out"),
        Severity.WARNING: N_("Warnings: the row was taken; look at it"),
        Severity.INFO: N_("For information: the row was taken and put right where that was needed"),
    }
    lines = [
        "# Notices",
        "",
        "What a reader or a check found in a file. Codes are stable: scripts may rely on them.",
        "",
        "`row` counts the rows of data: the first one below the header is row 1, and blank ones count. `line` is",
        "the number that a spreadsheet shows beside that row: it counts the header too, so that row 1 mostly stands",
        "in line 2. In a file of JSON, `row` counts the entries of a list, and there is no line. Without a row, a",
        "notice is about the whole file.",
        "",
        "This page is written by `python -m finder.notices.notices > docs/notices.md`.",
    ]
    for severity, title in titles.items():
        lines += ["", f"## {title}", "", "| code | what was found | what to do |", "|---|---|---|"]
        lines += [
            f"| `{code}` | {kind.words.message} | {kind.words.remedy} |"
            for code, kind in sorted(KINDS.items())
            if kind.severity is severity
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(documentation())
