"""A grammar of nasty values: what breaks programs when it arrives as a number, a name, a date, a place, a header."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.web.hard_numbers import HARD_NUMBERS

WORDS = (
    "", " ", "0", "-1", "1", "2", "43210", "02139", "00000", "Springfield", "Cambridge MA", "42.36,-71.06", "½", "1.5",
    "2026-10-05", "2027-01-01", "0000-00-00", "9999-12-31", "10/05/2026", "2026-02-30", "'; DROP TABLE edits--",
    "=1+1", "＝1+1", "@SUM(A1)", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}",
    "{amount:money}", "%(name)s", "%s%n", "{0.__class__}", "😀" * 40, "\x00", "a\x00b", "\r\nSet-Cookie: a=b",
    "../../etc/passwd", "..%2f..%2f", "\\\\host\\share", "http://127.0.0.1/", "//evil.example", "javascript:alert(1)",
    "ﬁ", "ß", "İ", "\u202eabc", "\ufeff", "\ud7ff", "é" * 200, "x" * 3000, "null", "None", "undefined", "true", "[]",
    "{}", "on", "unknown", "medigap", "medicare", "self_pay", "first_visit", "by_hand", "97112", "yes", "no", "part",
    "neurologic", "wrong_phone", "remove_my_listing", "admin", "viewer", "end", "keep", "deactivate", "unlock",
    "+1 617 555 0123", "a@example.org", "a@b@c", "١٢٣", "1e9", "1_000", "0x10", "1;2", "1,2,3", "1 OR 1=1",
)  # fmt: skip

HEADERS = (
    "Accept-Language", "Accept-Encoding", "Accept", "Origin", "Referer", "Range", "If-None-Match", "If-Modified-Since",
    "If-Range", "User-Agent", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Content-Type",
    "Content-Encoding", "X-HTTP-Method-Override", "Sec-Fetch-Site", "Authorization", "Cache-Control", "Expect",
)  # fmt: skip

HEADER_VALUES = (
    "es", "en;q=0.1, es", "es;q=x", "*", "x" * 2000, "null", "http://[", "https://evil.example", "http://localhost",
    "bytes=0-1", "bytes=9-1", "bytes=" + "0-1," * 200, '"a"', 'W/"', "*/*;q=", "text/html;charset=\xff", "gzip, br",
    "multipart/form-data", "multipart/form-data; boundary=" + "b" * 300, "application/x-www-form-urlencoded;charset=x",
    "application/json", "Basic eDp5", "Bearer ", "127.0.0.1, ::1", "for=_hidden;proto=https", "Sun, 99 Foo 2026",
    "100-continue", "chunked", "same-site", "cross-site", "\t", "",
)  # fmt: skip


def value(chance: random.Random) -> str:
    """Choose a value: a word, a hard number, some of the letters of all scripts, or two words together."""
    kind = chance.random()
    if kind < 0.6:
        return chance.choice(WORDS)
    if kind < 0.75:
        return chance.choice(HARD_NUMBERS)
    if kind < 0.9:
        return "".join(chr(_letter(chance)) for _ in range(chance.randint(1, 12)))
    return chance.choice(WORDS) + chance.choice(WORDS)


def _letter(chance: random.Random) -> int:
    """Choose a code point that text may have: most of them rare, none a surrogate."""
    limit = chance.choice((0x20, 0x7F, 0xFF, 0x2FFF, 0xD7FF, 0x1F9FF))
    point = chance.randint(0, limit)
    return point if not 0xD800 <= point < 0xE000 else 0xFFFD


def header(chance: random.Random) -> tuple[str, str]:
    """Choose a header and a value for it."""
    return chance.choice(HEADERS), chance.choice(HEADER_VALUES)


def pairs(chance: random.Random, names: Sequence[str], most: int) -> list[tuple[str, str]]:
    """Choose fields or arguments: known names mostly, sometimes twice, with nasty values."""
    chosen = [(chance.choice(names), value(chance)) for _ in range(chance.randint(0, most))]
    if chance.random() < 0.1:
        chosen.append((value(chance)[:60], value(chance)))
    return chosen
