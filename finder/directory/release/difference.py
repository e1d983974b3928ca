"""The difference of two releases: counts of providers, and every change by provider and field.

Values are compared, not their dates: a monthly file that repeats values changes nothing. Rows are compared by a 64-bit
hash first; only rows that differ are compared by field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from finder.directory.release.row_masks import is_in, place_keys

Tables = Mapping[str, pd.DataFrame]

CHANGES = ("npi", "name", "change", "location_key", "field", "before", "after")
"""The text columns of the list of changes; ``change`` is added, changed or removed, of the provider.

For a changed plan name ``npi`` is empty, and ``name`` is that of the plan.
"""

COMPARED = {
    "provider": ("npi", "entity", "name", "credentials"),
    "location": (
        "npi", "location_key", "name", "street", "city", "state", "zip", "phone", "phone_extension", "latitude",
        "longitude", "geocode_source",
    ),
    "specialty": ("npi", "facet", "kind", "detail"),
    "insurance": ("npi", "location_key", "plan", "status", "accepting_patients", "valid_from", "valid_until"),
    "fact": ("npi", "location_key", "field", "value"),
}  # fmt: skip
"""The columns of each table that are compared."""

ADDRESS = ("street", "city", "state", "zip")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Numbers of providers added, changed, removed and unchanged, and the changes, one row each (``CHANGES``)."""

    added: int
    changed: int
    removed: int
    unchanged: int
    changes: pd.DataFrame

    def counts(self) -> dict[str, int]:
        """Return the four numbers by name."""
        return {
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "unchanged": self.unchanged,
        }

    def changed_npis(self) -> list[str]:
        """Return the NPIs that are added or changed."""
        stays = (self.changes["change"] != "removed") & (self.changes["npi"] != "")
        return sorted(self.changes.loc[stays, "npi"].unique())


def compare(before: Tables | None, after: Tables) -> Difference:
    """Compare two sets of release tables; without ``before`` everything is added."""
    before = before or {name: frame.iloc[:0] for name, frame in after.items()}
    old, new = before["provider"].set_index("npi")["name"], after["provider"].set_index("npi")["name"]
    added, removed = new[~is_in(new.index, old.index)], old[~is_in(old.index, new.index)]
    differing = {name: _differing(before[name], after[name], list(COMPARED[name])) for name in COMPARED}
    staying = new.index[is_in(new.index, old.index)]
    changed = _npis(differing) & set(staying)
    changes = pd.concat(
        [
            _added_or_removed(added, "added", "after"),
            _added_or_removed(removed, "removed", "before"),
            _by_field(differing, new[is_in(new.index, sorted(changed))]),
            _plan_names(before["plan"], after["plan"]),
        ]
    )
    return Difference(
        added=len(added),
        changed=len(changed),
        removed=len(removed),
        unchanged=len(staying) - len(changed),
        changes=changes.sort_values(["npi", "location_key", "field", "after", "before"], ignore_index=True),
    )


