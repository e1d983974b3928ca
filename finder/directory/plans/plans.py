"""The plans, networks and issuers of a release: what they are called, and whose answers count for which of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from finder.directory.plans.keys import hios_key, issuer_key, medicare_advantage_key, product_of, slug
from finder.directory.vocabulary.payers import payers

_SLUG = re.compile(r"[a-z]+(?:-[a-z]+)*")
_NUMBERED = re.compile(r"(?:hios|ma):")
_ABBREVIATIONS = frozenset({"epo", "hmo", "hsa", "pos", "ppo"})

PlanKind = Literal["medicare_advantage", "marketplace", "individual", "employer", "network", ""]
"""``individual``: bought by a person, without a marketplace's identifier; empty: the files do not say."""

NETWORK = "network"
"""The kind of a network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan, or a network (``kind`` is ``network``). ``years`` is empty where the sources name none."""

    key: str
    kind: str = ""
    name: str = ""
    issuer: str = ""
    issuer_name: str = ""
    years: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The plans of one issuer, and its networks that none of them uses: what a person can choose from.

    An issuer has a number in each state, so that several keys may have one name.
    """

    name: str
    plans: tuple[Plan, ...]


class Plans:
    """The plans of one release. Immutable: threads may share it."""

    def __init__(
        self,
        plans: Iterable[Plan] = (),
        *,
        answered: Iterable[str] = (),
        networks: Iterable[tuple[str, str]] = (),
        aliases: Iterable[tuple[str, str]] = (),
    ) -> None:
        """``answered``: keys with an answer of some provider; ``networks``: pairs of a plan and a network that it uses.

        ``aliases``: pairs of an earlier key and a plan.
        """
        self._plans = {plan.key: plan for plan in plans}
        self._answered = tuple(sorted(set(answered)))
        self._networks = _grouped(networks)
        self._aliases = _grouped(aliases)
        by_product = _grouped((product, key) for key in self._everything() if (product := product_of(key)))
        self._components: Mapping[str, tuple[str, ...]] = {key: tuple(found) for key, found in by_product.items()}
        self._by_issuer = _grouped((self.get(key).issuer, key) for key in self._everything() if self.get(key).issuer)
        self._users = _grouped((network, plan) for plan, used in self._networks.items() for network in used)
        ambiguous = {alias for alias, plans in self._aliases.items() if alias not in self._plans}
        hidden = {*self._users, *self._components, *payers(), *ambiguous}
        self._choices = tuple(key for key in self._everything() if key not in hidden)
        self._names = self._told_apart()
        self._choices = tuple(sorted(self._choices, key=lambda key: (self._names[key].casefold(), key)))
        self._covering = {key: self._find_covering(key) for key in self._everything()}

    def __contains__(self, key: object) -> bool:
        return key in payers() or key in self._plans or key in self._answered or key in self._by_issuer

    def get(self, key: str) -> Plan:
        """Return a plan; of a key that no source describes, one with nothing but its key and its issuer's number."""
        return self._plans.get(key) or Plan(key=key, issuer=issuer_key("", key))

    def name(self, key: str) -> str:
        """Return the name of a payer, plan, network or issuer for people, never empty.

        A name that does not say whose it is begins with the issuer's, and two that are still equal have their keys.
        """
        if key in payers():
            return payers()[key]
        return self._names.get(key) or _described(self.get(key))

    def search(self, keys: Iterable[str], words: str) -> list[str]:
        """Return the keys whose name, issuer or number has all the words, also their beginnings, or that they spell."""
        spelled, parts = self.resolve(words), slug(words).split("-")
        return [key for key in keys if key in spelled or all(part in self._words_of(key) for part in parts)]

    def _words_of(self, key: str) -> str:
        return slug(f"{self.name(key)} {self.get(key).issuer_name} {key}", longest=None)

    def covering(self, key: str) -> tuple[str, ...]:
        """Return the keys whose answers count for a plan, its own first.

        They are the networks that it uses, the product that it belongs to, and for an issuer all its plans and
        networks. A key without the last part of its identifier stands for the plans that have it.
        """
        if key in self._by_issuer:
            return tuple(dict.fromkeys(one for plan in self._by_issuer[key] for one in self.covering(plan)))
        return self._covering.get(key) or self._find_covering(key)

    def _find_covering(self, key: str) -> tuple[str, ...]:
        found = [key, *self._networks.get(key, ())]
        if product := product_of(key):
            found += [product, *self._networks.get(product, ())]
        elif len(self._components.get(key, ())) == 1:
            found += [self._components[key][0], *self._networks.get(self._components[key][0], ())]
        return tuple(dict.fromkeys(found))

    def resolve(self, text: str) -> tuple[str, ...]:
        """Return the keys that a key, an earlier key or a spelling on a card stands for: none, one, or a choice."""
        written = text.strip()
        if written in self._aliases and written not in self._plans:
            return tuple(self._aliases[written])
        if written in self:
            return (written,)
        card, number = medicare_advantage_key(written), hios_key(written)
        whole_plan = card and card.rpartition("-")[0]  # where the sources name no segments
        for key in filter(None, (card, whole_plan, number, product_of(number or ""))):
            if key in self:
                return (key,)
        return tuple(one for one in self._plans if card and one.startswith(f"{card}-"))

    @property
    def choices(self) -> tuple[str, ...]:
        """The plans that a person can choose, and the networks that no plan uses, by name."""
        return self._choices

    def representative(self, key: str) -> str:
        """Return what a person knows a key by: the plan, if only one uses a network; else the key itself."""
        users = self._users.get(key, ())
        return users[0] if len(users) == 1 else key

    def issuers(self, keys: Iterable[str]) -> tuple[Issuer, ...]:
        """Return plans grouped by their issuers, both by name; those of no known issuer come last."""
        groups: dict[str, list[Plan]] = defaultdict(list)
        for key in keys:
            name = self.name(self.get(key).issuer) if self.get(key).issuer else ""
            groups[name if not name.isdigit() else ""].append(self.get(key))
        found = [Issuer(name=name, plans=tuple(plans)) for name, plans in groups.items()]
        return tuple(sorted(found, key=lambda issuer: (not issuer.name, issuer.name.casefold())))

    def _everything(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._plans, *self._answered)))

    def _told_apart(self) -> dict[str, str]:
        """Return the names by key; those that two choices share have their keys beside them."""
        names = {key: _described(self.get(key)) for key in self._everything()}
        sharing = Counter(names[key].casefold() for key in self._choices)
        shared = {key for key in self._choices if sharing[names[key].casefold()] > 1}
        names_apart = {key: f"{name} ({_identifier(key)})" if key in shared else name for key, name in names.items()}
        for issuer, keys in self._by_issuer.items():
            names_apart[issuer] = _issuer_name(issuer, [self.get(key) for key in keys])
        return names_apart


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, value in pairs:
        found = groups.setdefault(key, [])
        if value not in found:
            found.append(value)
    return groups


def _described(plan: Plan) -> str:
    """Return the name of a plan with whose it is, or what its key says: ``harborlight-ppo`` is Harborlight PPO."""
    if not plan.name:
        if _NUMBERED.match(plan.key):
            return f"Plan {_identifier(plan.key)}"  # so in Spanish too
        if not _SLUG.fullmatch(plan.key):
            return _identifier(plan.key)
        return " ".join(part.upper() if part in _ABBREVIATIONS else part.capitalize() for part in plan.key.split("-"))
    first_word = slug(plan.issuer_name).partition("-")[0]
    if not first_word or first_word in slug(plan.name).split("-"):
        return plan.name
    return f"{plan.issuer_name} {plan.name}"


def _issuer_name(key: str, plans: Sequence[Plan]) -> str:
    names = Counter(plan.issuer_name for plan in plans if plan.issuer_name)
    return min(names, key=lambda name: (-names[name], name)) if names else _identifier(key)


def _identifier(key: str) -> str:
    """Return the readable part of a key: ``hios:11111MA0010001`` → ``11111MA0010001``."""
    return key.partition(":")[2] or key
