"""Builds the arrays of a release from its tables when the release is written."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from finder.directory.index.arrays import ENTITIES, ORGANIZATION, REPEATED, Arrays, Numbers
from finder.directory.index.grid import cells
from finder.directory.index.sets import Sets, pack
from finder.directory.names import index_names
from finder.directory.plans.periods import FIRST_DAY, LAST_DAY, PERIOD, Period, outside
from finder.directory.vocabulary.offers import YES, offers
from finder.places.gazetteer import Gazetteer
from finder.places.spelling import plain

NEITHER_YES_NOR_NO = "unknown"


def make_arrays(tables: Mapping[str, pd.DataFrame], gazetteer: Gazetteer) -> Arrays:
    """Return the arrays of the tables of a release (``tables.RELEASE``), in any row order."""
    provider = tables["provider"].sort_values("npi", ignore_index=True)
    location = tables["location"].sort_values("listing_id", ignore_index=True)
    cell = cells(location["latitude"].to_numpy(np.float64), location["longitude"].to_numpy(np.float64))
    order = np.lexsort((location["listing_id"].to_numpy(np.int64), cell))
    location = location.iloc[order].reset_index(drop=True)
    owner = pd.Index(provider["npi"]).get_indexer(pd.Index(location["npi"])).astype(np.int64)
    if (owner < 0).any():
        raise ValueError("a practice location of no provider")
    zip_codes, zips = pd.factorize(_fee_zips(location, gazetteer), sort=True)
    by_state, state_starts, states = _by_state(location["state"])
    evidence_of, evidence, kinds = _evidence(tables["specialty"], provider["npi"])
    insurance_of, insurance, answers, plans = _insurance(tables["insurance"], location[["npi", "location_key"]])
    offer_of, offered_sets, offered = _offers(tables["fact"], location[["npi", "location_key"]])
    return Arrays(
        cell=cell[order],
        position=_on_the_sphere(location["latitude"], location["longitude"]),
        listing=location["listing_id"].to_numpy(np.int32),
        provider=owner.astype(np.int32),
        name_rank=_name_rank(provider, location, owner),
        zip=zip_codes.astype(np.int32),
        zips=zips.tolist(),
        by_state=by_state,
        state_starts=state_starts,
        states=states,
        kind=_kind(provider["entity"], owner),
        evidence_set=evidence_of[owner],
        insurance_set=insurance_of,
        evidence=evidence,
        kinds=kinds,
        insurance=insurance,
        answer=answers["answer"].to_numpy(np.int32),
        answer_from=answers["first"].to_numpy(np.int32),
        answer_until=answers["last"].to_numpy(np.int32),
        plans=plans,
        offer_set=offer_of,
        offers=offered_sets,
        offered=offered,
        names=index_names(provider["name"].to_numpy()[owner].tolist(), location["name"].tolist()),
    )


def _fee_zips(location: pd.DataFrame, gazetteer: Gazetteer) -> pd.Series[str]:
    """Return the ZIP code of each listing for looking up fees."""
    kinds = location[["zip", "state"]].drop_duplicates()
    found = [gazetteer.fee_zip(zip_code, state) for zip_code, state in kinds.itertuples(index=False)]
    return location[["zip", "state"]].merge(kinds.assign(fee_zip=found), how="left")["fee_zip"]


def _on_the_sphere(latitude: pd.Series[float], longitude: pd.Series[float]) -> NDArray[np.float64]:
    phi, lam = np.radians(latitude.to_numpy(np.float64)), np.radians(longitude.to_numpy(np.float64))
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def _by_state(state: pd.Series[str]) -> tuple[Numbers, Numbers, list[str]]:
    codes, states = pd.factorize(state, sort=True)
    starts = np.searchsorted(np.sort(codes), np.arange(len(states) + 1))
    return np.argsort(codes, kind="stable").astype(np.int32), starts.astype(np.int32), states.tolist()


def _evidence(specialty: pd.DataFrame, npis: pd.Series[str]) -> tuple[Numbers, Sets, list[str]]:
    """Return the number of each row's evidence set, the sets, and their items."""
    item, kinds = pd.factorize(specialty["facet"] + ":" + specialty["kind"], sort=True)
    row = pd.Index(npis).get_indexer(pd.Index(specialty["npi"])).astype(np.int64)
    known = row >= 0
    number, sets = intern_sets(row[known], item[known].astype(np.int64), len(npis), len(kinds))
    return number, sets, kinds.tolist()


def _insurance(insurance: pd.DataFrame, location: pd.DataFrame) -> tuple[Numbers, Sets, pd.DataFrame, list[str]]:
    """Return the number of each listing's insurance set, the sets, the answers that are their items, and the plans.

    An answer for the listing's location comes before one for all locations of the provider, on each day.
    """
    plan, plans = pd.factorize(insurance["plan"], sort=True)
    first, last = (_ordinals(insurance[name], end) for name, end in zip(PERIOD, (FIRST_DAY, LAST_DAY), strict=True))
    days = insurance[["npi", "location_key", "status"]].assign(about=plan, first=first, last=last)
    found = _for_each_day(_at_location(days, location))
    found = found[found["status"] != NEITHER_YES_NOR_NO]
    found = found.assign(answer=found["about"] * 2 + (found["status"] == "no"))
    kinds = found[["answer", "first", "last"]].drop_duplicates().sort_values(["answer", "first"], ignore_index=True)
    item = found[["answer", "first", "last"]].merge(kinds.reset_index(names="item"), how="left")["item"]
    number, sets = intern_sets(found["row"].to_numpy(np.int64), item.to_numpy(np.int64), len(location), len(kinds))
    return number, pack(sets), kinds, plans.tolist()


