"""What `uses:` may say."""

from __future__ import annotations

import pytest

from runner.errors import InvalidInput
from runner.plugins.reference import Reference, parse


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        ("./plugins/greet", Reference("local", "plugins/greet")),
        ("./plugins//greet/", Reference("local", "plugins/greet")),
        (".", Reference("local", ".")),
        ("./", Reference("local", ".")),
        ("steps/esbuild", Reference("standard", "esbuild")),
        ("actions/checkout@v4", Reference("host", "actions/checkout", "v4")),
        ("actions/cache/restore@v4.1", Reference("host", "actions/cache/restore", "v4.1")),
    ],
)
def test_forms_that_are_understood(uses: str, expected: Reference) -> None:
    """Folders, standard steps and host actions each have a form of their own."""
    assert parse(uses) == expected


@pytest.mark.parametrize(
    ("uses", "hint"),
    [
        ("docker://alpine:3", "uses: ./folder"),
        ("octo/lint@v1", "uses: ./plugins/lint"),
        ("octo/tools/lint@main", "uses: ./plugins/lint"),
        ("./../elsewhere", "folder of this repository"),
        ("./a\0b", "folder of this repository"),
        ("steps/../../etc", "steps/name"),
        ("steps/", "steps/name"),
        ("greet", "./folder"),
        ("", "./folder"),
        ("octo/lint", "./folder"),
        ("/etc", "./folder"),
    ],
)
def test_forms_that_are_refused_say_what_to_write(uses: str, hint: str) -> None:
    """Each refusal carries what to write instead."""
    with pytest.raises(InvalidInput) as caught:
        parse(uses)
    (problem,) = caught.value.problems
    assert problem.code == "reference"
    assert hint in problem.hint
