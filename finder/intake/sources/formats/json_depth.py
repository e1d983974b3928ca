"""Nesting depth of a JSON stream, computed from its bytes before a parser sees them.

A parser builds a path for every value: a million nested brackets would take terabytes.
"""

from __future__ import annotations

import numpy as np

_STEPS = np.zeros(256, dtype=np.int8)
_STEPS[list(b"[{")] = 1
_STEPS[list(b"]}")] = -1
_QUOTE = ord('"')
_OTHERS = bytes(sorted(set(range(256)) - set(b'[]{}"')))


class Depth:
    """The depth of a stream, updated piece by piece. ``now`` is the depth after the last piece."""

    def __init__(self) -> None:
        self.now = 0
        self._in_text = False
        self._open_escape = b""

    def of(self, piece: bytes) -> tuple[int, int]:
        """Return the least and the greatest depth within the next piece."""
        piece = self._open_escape + piece
        backslashes = len(piece) - len(piece.rstrip(b"\\"))
        self._open_escape = b"\\" if backslashes % 2 else b""
        plain = piece[: len(piece) - backslashes % 2]
        if b"\\" in plain:
            plain = plain.replace(b"\\\\", b"").replace(b'\\"', b"")
        marks = np.frombuffer(plain.translate(None, _OTHERS), dtype=np.uint8)
        texts = np.cumsum(marks == _QUOTE, dtype=np.int32) + self._in_text
        depths = self.now + np.cumsum(np.where(texts % 2 == 1, 0, _STEPS[marks]), dtype=np.int32)
        if not len(depths):
            return self.now, self.now
        before, self.now, self._in_text = self.now, int(depths[-1]), bool(texts[-1] % 2)
        return min(before, int(depths.min())), max(before, int(depths.max()))
