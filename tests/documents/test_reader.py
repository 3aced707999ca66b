"""The front door: parser, schema and rules together, and what is remembered."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from runner.documents.memory import MAX_ENTRIES, Memory
from runner.documents.nodes import plain
from runner.documents.reader import examine, load, settle
from runner.errors import InvalidInput, Position, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from runner.documents.nodes import Document

VALID = b"on: push\nenv: {A: 1.5, B: .inf, C: ~, D: true}\njobs: {a: {runs-on: x, steps: []}}\n"


def warn(document: Document) -> list[Problem]:
    return [Problem("x.y", "careful", document.position(document.root), severity="warning")]


def refuse(document: Document) -> list[Problem]:
    return [Problem("x.y", "no", document.position(document.root))]


def test_problems_of_all_layers_come_together() -> None:
    """YAML, schema and rules speak in one go, in the order of their places."""
    content = b"on: push\non: push\nfoo: 1\njobs: {}\n"
    with pytest.raises(InvalidInput) as caught:
        load("f.yml", content, "pipeline", rules=refuse)
    expected = ["x.y", "yaml.duplicate-key", "schema.unknown-key"]
    assert expected == [problem.code for problem in caught.value.problems]


def test_rules_do_not_see_refused_keys() -> None:
    """An entry whose key the schema refused is not there for the rules."""

    def describe(document: Document) -> list[Problem]:
        return [Problem("x.y", ", ".join(plain(document.root)))]

    _, problems = examine("f.yml", b"on: push\nfoo: 1\njobs: {}\n", "pipeline", rules=describe)
    assert "on, jobs" in [problem.message for problem in problems]


def test_warnings_do_not_refuse() -> None:
    """A document with warnings is loaded, and `examine` tells them."""
    assert load("f.yml", VALID, "pipeline", rules=warn).root
    assert [p.message for p in examine("f.yml", VALID, "pipeline", rules=warn)[1]] == ["careful"]


def test_ten_problems_at_most_each_cut() -> None:
    """Problems are ordered by place, told once, cut at 500 characters, and ten are kept."""
    problems = [Problem("a.b", "m" * 600, Position("f", line, 1)) for line in range(20, 0, -1)]
    settled = settle(problems * 2)
    assert list(range(1, 11)) == [problem.where.line for problem in settled if problem.where]
    assert {"m" * 500 + "[...]"} == {problem.message for problem in settled}


def test_warnings_never_hide_errors() -> None:
    """However many warnings come first, a document with an error is refused."""
    content = b"x: [" + b"3.10, " * 20 + b"]\n" + VALID
    with pytest.raises(InvalidInput) as caught:
        load("f.yml", content, "pipeline")
    severities = [problem.severity for problem in caught.value.problems]
    assert (severities.count("error"), len(severities)) == (1, 10)


def test_a_valid_document_is_remembered(tmp_path: Path) -> None:
    """The second time, the same document comes back without its rules being asked."""
    folder = str(tmp_path / "memory")
    first = load("f.yml", VALID, "pipeline", rules=lambda _: [], memory=folder)
    assert first == load("f.yml", VALID, "pipeline", rules=refuse, memory=folder)
    assert load("g.yml", VALID, "pipeline", memory=folder).file == "g.yml"


def test_a_refused_document_is_not_remembered(tmp_path: Path) -> None:
    """What is refused is refused again; a warning does not keep a document from being known."""
    with pytest.raises(InvalidInput):
        load("f.yml", VALID, "pipeline", rules=refuse, memory=str(tmp_path))
    assert list(tmp_path.iterdir()) == []
    load("f.yml", VALID, "pipeline", rules=warn, memory=str(tmp_path))
    assert len(list(tmp_path.iterdir())) == 1


def test_memory_is_private(tmp_path: Path) -> None:
    """Nobody else can read or write what is remembered."""
    folder = tmp_path / "memory"
    load("f.yml", VALID, "pipeline", memory=str(folder))
    (entry,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\n",
        b"x\n{}",
        b"\xff\n\xff",
        hashlib.sha256(b"").hexdigest().encode() + b"\n",
    ],
)
def test_damaged_entries_are_ignored(tmp_path: Path, damage: bytes) -> None:
    """An entry that cannot be read counts as absent, and is written anew."""
    memory = Memory(str(tmp_path), "pipeline")
    document = load("f.yml", VALID, "pipeline", memory=str(tmp_path))
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(damage)
    assert memory.recall("f.yml", VALID) is None
    load("f.yml", VALID, "pipeline", memory=str(tmp_path))
    assert document == memory.recall("f.yml", VALID)


@pytest.mark.parametrize(
    "body",
    ["[]", "{}", "null", '{"nodes": [[], [], []], "keys": [[], [], []], "collections": []}'],
)
def test_foreign_entries_are_ignored(tmp_path: Path, body: str) -> None:
    """An entry of another make counts as absent."""
    load("f.yml", VALID, "pipeline", memory=str(tmp_path))
    (entry,) = tmp_path.iterdir()
    entry.write_text(f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}")
    assert Memory(str(tmp_path), "pipeline").recall("f.yml", VALID) is None


def test_another_schema_is_another_memory(tmp_path: Path) -> None:
    """A document known under one schema is unknown under another."""
    load("f.yml", VALID, "pipeline", memory=str(tmp_path))
    assert Memory(str(tmp_path), "step").recall("f.yml", VALID) is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """Memory only saves time: without it everything is checked."""
    (tmp_path / "file").write_text("")
    assert load("f.yml", VALID, "pipeline", memory=str(tmp_path / "file" / "x")).root


def test_memory_stays_small(tmp_path: Path) -> None:
    """The older half is forgotten when there are too many entries."""
    for number in range(MAX_ENTRIES):
        path = tmp_path / f"{number}.json"
        path.write_text("")
        os.utime(path, (number, number))
    load("f.yml", VALID, "pipeline", memory=str(tmp_path))
    names = {path.name for path in tmp_path.iterdir()}
    assert len(names) == MAX_ENTRIES // 2 + 1
    assert f"{MAX_ENTRIES - 1}.json" in names


def test_a_known_file_needs_neither_parser_nor_schema(tmp_path: Path) -> None:
    """Recalling a document imports none of the slow modules."""
    load("f.yml", VALID, "pipeline", memory=str(tmp_path))
    code = (
        "import sys, json; from runner.documents.reader import load; "
        f"load('f.yml', {VALID!r}, 'pipeline', memory={str(tmp_path)!r}); "
        "print(json.dumps(sorted(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    slow = {"yaml", "jsonschema", "dataclasses", "inspect", "pathlib", "tempfile", "subprocess"}
    assert set() == slow & set(json.loads(run.stdout))
