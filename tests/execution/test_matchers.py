"""Problem matchers: from lines of output to annotations (LANGUAGE 6.6)."""

from __future__ import annotations

import json
import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from runner.events.masking import Masker
from runner.events.model import Annotation
from runner.events.stream import Stream
from runner.execution import matchers as module
from runner.execution.commands import Command
from runner.execution.matcherfile import parse_matchers
from runner.execution.matchers import Matchers, ProblemFinder
from runner.execution.output import OutputReader
from runner.execution.state import LegIdentity, MatcherBox

if TYPE_CHECKING:
    from pathlib import Path

    from runner.events.model import Event

# As tools and actions have them.
GCC = {
    "owner": "gcc",
    "pattern": [
        {
            "regexp": r"^(.*?):(\d+):(\d*):?\s+(?:fatal\s+)?(warning|error):\s+(.*)$",
            "file": 1,
            "line": 2,
            "column": 3,
            "severity": 4,
            "message": 5,
        }
    ],
}
STYLISH = {
    "owner": "eslint-stylish",
    "pattern": [
        {"regexp": r"^([^\s].*)$", "file": 1},
        {
            "regexp": r"^\s+(\d+):(\d+)\s+(error|warning|info)\s+(.*)\s\s+(.*)$",
            "line": 1,
            "column": 2,
            "severity": 3,
            "message": 4,
            "code": 5,
            "loop": True,
        },
    ],
}
PYTHON = {
    "owner": "python",
    "severity": "warning",
    "pattern": [
        {"regexp": r"^\s*File\s\"(.*)\",\sline\s(\d+),\sin\s(.*)$", "file": 1, "line": 2},
        {"regexp": r"^\s*raise\s(.*)\(\'(.*)\'\)$", "message": 2},
    ],
}


def start(folder: Path, *items: dict[str, Any]) -> tuple[Matchers, ProblemFinder]:
    matchers = Matchers(str(folder))
    add(matchers, folder, *items)
    return matchers, ProblemFinder(matchers)


def add(matchers: Matchers, folder: Path, *items: dict[str, Any]) -> tuple[str, ...]:
    (folder / "m.json").write_text(json.dumps({"problemMatcher": items}))
    return matchers.add(Command("add-matcher", {}, "m.json"))


def read(finder: ProblemFinder, *lines: str) -> list[Annotation]:
    found = [finder.find(line, ("job", None, 0)) for line in lines]
    return [note for note in found if note]


def test_6_6_a_line_becomes_a_problem(tmp_path: Path) -> None:
    """§6.6: file, line, column, severity and message are taken from one line, colours aside."""
    _, finder = start(tmp_path, GCC)
    (note,) = read(finder, "cc -c a.c", "src/a.c:3:7: \x1b[1mwarning:\x1b[0m unused `x`", "done")
    assert note[:5] == ("job", None, 0, "warning", "unused `x`")
    assert (note.file, note.line, note.column, note.matcher) == ("src/a.c", 3, 7, "gcc")


def test_6_6_lines_in_sequence_become_problems(tmp_path: Path) -> None:
    """§6.6: patterns match lines that follow each other, with `loop` as often as they do."""
    _, finder = start(tmp_path, STYLISH)
    notes = read(
        finder,
        *(
            "a.js",
            "  1:2  error  Missing  semi",
            "  3:4  info  No matter  x",
            "  5:6  warning  Bad  y",
        ),
        *("", "  7:8  error  Lost  z", "b.js", "  9:1  error  Found  w"),
    )
    shown = [(note.file, note.line, note.level, note.message, note.title) for note in notes]
    assert shown == [
        ("a.js", 1, "error", "Missing", "semi"),
        ("a.js", 5, "warning", "Bad", "y"),
        ("b.js", 9, "error", "Found", "w"),
    ]


def test_6_6_a_sequence_that_breaks_off_is_none(tmp_path: Path) -> None:
    """§6.6: without `loop` a problem ends its sequence, and another line in between does too."""
    _, finder = start(tmp_path, PYTHON)
    first, last = '  File "/workspace/t.py", line 4, in f', "    raise Error('no')"
    assert read(finder, first, "other", last, last) == []
    (note,) = read(finder, first, last, last)
    assert (note.file, note.line, note.level, note.message) == ("t.py", 4, "warning", "no")


