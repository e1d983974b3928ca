"""From minutes to units: Medicare's way over the visit, and the per-code way of some commercial plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from finder.coverage.basics.visit import Service
from finder.coverage.basics.vocabulary import MinutesRule
from finder.coverage.figures.figures import CodeTable

Key = TypeVar("Key", str, int)


def count_units(
    services: Sequence[Service], table: CodeTable, rule: MinutesRule, unit_minutes: int, minimum: int
) -> list[int]:
    """Count the units of each service of a visit, in the order of the services.

    Units that are given stay as they are. An untimed service is one unit, whatever its minutes; an add-on that has
    minutes of its own counts those. Medicare adds up the minutes of all timed services of the visit first: 8 to 22
    minutes are 1 unit, 23 to 37 are 2, 38 to 52 are 3, and so on, 15 minutes for each further one. Some commercial
    plans count each code by itself in the same way (8 + 8 + 8 minutes are 3 units there, 2 for Medicare).
    Source: Medicare Claims Processing Manual, chapter 5, section 20.2; AMA midpoint rule for commercial plans.
    """
    units = [_given_or_untimed(service, table) for service in services]
    pooled = {
        index: service.minutes for index, service in enumerate(services) if units[index] is None and service.minutes
    }
    if rule is MinutesRule.PER_CODE:
        shared = _per_code(pooled, services, unit_minutes, minimum)
    else:
        shared = _over_the_visit(pooled, services, unit_minutes, minimum)
    return [shared.get(index, 0) if count is None else count for index, count in enumerate(units)]


def _given_or_untimed(service: Service, table: CodeTable) -> int | None:
    """Return the units of a service that shares no minutes with others; None for a timed one that came with minutes."""
    if service.units is not None:
        return service.units
    own_minutes = table.unit_minutes.get(service.code or "")
    if own_minutes and service.minutes:
        return (service.minutes + own_minutes // 2) // own_minutes
    if service.code in table.timed and service.minutes:
        return None
    return 1


def _over_the_visit(
    minutes: Mapping[int, int], services: Sequence[Service], unit_minutes: int, minimum: int
) -> dict[int, int]:
    """Count Medicare's way: all timed minutes make the units, handed out to codes, and within a code to lines."""
    by_code = _by_code(minutes, services)
    code_minutes = {code: sum(lines.values()) for code, lines in by_code.items()}
    units = (sum(minutes.values()) + unit_minutes - minimum) // unit_minutes
    by_unit = hand_out(units, code_minutes, unit_minutes)
    return _to_lines(by_code, by_unit, unit_minutes)


def _per_code(
    minutes: Mapping[int, int], services: Sequence[Service], unit_minutes: int, minimum: int
) -> dict[int, int]:
    """Count the per-code way: each code's minutes make units by themselves."""
    by_code = _by_code(minutes, services)
    units = {code: (sum(lines.values()) + unit_minutes - minimum) // unit_minutes for code, lines in by_code.items()}
    return _to_lines(by_code, units, unit_minutes)


def _by_code(minutes: Mapping[int, int], services: Sequence[Service]) -> dict[str, dict[int, int]]:
    """Group the minutes of lines by code, codes in the order in which they are listed."""
    groups: dict[str, dict[int, int]] = {}
    for index, spent in minutes.items():
        groups.setdefault(services[index].code or "", {})[index] = spent
    return groups


def _to_lines(by_code: Mapping[str, Mapping[int, int]], units: Mapping[str, int], unit_minutes: int) -> dict[int, int]:
    """Hand the units of each code out to its lines."""
    return {
        index: count
        for code, lines in by_code.items()
        for index, count in hand_out(units[code], lines, unit_minutes).items()
    }


def hand_out(units: int, minutes: Mapping[Key, int], unit_minutes: int) -> dict[Key, int]:
    """Hand out units: whole ones first, the rest one by one to the largest remainders (tie: first listed).

    18 + 13 + 10 + 8 minutes are 3 units: 1, 1, 1, 0.
    Source: Medicare Claims Processing Manual, chapter 5, section 20.2.
    """
    shares = {key: spent // unit_minutes for key, spent in minutes.items()}
    rest = units - sum(shares.values())
    by_remainder = sorted(minutes, key=lambda key: -(minutes[key] % unit_minutes))
    for key in by_remainder[:rest]:
        shares[key] += 1
    return shares
