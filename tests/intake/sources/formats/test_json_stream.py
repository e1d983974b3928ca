"""JSON as a stream: its nesting depth, equal to that of a reader of every character, and the keys it begins with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.intake.sources.formats.files import source_files
from finder.intake.sources.formats.json_stream import Depth, top_keys
from finder.intake.unpacking.budget import UPLOAD, Allowance

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.text(alphabet='a\\"[]{}é', max_size=6) | st.integers() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='a"[\\', max_size=3), inner, max_size=3)
    ),
    max_leaves=20,
)


def depths(text: bytes) -> list[int]:
    """The depth before the text and behind each of its bytes."""
    depth, in_text, escaped, found = 0, False, False, [0]
    for byte in text:
        if in_text:
            escaped, in_text = byte == ord("\\") and not escaped, byte != ord('"') or escaped
        elif byte == ord('"'):
            in_text = True
        else:
            depth += (byte in b"[{") - (byte in b"]}")
        found.append(depth)
    return found


@given(value=VALUES, pieces=st.lists(st.integers(1, 9), min_size=1, max_size=20))
def test_depth_is_counted_whatever_the_pieces(value: Any, pieces: list[int]) -> None:
    text = json.dumps(value).encode()
    expected, depth, start = depths(text), Depth(), 0
    for size in pieces * (len(text) // sum(pieces) + 1):
        end = min(start + size, len(text))
        least, greatest = depth.of(text[start:end])
        assert (least, greatest, depth.now) == (
            min(expected[start : end + 1]),
            max(expected[start : end + 1]),
            expected[end],
        )
        start = end
    assert depth.now == 0


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        (b'{"a": {"b": 1}, "c": ["d", {"e": 2}], "f": "g"}', {"a", "c", "f"}),
        (b'\xef\xbb\xbf \n{"a": [{"b": "' + "é".encode()[:1], {"a"}),
        (b'{"a": ' + b"[" * 60_000, {"a"}),
        (b'{"a": 1, "b" oh', {"a", "b"}),
        (b'[{"a": 1}]', set()),
        (b'{"a": ' + b"1" * 60_000, set()),
        (b"a,b\n", set()),
    ],
)
def test_the_keys_of_what_begins_like_an_object(tmp_path: Path, content: bytes, keys: set[str]) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    (file,) = source_files(path, Allowance(UPLOAD))
    assert top_keys(file) == keys
