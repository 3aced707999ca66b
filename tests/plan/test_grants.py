"""`grant:` read as permissions, whatever stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner.documents.nodes import Mapping
from runner.documents.parsing import parse
from runner.plan.grants import read_grant

if TYPE_CHECKING:
    from runner.permissions import Permissions


def _read(text: str) -> tuple[Permissions, list[str]]:
    document, problems = parse("ci.yml", text.encode())
    assert not problems
    assert isinstance(document.root, Mapping)
    allowed, found = read_grant(document.root, file="ci.yml")
    return allowed, [str(problem) for problem in found]


def test_every_kind_of_value_is_read() -> None:
    """Texts, numbers, sizes, ports and ranges of them."""
    allowed, problems = _read(
        "filesystem: {read_paths: ['*.md'], max_file_size: 1MiB, temp_access: true}\n"
        "network: {allowed_domains: [a.test], allowed_ports: [80, 8000-8100], max_connections: 2}\n"
        "system: {env_vars: [CI], max_threads: 2}\n"
    )
    assert problems == []
    assert allowed.network.allowed_ports == ((80, 80), (8000, 8100))
    assert (allowed.filesystem.max_file_size, allowed.system.max_threads) == (2**20, 2)


@pytest.mark.parametrize(
    "text",
    [
        "network: {allowed_ports: [http]}",
        "network: {allowed_ports: [true]}",
        "network: {allowed_ports: ['-5']}",
        "network: {allowed_ports: [5-6-7]}",
        "network: {allowed_ports: [9-8]}",
        "network: {allowed_ports: 443}",
        "network: {allowed_domains: [443]}",
        "network: {max_connections: few}",
        "system: {max_threads: lots}",
        "system: {max_threads: true}",
        "filesystem: {max_file_size: lots}",
        "filesystem: {max_file_size: [1]}",
        "filesystem: {temp_access: 1}",
    ],
)
def test_wrong_values_are_told_at_their_place(text: str) -> None:
    """Each is one problem, and never a traceback."""
    _, problems = _read(text)
    assert len(problems) == 1
    assert problems[0].startswith("ci.yml:1:")