def _ordinals(days: pd.Series[str], without: int) -> NDArray[np.int64]:
    """Return ISO dates as ordinals; an empty one is ``without``."""
    code, texts = pd.factorize(days)
    return np.array([date.fromisoformat(text).toordinal() if text else without for text in texts], dtype=np.int64)[code]


def _for_each_day(answers: pd.DataFrame) -> pd.DataFrame:
    """Keep of each row and subject one answer for each day: that of the location comes first."""
    question = answers["row"].to_numpy(np.int64) * (int(answers["about"].max()) + 1 if len(answers) else 1)
    question += answers["about"].to_numpy(np.int64)
    here = answers["here"].to_numpy(np.bool_)
    both = np.isin(question, question[here]) & np.isin(question, question[~here])
    contest = answers[both].sort_values(["row", "about", "here"], ascending=[True, True, False], kind="stable")
    pieces_of_answers: list[dict[Hashable, Any]] = []
    for _, rivals in groupby(contest.to_dict("records"), key=itemgetter("row", "about")):
        taken: list[Period] = []
        for answer in rivals:
            pieces = outside((answer["first"], answer["last"]), taken)
            taken += pieces
            pieces_of_answers += [answer | {"first": first, "last": last} for first, last in pieces]
    if not pieces_of_answers:
        return answers
    return pd.concat([answers[~both], pd.DataFrame(pieces_of_answers, columns=answers.columns)], ignore_index=True)


def _offers(fact: pd.DataFrame, location: pd.DataFrame) -> tuple[Numbers, Sets, list[str]]:
    """Return each listing's set of clear offers; yes together with another answer does not count."""
    value_of = {offer.fact: offer.value for offer in offers().values()}
    answers_of_fact = fact.loc[fact["field"].isin(list(value_of)), ["npi", "location_key", "field", "value"]]
    answers_of_fact = answers_of_fact.assign(
        about=answers_of_fact["field"].map(value_of), clear=answers_of_fact["value"] == YES
    ).sort_values("clear")
    answers = _at_location(answers_of_fact[["npi", "location_key", "about", "clear"]], location)
    answers = answers.drop_duplicates(["row", "about"], keep="first")
    answers = answers[answers["clear"]]
    item, offered = pd.factorize(answers["about"], sort=True)
    rows = len(location) if len(offered) else 0
    number, sets = intern_sets(answers["row"].to_numpy(np.int64), item.astype(np.int64), rows, len(offered))
    return number, sets, offered.tolist()


def _at_location(answers: pd.DataFrame, location: pd.DataFrame) -> pd.DataFrame:
    """Return the answers of each listing (``row``), with whether they are for its location alone (``here``)."""
    listing = location.assign(row=np.arange(len(location)))
    everywhere = answers["location_key"] == ""
    here = answers[~everywhere].merge(listing, on=["npi", "location_key"]).assign(here=True)
    general = answers[everywhere].drop(columns="location_key").merge(listing, on="npi").assign(here=False)
    return pd.concat([here, general], ignore_index=True)


def _kind(entity: pd.Series[str], owner: NDArray[np.int64]) -> NDArray[np.uint8]:
    organization = (entity == ENTITIES[ORGANIZATION]).to_numpy()[owner]
    repeated = np.bincount(owner, minlength=len(entity))[owner] > 1
    return (organization * ORGANIZATION + repeated * REPEATED).astype(np.uint8)


def _name_rank(provider: pd.DataFrame, location: pd.DataFrame, owner: NDArray[np.int64]) -> Numbers:
    names = [plain(name) for name in provider["sort_name"].where(provider["sort_name"] != "", provider["name"])]
    by_name = np.empty(len(provider), dtype=np.int64)
    by_name[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))  # stable: then by NPI
    key, _ = pd.factorize(location["location_key"], sort=True)
    rank = np.empty(len(location), dtype=np.int32)
    rank[np.lexsort((key, by_name[owner]))] = np.arange(len(location), dtype=np.int32)
    return rank


def intern_sets(row: NDArray[np.int64], item: NDArray[np.int64], rows: int, size: int) -> tuple[Numbers, Sets]:
    """Return the number of each row's set, and the sets, from pairs (``row``, ``item``) in any order, repeats allowed.

    Sets are grown one item at a time for all rows together: two rows have the same set as long as their items, in
    ascending order, are the same so far. A row without items has the empty set.
    """
    pairs = np.sort(row.astype(np.int64) * max(size, 1) + item)  # np.unique hashes, which takes ten times as long
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    row, item = np.divmod(pairs, max(size, 1))
    first = np.searchsorted(row, np.arange(rows + 1))
    count = np.diff(first)
    node = np.zeros(rows, dtype=np.int64)
    nodes = 1
    for step in range(int(count.max(initial=0))):
        growing = np.flatnonzero(count > step)
        number, grown = pd.factorize(node[growing] * size + item[first[growing] + step])
        node[growing] = nodes + number
        nodes += len(grown)
    number, different = pd.factorize(node)
    example = np.zeros(len(different), dtype=np.int64)
    example[number[::-1]] = np.arange(rows)[::-1]  # the first row of each set, as the last to be written
    starts = np.concatenate([[0], np.cumsum(count[example])]).astype(np.int32)
    pieces = [item[first[one] : first[one + 1]] for one in example.tolist()]
    items = np.concatenate(pieces) if pieces else np.empty(0, dtype=np.int64)
    return number.astype(np.int32), Sets(starts, items.astype(np.int32), size)
