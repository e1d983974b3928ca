"""Make a release of layers as they are and put it into the store; who points at it is decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from finder.directory.release.write import write_release
from finder.intake.candidate import describe
from finder.intake.desk import Desk
from finder.intake.layers import Stack
from finder.intake.merge import merge
from finder.intake.store import scratch


def make_again(desk: Desk, stack: Stack) -> tuple[str, Mapping[str, Any]]:
    """Make a release of layers that were published before; give its SHA-256 and its manifest."""
    merged = merge(list(stack.layers.values()))
    manifest = describe(stack, stack.stored(desk.store, desk.work), merged)
    with scratch(desk.work) as folder:
        made = folder / "release"
        write_release(made, merged.tables, manifest)
        return desk.store.put("", made), manifest
