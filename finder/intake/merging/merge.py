"""Merge the layers of all sources into the tables of a release: one row per provider and per location, with sources.

Rows are joined by NPI and practice location only: two NPIs are never taken for one person. Which source wins a field
is data (``precedence``). The result depends on the rows alone, not on their order or that of the layers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from finder.directory.release.row_masks import is_in, place_keys
from finder.directory.release.tables import KEYS, LAYER, PLAN_TABLES, RELEASE
from finder.intake.layers.layer import Layer, plan_tables, table, typed
from finder.intake.merging.answers import one_answer_a_day
from finder.intake.merging.plan_keys import with_current_keys
from finder.intake.merging.precedence import Precedence
from finder.intake.merging.same_address import canonical_keys, is_at, rename_keys

Tables = Mapping[str, pd.DataFrame]

ACTIVE, SUPPRESSED, EXCLUDED = "active", "suppressed", "excluded"
"""Values of ``provider.status``; any other value means that the provider is inactive from that date on."""

CLOSED = ("listing", "closed")
"""The fact (field, value) that removes one practice location of a provider from the listings."""

CENTER_PREFIXES = ("zip", "city")
"""Prefixes of the geocode sources that are the center of a ZIP code or a city, not the address itself."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The tables of a release (see ``tables.RELEASE``), and the number of providers that are not listed, by reason."""

    tables: Tables
    unlisted: Mapping[str, int]


def merge(layers: Sequence[Layer], precedence: Precedence | None = None) -> Merged:
    """Merge layers into the tables of a release."""
    precedence = precedence or Precedence.load()
    stacked = {name: _stacked(layers, name) for name in LAYER}
    unlisted = _unlisted(stacked["provider"], precedence)
    provider = _providers(stacked["provider"], unlisted, precedence)
    rows = {name: frame[is_in(frame["npi"], provider["npi"])] for name, frame in stacked.items() if name != "provider"}
    spellings = canonical_keys(rows["location"])
    closed = _closed_places(rows["fact"])
    for name in ("location", "insurance", "fact"):
        rows[name] = rename_keys(rows[name], spellings)
    location = _locations(rows["location"], pd.concat([closed, rename_keys(closed, spellings)]), precedence)
    plans = _plan_tables(layers, precedence)
    tables = {
        "provider": provider,
        "location": location,
        "specialty": precedence.best("specialty", rows["specialty"], KEYS["specialty"]),
        "insurance": _at_listed_places(
            one_answer_a_day(with_current_keys(rows["insurance"], plans["plan_alias"]), precedence), location
        ),
        "fact": _at_listed_places(_facts(rows["fact"], precedence), location),
        **plans,
    }
    return Merged(
        tables={name: _release_table(name, frame) for name, frame in tables.items()},
        unlisted={str(reason): len(npis) for reason, npis in unlisted.groupby("reason")},
    )


def _stacked(layers: Sequence[Layer], name: str) -> pd.DataFrame:
    frames = [layer.tables[name] for layer in layers if len(layer.tables[name])]
    return pd.concat(frames, ignore_index=True) if frames else table(name)


def _unlisted(rows: pd.DataFrame, precedence: Precedence) -> pd.DataFrame:
    """Return the NPIs that must not be listed: ``npi``, ``reason``.

    A suppression or an exclusion always applies. Otherwise the latest status from a source that is believed for it
    decides; of two of the same day, the inactive one.
    """
    binding = rows[rows["status"].isin([SUPPRESSED, EXCLUDED])]
    says_gone = (rows["status"] != ACTIVE) & (rows["status"] != "")
    may_say_active = rows["source"].isin(precedence.sources["status"])
    statuses = rows[says_gone | may_say_active]
    statuses = statuses[is_in(statuses["npi"], rows.loc[says_gone, "npi"])]
    latest = statuses["as_of"] == statuses.groupby("npi")["as_of"].transform("max")
    gone = statuses[latest & (statuses["status"] != ACTIVE) & (statuses["status"] != "")]
    found = pd.concat([binding, gone])[["npi", "status"]].rename(columns={"status": "reason"})
    return found.sort_values(["npi", "reason"], ascending=[True, False], kind="stable").drop_duplicates("npi")


def _providers(rows: pd.DataFrame, unlisted: pd.DataFrame, precedence: Precedence) -> pd.DataFrame:
    """Return one row per listed NPI, each field from the most believed source that has it. A name is required."""
    rows = rows[~is_in(rows["npi"], unlisted["npi"])]
    name = _best_values("name", rows, ("npi",), ("name",), precedence)
    sort_name = _best_values("name", rows, ("npi",), ("sort_name",), precedence)
    entity = _best_values("entity", rows, ("npi",), ("entity",), precedence)
    credentials = _best_values("credentials", rows, ("npi",), ("credentials",), precedence)
    return (
        name.rename(columns={"source": "name_source", "as_of": "name_as_of"})
        .merge(entity.drop(columns=["source", "as_of"]), on="npi")
        .merge(sort_name.drop(columns=["source", "as_of"]), on="npi", how="left")
        .merge(
            credentials.rename(columns={"source": "credentials_source", "as_of": "credentials_as_of"}),
            on="npi",
            how="left",
        )
    )


