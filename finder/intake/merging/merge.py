"""Join the layers of all sources into the tables of a release: one row a provider, one a place, each value sourced.

Rows meet by NPI and practice location and by nothing else: two NPIs are never taken for one person. Which source wins
a field is data (``precedence``). The result depends on the rows alone, not on their order nor on that of the layers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from finder.directory.release.row_masks import among, places
from finder.directory.release.tables import KEYS, LAYER, RELEASE
from finder.intake.layers.layer import Layer, plan_names, table
from finder.intake.merging.precedence import Precedence
from finder.intake.merging.same_address import canonical_keys, is_at, rename_keys

Tables = Mapping[str, pd.DataFrame]

ACTIVE, SUPPRESSED, EXCLUDED = "active", "suppressed", "excluded"
"""Values of ``provider.status``; any other one says that the provider is gone, from that date on."""

CLOSED = ("listing", "closed")
"""The fact (field, value) that takes one practice location of a provider off the list."""

CENTERS = ("zip", "city")
"""How the names of the geocode sources begin that are a ZIP code's center, or a city's, not the address itself."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The tables of a release, in the form of ``tables.RELEASE``, and how many providers are kept off it, by reason."""

    tables: Tables
    unlisted: Mapping[str, int]


def merge(layers: Sequence[Layer], precedence: Precedence | None = None) -> Merged:
    """Merge layers into the tables of a release."""
    precedence = precedence or Precedence.load()
    stacked = {name: _stack(layers, name) for name in LAYER}
    unlisted = _unlisted(stacked["provider"], precedence)
    provider = _providers(stacked["provider"], unlisted, precedence)
    rows = {name: frame[among(frame["npi"], provider["npi"])] for name, frame in stacked.items() if name != "provider"}
    spellings = canonical_keys(rows["location"])
    closed = _closed(rows["fact"])
    for name in ("location", "insurance", "fact"):
        rows[name] = rename_keys(rows[name], spellings)
    location = _locations(rows["location"], pd.concat([closed, rename_keys(closed, spellings)]), precedence)
    tables = {
        "provider": provider,
        "location": location,
        "specialty": precedence.best("specialty", rows["specialty"], KEYS["specialty"]),
        "insurance": _of_listed(precedence.best("insurance", rows["insurance"], KEYS["insurance"]), location),
        "fact": _of_listed(_facts(rows["fact"], precedence), location),
    }
    tables["plan"] = _plans(layers, tables["insurance"], precedence)
    return Merged(
        tables={name: _finished(name, frame) for name, frame in tables.items()},
        unlisted={str(reason): len(npis) for reason, npis in unlisted.groupby("reason")},
    )


def _stack(layers: Sequence[Layer], name: str) -> pd.DataFrame:
    frames = [layer.tables[name] for layer in layers if len(layer.tables[name])]
    return pd.concat(frames, ignore_index=True) if frames else table(name)


def _unlisted(rows: pd.DataFrame, precedence: Precedence) -> pd.DataFrame:
    """Give the NPIs that must not be listed: ``npi``, ``reason``.

    A suppression or an exclusion holds whatever others say. Otherwise the latest word of those who may give one
    counts, and of two words of one day the one that says gone.
    """
    firm = rows[rows["status"].isin([SUPPRESSED, EXCLUDED])]
    says_gone = (rows["status"] != ACTIVE) & (rows["status"] != "")
    may_say_active = rows["source"].isin(precedence.sources["status"])
    words = rows[says_gone | may_say_active]
    words = words[among(words["npi"], rows.loc[says_gone, "npi"])]
    latest = words["as_of"] == words.groupby("npi")["as_of"].transform("max")
    gone = words[latest & (words["status"] != ACTIVE) & (words["status"] != "")]
    found = pd.concat([firm, gone])[["npi", "status"]].rename(columns={"status": "reason"})
    return found.sort_values(["npi", "reason"], ascending=[True, False], kind="stable").drop_duplicates("npi")


