"""The journal is the truth: readable after a crash, and enough to tell the run again."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.errors import InvalidInput, Position, Problem
from runner.events import model
from runner.events.journal import Journal, read_journal
from runner.events.model import KINDS, Event, Notice, RunFinished, StepOutput
from tests.events.samples import sample_run, single_run

if TYPE_CHECKING:
    from pathlib import Path

    from jsonschema import Draft202012Validator


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    with open(os.path.join(root, "schemas", "journal.schema.json"), encoding="utf-8") as file:
        document: dict[str, Any] = json.load(file)
    return document


@pytest.fixture(scope="module")
def validator(schema: dict[str, Any]) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def write(path: str, *batches: list[Event]) -> None:
    journal = Journal(path)
    for batch in batches:
        journal.write(batch)
    journal.close()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for any value of a field's type."""
    plain = {
        str: st.text(st.characters()),
        int: st.integers(),
        float: st.floats(allow_nan=False, allow_infinity=False),
        bool: st.booleans(),
        type(None): st.none(),
    }
    if kind in plain:
        return plain[kind]
    if hasattr(kind, "_fields"):
        hints = get_type_hints(kind, {**vars(model), "Problem": Problem, "Position": Position})
        return st.builds(kind, **{name: values_of(hint) for name, hint in hints.items()})
    if kind == model.Leg or kind == dict[str, Any] | None:
        scalars = st.one_of(*plain.values())
        return st.none() | st.dictionaries(st.text(), scalars | st.lists(scalars), max_size=3)
    if getattr(kind, "__origin__", None) is dict:
        return st.dictionaries(st.text(), st.text(), max_size=3)
    if getattr(kind, "__origin__", None) is tuple:
        return st.lists(values_of(get_args(kind)[0]), max_size=3).map(tuple)
    return st.one_of(*map(values_of, get_args(kind)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_what_is_written_is_read(tmp_path: Path, data: st.DataObject) -> None:
    """Any event with any values, lone surrogates included, comes back equal."""
    path = str(tmp_path / "journal.jsonl")
    kinds = data.draw(st.lists(st.sampled_from(list(KINDS.values())), max_size=4))
    events = [data.draw(values_of(kind)) for kind in kinds]
    if os.path.exists(path):
        os.unlink(path)
    write(path, *([event] for event in events))
    assert events == list(read_journal(path))


def test_output_is_written_in_batches(tmp_path: Path) -> None:
    """Lines of different steps and legs, in batches or alone, come back in their order."""
    batches: list[list[Event]] = [
        [StepOutput("a", None, 0, "one"), StepOutput("a", None, 0, 'tw"o\n')],
        [StepOutput("a", None, 0, "three")],
        [StepOutput("a", {"x": 1}, 0, "four")],
        [StepOutput("a", {"x": 2}, 0, "five")],
        [StepOutput("b", None, 1, "")],
        [RunFinished("success", 0.0, 0.0)],
        [StepOutput("b", None, 1, 'seq":0 \u2028 é')],
    ]
    write(str(tmp_path / "j"), *batches)
    assert [event for batch in batches for event in batch] == list(
        read_journal(str(tmp_path / "j"))
    )
    assert list(range(1, 9)) == [line["seq"] for line in lines(tmp_path / "j")]


def test_every_batch_is_on_disk_at_once(tmp_path: Path) -> None:
    """A crash right after an event loses nothing before it."""
    journal = Journal(str(tmp_path / "j"))
    for count, event in enumerate(sample_run(), 1):
        journal.write([event])
        assert count == (tmp_path / "j").read_bytes().count(b"\n")
    journal.close()


def test_a_line_cut_off_by_a_crash_is_passed_over(tmp_path: Path) -> None:
    """However much of the last line is missing, the events before it are read."""
    path = tmp_path / "j"
    write(str(path), single_run())
    whole = path.read_bytes()
    last = len(whole.splitlines(keepends=True)[-1])
    for missing in range(1, last + 1, 7):
        path.write_bytes(whole[:-missing])
        assert single_run()[:-1] == list(read_journal(str(path)))


def test_later_kinds_and_fields_are_passed_over(tmp_path: Path) -> None:
    """A journal of a newer program of the same version can be read."""
    path = tmp_path / "j"
    path.write_text(
        '{"v":1,"seq":1,"event":"moon.rose","phase":3}\n'
        '{"v":1,"seq":2,"event":"run.finished","result":"success","time":1,"duration":2,"x":[]}\n'
    )
    assert [RunFinished("success", 1, 2)] == list(read_journal(str(path)))


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "1",
        "{}",
        '{"v":2,"seq":1,"event":"run.finished"}',
        '{"v":1,"seq":1,"event":"run.finished"}',
        '{"v":1,"seq":1,"event":"notice","problem":{"message":"no code"}}',
        '{"v":1,"seq":1,"event":"notice","problem":[]}',
        '{"v":1,"seq":1,"event":["run.finished"]}',
        "[" * 100_000,
        "\xff",
    ],
)
def test_a_damaged_line_is_refused_with_its_place(tmp_path: Path, line: str) -> None:
    """What is no event is an error that names file and line, and nothing else is raised."""
    path = tmp_path / "j"
    write(str(path), [RunFinished("success", 0.0, 0.0)])
    with path.open("a", encoding="latin-1") as file:
        file.write(f"{line}\n")
    events = read_journal(str(path))
    assert RunFinished("success", 0.0, 0.0) == next(events)
    with pytest.raises(InvalidInput) as caught:
        next(events)
    (problem,) = caught.value.problems
    assert problem.code == "journal-damaged"
    assert problem.where == (str(path), 2, 0)


def test_a_journal_is_never_overwritten(tmp_path: Path) -> None:
    """A file that is there, or a link in its place, is not touched."""
    (tmp_path / "target").write_text("precious")
    (tmp_path / "j").symlink_to(tmp_path / "target")
    with pytest.raises(FileExistsError):
        Journal(str(tmp_path / "j"))
    assert (tmp_path / "target").read_text() == "precious"


def test_journals_follow_the_schema(tmp_path: Path, validator: Draft202012Validator) -> None:
    """Every line that is written is what schemas/journal.schema.json says."""
    write(str(tmp_path / "j"), *([event] for event in sample_run()), single_run())
    found = [
        error.message for line in lines(tmp_path / "j") for error in validator.iter_errors(line)
    ]
    assert found == []


def test_the_schema_knows_every_kind_and_field(schema: dict[str, Any]) -> None:
    """Schema and records name the same events with the same fields, all described."""
    assert [f"#/$defs/{kind}" for kind in KINDS] == [entry["$ref"] for entry in schema["oneOf"]]
    for name, record in KINDS.items():
        definition = schema["$defs"][name]
        assert {"v", "seq", "event", *record._fields} == set(definition["properties"])
        assert definition["description"]


@pytest.mark.parametrize("field", ["v", "seq", "event", "problem", "step"])
def test_the_schema_wants_every_field(
    tmp_path: Path, validator: Draft202012Validator, field: str
) -> None:
    """An event that lacks a field is invalid, so readers may rely on it."""
    write(str(tmp_path / "j"), [Notice(Problem("code", "text"))])
    (line,) = lines(tmp_path / "j")
    assert validator.is_valid(line)
    del line[field]
    assert not validator.is_valid(line)