def _locations(rows: pd.DataFrame, closed: pd.DataFrame, precedence: Precedence) -> pd.DataFrame:
    """Return one row per NPI and practice location that has an address and is not closed."""
    key = ("npi", "location_key")
    rows = _without_last_resort(rows, precedence)
    rows = rows[~is_at(rows, closed)]
    address = _best_values("address", rows, key, ("street", "city", "state", "zip"), precedence)
    address = address.rename(columns={"source": "address_source", "as_of": "address_as_of"})
    name = _best_values("location_name", rows, key, ("name",), precedence).drop(columns=["source", "as_of"])
    phone = _best_values("phone", rows, key, ("phone", "phone_extension"), precedence)
    phone = phone.rename(columns={"source": "phone_source", "as_of": "phone_as_of"})
    joined = address.merge(_points(rows, address, precedence), on=list(key), how="left")
    return joined.merge(name, on=list(key), how="left").merge(phone, on=list(key), how="left")


def _points(rows: pd.DataFrame, address: pd.DataFrame, precedence: Precedence) -> pd.DataFrame:
    """Return the coordinates of each address: only those with the same ZIP code and state, centers last."""
    located = rows.loc[
        rows["latitude"].notna() & rows["longitude"].notna(),
        ["npi", "location_key", "zip", "state", "latitude", "longitude", "geocode_source", "source", "as_of"],
    ]
    same = ["npi", "location_key", "zip", "state"]
    located = located.merge(address[same], on=same)
    located = located.assign(_center=located["geocode_source"].str.startswith(CENTER_PREFIXES))
    best = precedence.best("point", located, ("npi", "location_key"), first=("_center",))
    return best[["npi", "location_key", "latitude", "longitude", "geocode_source"]]


def _facts(rows: pd.DataFrame, precedence: Precedence) -> pd.DataFrame:
    """Return all values of the single most believed source for each provider, place and field."""
    question = ("npi", "location_key", "field")
    rows = rows[(rows["field"] != CLOSED[0])].drop_duplicates()
    best_source = precedence.best("fact", rows, question)[[*question, "source", "as_of"]]
    return rows.merge(best_source, on=[*question, "source", "as_of"])


def _plan_tables(layers: Sequence[Layer], precedence: Precedence) -> dict[str, pd.DataFrame]:
    """Return the plans and networks of all collections, each row from the most believed source."""
    stacked = {
        name: pd.concat([layer.plans[name] for layer in layers] or [plan_tables()[name]], ignore_index=True)
        for name in PLAN_TABLES
    }
    named = stacked["plan"].assign(_nameless=stacked["plan"]["name"] == "")
    return {
        "plan": precedence.best("plan_name", named, KEYS["plan"], first=("_nameless",)),
        **{name: precedence.best("plan_name", rows, KEYS[name]) for name, rows in stacked.items() if name != "plan"},
    }


def _best_values(
    field: str, rows: pd.DataFrame, keys: Sequence[str], columns: Sequence[str], precedence: Precedence
) -> pd.DataFrame:
    """Return a field's columns from the most believed source whose first column (of an address: any) is filled."""
    filled = (rows[list(columns)] != "").any(axis="columns") if field == "address" else rows[columns[0]] != ""
    return precedence.best(field, rows.loc[filled, [*keys, *columns, "source", "as_of"]], keys)


def _without_last_resort(rows: pd.DataFrame, precedence: Precedence) -> pd.DataFrame:
    """Drop addresses from sources of last resort where a provider has any other."""
    resort = rows["source"].isin(precedence.last_resort)
    return rows[~(resort & is_in(rows["npi"], rows.loc[~resort, "npi"]))]


def _closed_places(facts: pd.DataFrame) -> pd.DataFrame:
    return facts.loc[(facts["field"] == CLOSED[0]) & (facts["value"] == CLOSED[1]), ["npi", "location_key"]]


def _at_listed_places(rows: pd.DataFrame, location: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows that apply to all places of a provider, or to a listed place."""
    return rows[is_in(place_keys(rows), place_keys(location)) | (rows["location_key"] == "")]


def _release_table(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Sort a table and select its release columns; missing text becomes empty, listings are numbered from 0."""
    frame = frame.drop_duplicates(list(KEYS[name])).sort_values(list(KEYS[name]), kind="stable", ignore_index=True)
    if name == "location":
        frame = frame.assign(listing_id=range(len(frame)))
    return typed(frame[list(RELEASE[name])])