def _providers(rows: pd.DataFrame, unlisted: pd.DataFrame, precedence: Precedence) -> pd.DataFrame:
    """One row for each listed NPI: each field from the most believed source that has it. A name is required."""
    rows = rows[~among(rows["npi"], unlisted["npi"])]
    name = _chosen("name", rows, ("npi",), ("name",), precedence)
    sort_name = _chosen("name", rows, ("npi",), ("sort_name",), precedence)
    entity = _chosen("entity", rows, ("npi",), ("entity",), precedence)
    credentials = _chosen("credentials", rows, ("npi",), ("credentials",), precedence)
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
    """One row for each NPI and practice location that has an address and is not closed."""
    key = ("npi", "location_key")
    rows = _needed(rows, precedence)
    rows = rows[~is_at(rows, closed)]
    address = _chosen("address", rows, key, ("street", "city", "state", "zip"), precedence)
    address = address.rename(columns={"source": "address_source", "as_of": "address_as_of"})
    name = _chosen("location_name", rows, key, ("name",), precedence).drop(columns=["source", "as_of"])
    phone = _chosen("phone", rows, key, ("phone", "phone_extension"), precedence)
    phone = phone.rename(columns={"source": "phone_source", "as_of": "phone_as_of"})
    joined = address.merge(_points(rows, address, precedence), on=list(key), how="left")
    return joined.merge(name, on=list(key), how="left").merge(phone, on=list(key), how="left")


def _points(rows: pd.DataFrame, address: pd.DataFrame, precedence: Precedence) -> pd.DataFrame:
    """The coordinates for each address: only those given with the same ZIP code and state, a center last."""
    located = rows.loc[
        rows["latitude"].notna() & rows["longitude"].notna(),
        ["npi", "location_key", "zip", "state", "latitude", "longitude", "geocode_source", "source", "as_of"],
    ]
    same = ["npi", "location_key", "zip", "state"]
    located = located.merge(address[same], on=same)
    located = located.assign(_center=located["geocode_source"].str.startswith(CENTERS))
    best = precedence.best("point", located, ("npi", "location_key"), first=("_center",))
    return best[["npi", "location_key", "latitude", "longitude", "geocode_source"]]


def _facts(rows: pd.DataFrame, precedence: Precedence) -> pd.DataFrame:
    """All values of the most believed source for each provider, place and field: one question, one who answers."""
    question = ("npi", "location_key", "field")
    rows = rows[(rows["field"] != CLOSED[0])].drop_duplicates()
    answering = precedence.best("fact", rows, question)[[*question, "source", "as_of"]]
    return rows.merge(answering, on=[*question, "source", "as_of"])


def _plans(layers: Sequence[Layer], insurance: pd.DataFrame, precedence: Precedence) -> pd.DataFrame:
    """What the plans are called that somebody is said to take, or not."""
    told = pd.concat([plan_names(), *(layer.plans for layer in layers)], ignore_index=True)
    return precedence.best("plan_name", told[told["plan"].isin(insurance["plan"].unique())], KEYS["plan"])


def _chosen(
    field: str, rows: pd.DataFrame, keys: Sequence[str], columns: Sequence[str], precedence: Precedence
) -> pd.DataFrame:
    """The columns of a field from one source together, where the first of them (of an address: any) is given."""
    filled = (rows[list(columns)] != "").any(axis="columns") if field == "address" else rows[columns[0]] != ""
    return precedence.best(field, rows.loc[filled, [*keys, *columns, "source", "as_of"]], keys)


def _needed(rows: pd.DataFrame, precedence: Precedence) -> pd.DataFrame:
    """Leave out addresses of last resort for everyone who has another."""
    resort = rows["source"].isin(precedence.last_resort)
    return rows[~(resort & among(rows["npi"], rows.loc[~resort, "npi"]))]


def _closed(facts: pd.DataFrame) -> pd.DataFrame:
    return facts.loc[(facts["field"] == CLOSED[0]) & (facts["value"] == CLOSED[1]), ["npi", "location_key"]]


def _of_listed(rows: pd.DataFrame, location: pd.DataFrame) -> pd.DataFrame:
    """Keep what is said of a provider everywhere, or of a place that is listed."""
    return rows[among(places(rows), places(location)) | (rows["location_key"] == "")]


def _finished(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give a table its columns and order; text that is missing is empty, listings are counted from 0."""
    frame = frame.drop_duplicates(list(KEYS[name])).sort_values(list(KEYS[name]), kind="stable", ignore_index=True)
    if name == "location":
        frame = frame.assign(listing_id=range(len(frame)))
    frame = frame[list(RELEASE[name])]
    texts = frame.columns.difference(["latitude", "longitude", "listing_id"])
    return frame.assign(**{column: frame[column].fillna("").astype("str") for column in texts})
