"""All commands: each has help, and wrong usage is distinct from a refusal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from finder.cli import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(sample_app: Flask, name: str) -> None:
    result = sample_app.test_cli_runner().invoke(args=[name, "--help"])
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage:")


def test_an_unknown_command_exits_2(sample_app: Flask) -> None:
    assert sample_app.test_cli_runner().invoke(args=["fly"]).exit_code == 2


@pytest.mark.process
def test_an_invalid_setting_prints_one_line_and_exits_1(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    for setting, why in (
        ({"FINDER_HOME": str(in_the_way)}, "FINDER_HOME is "),
        ({"FINDER_HOME": str(tmp_path), "FINDER_TODAY": "yesterday"}, "FINDER_TODAY is 'yesterday': "),
    ):
        refused = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "data", "status"],
            cwd=Path(__file__).parents[1],
            env=os.environ | setting,
            capture_output=True,
            text=True,
            check=False,
        )
        assert refused.returncode == 1
        assert refused.stdout == ""
        assert refused.stderr.startswith(f"Error: {why}")
        assert refused.stderr.count("\n") == 1
