"""Notices: a stable code, the row and column, the value, a message and a remedy, so that people can correct the data.

Every code is in ``KINDS`` with its severity and text;  ``docs/notices.md`` is written from there by
``python -m finder.notices.notices > docs/notices.md``.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from finder.i18n import N_, Message
from finder.notices.catalog import ERRORS, INFOS, WARNINGS, NoticeText

MOST_OF_A_KIND = 5_000
"""How many notices of one code are kept per file; the others are counted in one notice, to bound memory."""


class Severity(StrEnum):
    """What happened to the row: ``error`` – left out; ``warning`` – read, look at it; ``info`` – read, corrected."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """The severity, text and remedy of all notices of one code."""

    severity: Severity
    text: NoticeText
    remedy: Message


KINDS = {
    code: NoticeKind(severity, text, Message(text.remedy))
    for severity, kinds in ((Severity.ERROR, ERRORS), (Severity.WARNING, WARNINGS), (Severity.INFO, INFOS))
    for code, text in kinds.items()
}
"""All kinds of notices, by code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One finding. ``row`` counts data lines from 1 (0: the file as a whole); ``column`` is the file's own header.

    ``line`` is the row's number in a spreadsheet, which counts the header too; 0 if there is none.
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
        """The number of rows, or of other notices, that this notice stands for."""
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
    """Return a notice; its value is cut to 200 characters. Raises KeyError on an unknown code."""
    kind = KINDS[code]
    printable = value[:200]
    if not printable.isprintable():
        printable = "".join(character if character.isprintable() else " " for character in printable)
    return Notice(
        code=code,
        severity=kind.severity,
        file=file,
        row=row,
        line=line,
        column=column,
        value=printable,
        message=Message(kind.text.message, arguments or {}),
        remedy=kind.remedy,
    )


@dataclass
class Findings:
    """The notices of one file, collected by its reader."""

    file: str
    header_line: int = 0
    """The line of the header in a spreadsheet; 0 for files without lines, such as JSON."""
    counts: Counter[str] = field(default_factory=Counter)
    _notices: list[Notice] = field(default_factory=list)
    _tallies: Counter[str] = field(default_factory=Counter)

    def add(self, code: str, row: int = 0, column: str = "", value: str = "", **arguments: object) -> None:
        """Add one notice, or only count it if there are too many of its code."""
        self.counts[code] += 1
        if self.counts[code] <= MOST_OF_A_KIND:
            line = self.header_line + row if self.header_line and row else 0
            self._notices.append(
                notice(code, file=self.file, row=row, line=line, column=column, value=value, arguments=arguments)
            )

    def tally(self, code: str, count: int = 1) -> None:
        """Count findings that share one notice with their number."""
        if count:
            self._tallies[code] += count

    def notices(self) -> list[Notice]:
        """Return the notices sorted by row, then counted ones, then one for each code with too many."""
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
    """Return the text of ``docs/notices.md``: every code with its message and remedy."""
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
            f"| `{code}` | {kind.text.message} | {kind.text.remedy} |"
            for code, kind in sorted(KINDS.items())
            if kind.severity is severity
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(documentation())