def _differing(before: pd.DataFrame, after: pd.DataFrame, columns: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of each side that the other side lacks."""
    if before.empty or after.empty:
        return before[columns], after[columns]
    old, new = _hashes(before[columns]), _hashes(after[columns])
    return (
        before.loc[~np.isin(old, new), columns],
        after.loc[~np.isin(new, old), columns],
    )


def _hashes(frame: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.integer[Any]]]:
    return pd.util.hash_pandas_object(frame, index=False).to_numpy()


def _npis(differing: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]]) -> set[str]:
    return {npi for sides in differing.values() for side in sides for npi in side["npi"].unique()}


def _added_or_removed(names: pd.Series[str], change: str, side: str) -> pd.DataFrame:
    """Return one row for each provider that is added or removed."""
    frame = pd.DataFrame({"npi": names.index, "name": names.to_numpy(), "change": change, side: names.to_numpy()})
    return frame.reindex(columns=CHANGES).astype("str").fillna("")


def _by_field(differing: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]], names: pd.Series[str]) -> pd.DataFrame:
    """Return the changes of other providers: each field before and after."""
    if names.empty:
        return pd.DataFrame(columns=CHANGES, dtype="str")
    common = {name: tuple(side[is_in(side["npi"], names.index)] for side in sides) for name, sides in differing.items()}
    old_place, new_place = common["location"]
    lines = [
        _fields(*common["provider"], keys=["npi"], fields=COMPARED["provider"][1:]),
        _places(old_place, new_place),
        _answers(*common["specialty"], label="specialty", name="facet", value=("kind", "detail")),
        _answers(
            *(_with_periods(side) for side in common["insurance"]), label="insurance", name="plan", value=("told",)
        ),
        _answers(*common["fact"], label="fact", name="field", value=("value",)),
    ]
    found = pd.concat(lines)
    return (
        found.assign(name=found["npi"].map(names), change="changed").reindex(columns=CHANGES).astype("str").fillna("")
    )


def _with_periods(answers: pd.DataFrame) -> pd.DataFrame:
    """Add in one text what an answer says: ``yes``, ``yes (2026-01-01 to 2026-12-31)``, ``yes (no new patients)``."""
    limited = (answers["valid_from"] != "") | (answers["valid_until"] != "")
    period = (" (" + answers["valid_from"] + " to " + answers["valid_until"] + ")").where(limited, "")
    closed = pd.Series(" (no new patients)", index=answers.index).where(answers["accepting_patients"] == "no", "")
    return answers.assign(told=answers["status"] + period + closed)


def _plan_names(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each plan with another name; of several years the latest counts."""
    sides = {
        side: rows.sort_values("year").drop_duplicates("plan", keep="last").set_index("plan")["name"]
        for side, rows in (("before", before), ("after", after))
    }
    both = pd.DataFrame(sides).fillna("")
    changed = both[both["before"] != both["after"]].assign(npi="", change="changed")
    rows = changed.assign(
        name=changed["after"].mask(changed["after"] == "", changed["before"]), field="plan " + changed.index
    )
    return rows.reindex(columns=CHANGES).astype("str").fillna("")


def _fields(before: pd.DataFrame, after: pd.DataFrame, *, keys: list[str], fields: Sequence[str]) -> pd.DataFrame:
    """Compare the rows with keys on both sides, field by field."""
    both = before.merge(after, on=keys, suffixes=("_before", "_after"))
    old, new = (_text(both[[f"{field}_{side}" for field in fields]]).to_numpy() for side in ("before", "after"))
    rows, columns = np.nonzero(old != new)
    return (
        both[keys]
        .iloc[rows]
        .assign(field=np.array(fields, dtype=object)[columns], before=old[rows, columns], after=new[rows, columns])
    )


def _places(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return changes of practice locations; an added or removed location is a change of address."""
    keys = ["npi", "location_key"]
    inside = _fields(before, after, keys=keys, fields=COMPARED["location"][2:])
    old, new = place_keys(before), place_keys(after)
    gone, come = before[~is_in(old, new)], after[~is_in(new, old)]
    return pd.concat(
        [
            inside,
            gone[keys].assign(field="location", before=_address(gone), after=""),
            come[keys].assign(field="location", before="", after=_address(come)),
        ]
    )


def _answers(before: pd.DataFrame, after: pd.DataFrame, *, label: str, name: str, value: Sequence[str]) -> pd.DataFrame:
    """Return changes of a table with several answers per question, all answers before and after in one row."""
    keys = [column for column in ("npi", "location_key", name) if column in before.columns]
    sides = []
    for side in (before, after):
        joined = _joined(side, value, ": ")
        sides.append(side[keys].assign(answer=joined).groupby(keys, sort=False)["answer"].agg(" · ".join))
    both = pd.concat(sides, axis="columns", keys=["before", "after"]).fillna("").reset_index()
    return both.assign(field=label + " " + both[name].astype("str"))


def _address(rows: pd.DataFrame) -> pd.Series[str]:
    return _joined(rows, ADDRESS, ", ")


def _joined(rows: pd.DataFrame, columns: Sequence[str], separator: str) -> pd.Series[str]:
    text = rows[columns[0]]
    for column in columns[1:]:
        text = text + separator + rows[column]
    return text


def _text(values: pd.DataFrame) -> pd.DataFrame:
    """Return values as text, empty for missing numbers."""
    return values.astype("str").where(values.notna(), "")
