"""Hostile documents: nothing but `InvalidInput` comes out, in bounded time."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.documents.excerpt import render
from runner.documents.reader import load
from runner.errors import InvalidInput
from runner.workflow import action
from runner.workflow.reader import SCHEMA, check_workflow, read_workflow

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.errors import Problem

CORPUS = [
    path.read_bytes()
    for path in sorted((Path(__file__).parent.parent / "golden").glob("*/*.yml"))
    if path.stat().st_size < 1000
]
# Whatever could move the cursor or turn the direction of the text on a terminal.
DANGEROUS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
PIECES = st.sampled_from(
    [
        *"\n-:?&*!|>%@{}[],#'\"~ ",
        "  ",
        "\n  ",
        "- ",
        ": ",
        "&a ",
        "*a",
        "<<: ",
        "!!int ",
        "---\n",
        "...\n",
        "on",
        "jobs",
        "steps",
        "run",
        "uses",
        "needs",
        "${{ ",
        " }}",
        "github.ref",
        "1e999",
        "0x",
        "\t",
        "\r",
        "\x85",
        "\u2028",
        "\ufeff",
        "\U0001f680",
        "\x00",
    ]
)


def read(content: bytes) -> None:
    """Read a workflow as `runner validate` does; refusals are fine."""
    refuse(content, lambda: read_workflow(load("w.yml", content, SCHEMA, rules=check_workflow)))


def read_action(content: bytes) -> None:
    """Read an `action.yml` as a run does; refusals are fine."""

    def reading() -> object:
        document = load("action.yml", content, action.SCHEMA, rules=action.check_action)
        return action.read_action(document)

    refuse(content, reading)


def refuse(content: bytes, reading: Callable[[], object]) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        reading()
    except InvalidInput as error:
        problems = error.problems
    text = content.decode("utf-8", "replace")
    for problem in problems:
        assert problem.where is not None
        assert DANGEROUS.search(render(problem, text)) is None


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    """Any bytes are a workflow or invalid input."""
    read(content)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_tokens(text: str) -> None:
    """Any order of YAML's own signs is a workflow or invalid input."""
    read(text.encode())


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CORPUS), st.data())
def test_changed_workflows(content: bytes, data: st.DataObject) -> None:
    """A workflow of which any part was replaced is a workflow or invalid input."""
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 20)))
    middle = data.draw(st.lists(PIECES, max_size=4).map("".join)).encode()
    changed = content[:start] + middle + content[end:]
    read(changed)
    read_action(changed)


KEYS = [
    *("run", "uses", "with", "env", "if", "id", "wait", "parallel", "'${{ insert }}'"),
    *("include", "exclude", "matrix", "name", "group", "image", "inputs", "types"),
]
VALUES = st.recursive(
    st.sampled_from(["~", "true", "1", "x", "''", "'${{ github.ref }}'", "'${{'", "'${{ x }}'"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=3,
        ).map(lambda entries: "{" + ", ".join(f"{k}: {v}" for k, v in entries.items()) + "}")
    ),
    max_leaves=8,
)
ROOT_SLOTS = "on env jobs concurrency defaults permissions grant jobs.a"
JOB_SLOTS = (
    "needs if runs-on strategy steps env outputs container services environment uses with secrets "
    "defaults timeout-minutes"
)
SLOTS = [*ROOT_SLOTS.split(), *(f"jobs.a.{key}" for key in JOB_SLOTS.split())]


ACTION_SLOTS = (
    "name inputs outputs runs branding extra inputs.a outputs.a runs.using runs.steps runs.main "
    "runs.pre runs.pre-if runs.post-if runs.args runs.env"
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ACTION_SLOTS.split()), st.sampled_from(["composite", "wasm"]), VALUES)
def test_any_shape_anywhere_in_an_action(slot: str, using: str, value: str) -> None:
    """A value of any shape in the place of any key of an action is right or invalid input."""
    body = {"composite": "steps: [{run: y, shell: sh}]", "wasm": "main: a.wasm"}[using]
    key, _, inner = slot.partition(".")
    fields = {"name": "n", "runs": f"{{using: {using}, {body}}}"}
    if key == "runs" and inner:
        fields[key] = f"{{{inner}: {value}, {body}}}"
    else:
        fields[key] = f"{{{inner}: {value}}}" if inner else value
    read_action("\n".join(f"{name}: {item}" for name, item in fields.items()).encode())


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SLOTS), VALUES)
def test_any_shape_anywhere(slot: str, value: str) -> None:
    """A value of any shape in the place of any key is right or invalid input."""
    root = {"on": "push", "jobs": "{a: {runs-on: x, steps: [{run: y}]}}"}
    job = {"runs-on": "x", "steps": "[{run: y}]"}
    if slot.startswith("jobs.a."):
        job[slot.removeprefix("jobs.a.")] = value
        inner = ", ".join(f"{key}: {item}" for key, item in job.items())
        root["jobs"] = f"{{a: {{{inner}}}}}"
    elif slot == "jobs.a":
        root["jobs"] = f"{{a: {value}}}"
    else:
        root[slot] = value
    read("".join(f"{key}: {item}\n" for key, item in root.items()).encode())


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 500_000,
        b"{a: " * 200_000,
        b"- " * 300_000,
        b"? " * 300_000,
        b"a: &a [" + b"*a," * 100_000,
        b"x: &a [1]\ny: [" + b"*a, " * 200_000 + b"]",
        b"&a " * 100_000,
        b"!!str " * 100_000,
        b'"' + b"\\x41" * 200_000,
        b"on: " + b"9" * 1_000_000,
        b"on: 0x" + b"f" * 1_000_000,
        b"on: " + b"- " * 10,
        b"'" * 999_999,
        b"a" * 1_000_000,
        b"\n" * 1_000_000,
        b"%" * 100_000,
        b"on: push\njobs:\n" + b"".join(b" j%d: {needs: zzz}\n" % n for n in range(20_000)),
        b"on: push\njobs:\n" + b"".join(b" j%d: {foo: zzz}\n" % n for n in range(20_000)),
        b"on: push\nenv:\n" + b"".join(b" k%d: ${{ x }}\n" % n for n in range(40_000)),
    ],
    ids=lambda content: f"{bytes(content[:12])!r}",
)
def test_bombs_are_refused_in_time(content: bytes) -> None:
    """Nothing within the size limit takes long to refuse."""
    start = time.process_time()
    read(content)
    assert time.process_time() - start < 10
