"""A row of the table of questions, and the groups that questions belong to: what everything else is derived from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from finder.pricing.insurance import RequestValue

OF_A_SERVICE = "services[].charge"
"""The path of what is charged for the visit, where the services change nothing and one line has the charge."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that matter only if ``question`` is answered by one of ``answers``; or, if ``unless``, by none."""

    question: str
    answers: tuple[str, ...]
    words: str = ""
    """For whom the questions are (a catalogue id): shown where the browser cannot hide them."""
    unless: bool = False

    def matters(self, answer: str) -> bool:
        """Return whether an answer to ``question`` makes these questions matter."""
        return (answer in self.answers) is not self.unless


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of an estimate. The form has its words and its control, under the same name."""

    name: str
    groups: tuple[str, ...] = ()
    """The question matters only if all of these groups do, from the outer to the inner; none: always."""
    path: str = ""
    """The field of the request that the answer goes to, where that has another name."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """The kind of other coverage that an answer makes (``other_coverage.kind``), where it goes to no field itself."""
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

    def value(self, answers: tuple[str, ...]) -> RequestValue:
        """Return what the request has for the answers to this question: none, one or, if ``is_multiple``, several."""
        if self.is_multiple:
            return answers
        if answers:
            return self.read(answers[0])
        return "" if self.is_needed else None
