"""The commands as a whole: each can be asked for, and wrong usage is told from a refusal."""

from __future__ import annotations

import pytest
from flask import Flask

from finder.cli import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_how_it_is_used(sample_app: Flask, name: str) -> None:
    result = sample_app.test_cli_runner().invoke(args=[name, "--help"])
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage:")


def test_a_command_that_there_is_not_is_wrong_usage(sample_app: Flask) -> None:
    assert sample_app.test_cli_runner().invoke(args=["fly"]).exit_code == 2
