"""What an earlier version stored of insurers: one layer for all of them, in which each file replaced the last one.

Such a layer becomes collections by payer where its rows still tell whose they are: a marketplace plan's number names
its issuer. The rest is one collection of its source, "before collections", which loses an answer as soon as a file
says anything of the same plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from finder.directory.plans.agreed_prices import AGREED
from finder.directory.plans.keys import hios_key
from finder.directory.release.row_masks import is_in
from finder.directory.release.tables import LAYER
from finder.directory.vocabulary.sources import source_of
from finder.intake.layers.layer import Layer

OF_INSURERS = ("marketplace", "plan_net", "in_network_rates")
"""The sources whose files speak of one insurer's plans each."""

BEFORE = "before-collections"
TITLE = "before collections"


def collections_of(layer: Layer) -> Iterator[Layer]:
    """Yield the collections of a stored layer: the layer itself, unless an earlier version stored it."""
    if layer.source not in OF_INSURERS:
        yield layer
        return
    tables = {**layer.tables, "insurance": _with_present_keys(layer.tables["insurance"])}
    issuers = _issuers(tables["insurance"]["plan"]) if layer.source == "marketplace" else pd.Series(dtype="str")
    rest = tables["insurance"]["plan"].map(issuers).isna() if len(issuers) else tables["insurance"]["plan"] != ""
    for issuer in sorted(set(issuers)):
        answers = tables["insurance"][tables["insurance"]["plan"].map(issuers) == issuer]
        yield _collection(layer, tables, answers, issuer, f"Marketplace issuer {issuer}")
    if rest.any() or not len(issuers):
        yield _collection(layer, tables, tables["insurance"][rest], BEFORE, TITLE, all_rows=not len(issuers))


def without_answers_on(old: Layer, new: Layer) -> Layer:
    """Return the rest of a layer "before collections" without what a new layer of the same source answers itself."""
    known = {*new.plans["plan"]["plan"], *new.plans["plan_alias"]["alias"], *new.tables["insurance"]["plan"]} - {""}
    answers, facts = old.tables["insurance"], old.tables["fact"]
    left = answers[~is_in(answers["plan"], sorted(known))]
    if len(left) == len(answers):
        return old
    priced = facts["field"].map(_priced_plan).astype("str")
    tables = {**old.tables, "insurance": left, "fact": facts[~is_in(priced, sorted(known))]}
    gone = sorted(set(answers["npi"]) - set(left["npi"]))
    named = old.plans["plan"]
    return replace(
        old,
        tables={name: rows[~is_in(rows["npi"], gone)] for name, rows in tables.items()},
        plans={**old.plans, "plan": named[~is_in(named["plan"], sorted(known))]},
    )


def _priced_plan(field: str) -> str:
    """Return the plan of the fact of a price, empty for another fact."""
    return field.removeprefix(AGREED).rpartition(":")[0] if field.startswith(AGREED) else ""


def is_before(layer: Layer) -> bool:
    """Return whether a layer holds what an earlier version stored of insurers that its rows do not name."""
    return layer.source == f"{source_of(layer.source)}:{BEFORE}"


def _with_present_keys(answers: pd.DataFrame) -> pd.DataFrame:
    present = {plan: key for plan in answers["plan"].unique() if (key := hios_key(plan))}
    return answers.assign(plan=answers["plan"].replace(present).astype("str"))


def _issuers(plans: pd.Series[str]) -> pd.Series[str]:
    """Return the number of the issuer of each marketplace plan."""
    keys = [plan for plan in plans.unique() if plan.startswith("hios:")]
    return pd.Series({key: key.removeprefix("hios:")[:5] for key in keys}, dtype="str")


def _collection(
    layer: Layer,
    tables: Mapping[str, pd.DataFrame],
    answers: pd.DataFrame,
    subject: str,
    title: str,
    *,
    all_rows: bool = False,
) -> Layer:
    """Return one collection: its answers, and what the layer says of the providers that have them."""
    source = f"{layer.source}:{subject}"
    npis = sorted(answers["npi"].unique())
    left = {
        name: (answers if name == "insurance" else rows if all_rows else rows[is_in(rows["npi"], npis)]).assign(
            source=source
        )
        for name, rows in tables.items()
    }
    named = layer.plans["plan"].assign(plan=_with_present_keys(layer.plans["plan"])["plan"], source=source)
    plans = {**layer.plans, "plan": named[is_in(named["plan"], answers["plan"].unique())]}
    rows = sum(len(left[name]) for name in LAYER) + len(plans["plan"])
    return replace(layer, source=source, title=title, tables=left, plans=plans, rows=rows)