def test_6_6_the_latest_matcher_of_an_owner_counts(tmp_path: Path) -> None:
    """§6.6: adding again replaces; removing goes by owner or by file."""
    matchers, finder = start(tmp_path, GCC, PYTHON)
    add(matchers, tmp_path, GCC | {"pattern": [{"regexp": "^E (.*)$", "message": 1}]})
    assert [note.message for note in read(finder, "E new", "a.c:1:1: error: old")] == ["new"]
    matchers.remove(Command("remove-matcher", {"owner": "gcc"}, ""))
    assert [matcher.owner for matcher in matchers.current] == ["python"]
    add(matchers, tmp_path, PYTHON)
    matchers.remove(Command("remove-matcher", {}, "/workspace/m.json"))
    assert matchers.current == ()
    assert not finder.is_active


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("a/../b.c", "b.c"),
        ("/workspace/a.c", "a.c"),
        ("../a.c", ""),
        ("/etc/passwd", ""),
        ("/workspaces/a.c", ""),
        ("a/../../x", ""),
    ],
)
def test_6_6_a_problem_lies_in_the_workspace(tmp_path: Path, path: str, file: str) -> None:
    """§6.6: a path that leads elsewhere is left out, and its line number with it."""
    _, finder = start(tmp_path, GCC)
    (note,) = read(finder, f"{path}:3:1: error: x")
    assert (note.file, note.line) == (file, 3 if file else 0)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("[", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no list `problemMatcher`"),
        ({"problemMatcher": [{"pattern": []}]}, "no `owner`"),
        ({"problemMatcher": [{"owner": "x"}]}, "`pattern` lists"),
        ({"problemMatcher": [{"owner": "x", "pattern": [{"regexp": "a"}]}]}, "must set `message`"),
        (
            {"problemMatcher": [{"owner": "x", "pattern": [{"regexp": "a", "message": 1}]}]},
            "`message` is the number of a group",
        ),
        (
            {"problemMatcher": [{"owner": "x", "pattern": [{"regexp": "a", "mesage": 0}]}]},
            "did you mean `message`",
        ),
        ({"problemMatcher": [GCC | {"severity": "bad"}]}, "`severity` is one of"),
        (
            {
                "problemMatcher": [
                    {"owner": "x", "pattern": [{"regexp": "a", "message": 0, "loop": True}]}
                ]
            },
            "may have `loop`",
        ),
    ],
)
def test_6_6_what_is_no_file_of_matchers_is_refused(document: Any, reason: str) -> None:
    """§6.6: each fault has a message of its own."""
    text = document if isinstance(document, str) else json.dumps(document)
    with pytest.raises(ValueError, match=reason.replace("`", ".")):
        parse_matchers(text.encode())


@pytest.mark.parametrize("expression", [r"(a)\1", "(?=a)b", "(", "a{1000}{1000}{1000}"])
def test_6_6_an_expression_we_cannot_match_is_said_politely(expression: str) -> None:
    """§6.6: what is not in RE2, or too large for it, leaves out that matcher only."""
    item = {"owner": "odd", "pattern": [{"regexp": expression, "message": 0}]}
    found, (warning,) = parse_matchers(json.dumps({"problemMatcher": [item, GCC]}).encode())
    assert [matcher.owner for matcher in found] == ["gcc"]
    assert warning.startswith("problem matcher `odd` is left out")


def test_6_6_a_file_is_read_from_the_workspace_only(tmp_path: Path) -> None:
    """§6.6: no link is followed, no pipe waited for, and nothing outside read."""
    matchers = Matchers(str(tmp_path))
    (tmp_path / "link").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dir").mkdir()
    (tmp_path / "large").write_bytes(b" " * 300_000)
    for path in ("link", "pipe", "dir", "large", "missing"):
        with pytest.raises(ValueError, match=r"."):
            matchers.add(Command("add-matcher", {}, path))
    for path in ("/etc/passwd", "../x", "a\0b", "/workspace"):
        (warning,) = matchers.add(Command("add-matcher", {}, path))
        assert "from the workspace only" in warning
    assert matchers.add(Command("add-matcher", {}, " ")) == ("add-matcher: a file must be named",)


def test_6_6_a_hostile_expression_costs_little(tmp_path: Path) -> None:
    """§6.6: what takes a backtracking engine for ever is done at once (the suite would hang)."""
    pattern = {"regexp": "^(a*)*(a*)*(a|aa)+$", "message": 0}
    _, finder = start(tmp_path, {"owner": "x", "pattern": [pattern]})
    assert read(finder, *["a" * 4000 + "b"] * 20, "a" * 1_000_000) == []


def test_6_6_matchers_have_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """§6.6: once they have had their time they find nothing more in this step, and it is said."""
    monkeypatch.setattr(module, "MAX_TIME", 1e-9)
    matchers, _ = start(tmp_path, GCC)
    box = MatcherBox(str(tmp_path))
    box.opened = matchers
    events: list[Event] = []
    masker = Masker()
    services: Any = SimpleNamespace(
        masker=masker,
        stream=Stream(masker, {"sink": events.extend}),
        run=SimpleNamespace(is_debug=False),
    )
    reader = OutputReader(services, LegIdentity("job", None, "job"), 0, matchers=box)
    reader.feed(b"a.c:1:1: error: one\n" * 3)
    reader.feed(b"a.c:1:1: error: two\n" * 3)
    notes = [event.message for event in events if isinstance(event, Annotation)]
    assert notes == ["one", "problem matchers took too long: they find no more in this step"]
    assert len(events) == 6 + 2
