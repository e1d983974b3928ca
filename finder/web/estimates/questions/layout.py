"""How the questions about insurance stand on the page: a block for each group, and inside it those of inner groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from finder.web.estimates.questions.insurance import QUESTIONS
from finder.web.estimates.questions.question import Question


@dataclass(frozen=True, slots=True)
class Block:
    """Questions and blocks that stand together; if ``is_row``, beside each other."""

    parts: tuple[str | Block, ...]
    group: str = ""
    """The group that all of them belong to, if there is one."""
    is_row: bool = False

    @property
    def classes(self) -> str:
        """Return the class names of the block."""
        return " ".join([*([f"if-{self.group}"] if self.group else []), *(["field-row"] if self.is_row else [])])


@cache
def insurance_blocks() -> tuple[str | Block, ...]:
    """Lay out the questions about insurance by their groups, in the order of the table."""
    return _laid_out(QUESTIONS, 0)


def _laid_out(questions: Sequence[Question], depth: int) -> tuple[str | Block, ...]:
    """Lay out questions that share their outer groups, so many of them."""
    parts: list[str | Block] = []
    for group, same in groupby(questions, key=lambda question: "".join(question.groups[depth : depth + 1])):
        if group:
            parts.append(_block(group, _laid_out(list(same), depth + 1)))
            continue
        for question in same:
            if question.beside:
                parts.append(_in_row(parts.pop(), question.name))
            else:
                parts.append(question.name)
    return tuple(parts)


def _block(group: str, parts: tuple[str | Block, ...]) -> Block:
    """Make the block of a group; a single row in it is that block."""
    match parts:
        case (Block(group="") as row,):
            return replace(row, group=group)
        case _:
            return Block(parts, group)


def _in_row(before: str | Block, name: str) -> Block:
    """Put a question beside what stands before it."""
    return Block((*(before.parts if isinstance(before, Block) else (before,)), name), is_row=True)
