"""A row of the table of questions, and the groups that questions belong to: what everything else is derived from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from finder.pricing.insurance import RequestValue

OF_A_SERVICE = "services[].charge"
"""The path of what is charged for the visit, where the services change nothing and one line has the charge."""


AnswerTo = Callable[[str], str]
"""Returns the answer to a question; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that matter only if ``question`` is answered by one of ``answers``; or, if ``unless``, by none."""

    question: str
    answers: tuple[str, ...]
    words: str = ""
    """For whom the questions are (a catalogue id): shown where the browser cannot hide them."""
    unless: bool = False

    def matters(self, answer_to: AnswerTo) -> bool:
        """Return whether the answers make these questions matter."""
        return (answer_to(self.question) in self.answers) is not self.unless

    @property
    def ways(self) -> tuple[tuple[Group, ...], ...]:
        """The ways to answer that the group names."""
        return ((self,),)


@dataclass(frozen=True, slots=True)
class EitherGroup:
    """Questions that matter if one of several ways to answer is met: all groups of the way matter."""

    ways: tuple[tuple[Group, ...], ...]
    words: str = ""
    """For whom the questions are (a catalog id): shown where the browser cannot hide them."""

    def matters(self, answer_to: AnswerTo) -> bool:
        """Return whether the answers make these questions matter."""
        return any(all(group.matters(answer_to) for group in way) for way in self.ways)


@dataclass(frozen=True, slots=True)
class Help:
    """What helps to answer a question, folded away beside it."""

    summary: str
    lines: tuple[tuple[str, str], ...]
    """Smaller questions, each with what follows (catalog ids)."""
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of an estimate. The form has its words and its control, under the same name."""

    name: str
    groups: tuple[str, ...] = ()
    """The question matters only if all of these groups do, from the outer to the inner; none: always."""
    path: str = ""
    """The field of the request that the answer goes to, where that has another name."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """The kind of other coverage that an answer makes, where that has another name."""
    kinds_are_complete: bool = False
    """Whether every answer has its kind there: another was not offered, and names none."""
    read: Callable[[str], RequestValue] = str
    """How the text of an answer becomes what the request has."""
    is_needed: bool = False
    """Whether an answer that is missing is refused; else it counts as not known."""
    is_multiple: bool = False
    """Whether several answers may be given."""
    short: str = ""
    """Its name in the ``cover`` argument that carries the insurance of a visitor; none: it is not carried."""
    usual: str = ""
    """What is marked before anything is answered."""
    must_be_offered: bool = False
    """Whether an answer that was not offered is refused by the page, since no request would have it."""
    stays_if_empty: bool = False
    """Whether the address keeps it without an answer, so that the page can say that one is missing."""
    beside: bool = False
    """Whether it stands in a row with the question before it."""
    choice_groups: Mapping[str, str] = field(default_factory=dict)
    """The group of an answer that is offered only for some answers to other questions."""
    help: Help | None = None

    def value(self, answers: tuple[str, ...]) -> RequestValue:
        """Return what the request has for the answers to this question: none, one or, if ``is_multiple``, several."""
        if self.is_multiple:
            return answers
        if answers:
            return self.read(answers[0])
        return "" if self.is_needed else None
