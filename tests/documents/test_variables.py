"""Files of variables: `.env`, YAML, JSON."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.documents.variables import read_variables

LINES = b"""\
# a comment
A=1
export B='x y' # another

C="several
lines"
D=a#b
E=a #b
F=
G=$A ${B}
H="tab\\tquote\\""
I = spaced\r
"""


def test_lines_are_read_as_other_tools_read_them() -> None:
    """Quotes, comments, `export` and blanks are syntax; `$` is not; escapes need double quotes."""
    variables, problems = read_variables("x.env", LINES)
    assert problems == []
    assert {name: value for name, value, _ in variables} == {
        "A": "1",
        "B": "x y",
        "C": "several\nlines",
        "D": "a#b",
        "E": "a",
        "F": "",
        "G": "$A ${B}",
        "H": 'tab\tquote"',
        "I": "spaced",
    }
    assert [where.line for _, _, where in variables] == [2, 3, 5, 7, 8, 9, 10, 11, 12]


@pytest.mark.parametrize(
    ("file", "content", "code", "line"),
    [
        ("x.env", b"A=1\n\n\nB\n", "variables.syntax", 4),
        ("x.env", b"A=1\n=2\n", "variables.syntax", 2),
        ("x.env", b"A='1\nB=2\n", "variables.syntax", 1),
        ("x.env", b"A=\xff\n", "yaml.encoding", 1),
        ("x.yml", b"A: 1\nB: {}\n", "variables.shape", 2),
        ("x.yaml", b"- A\n", "variables.shape", 1),
        ("x.yml", b"A: [\n", "yaml.syntax", 2),
        ("x.json", b'{\n"A" 1}', "json.syntax", 2),
        ("x.json", b"\xff", "json.syntax", 1),
        ("x.json", b'{"A": NaN}', "json.syntax", 1),
        ("x.json", b"[" * 100_000, "json.syntax", 1),
        ("x.json", b'{"A": {}}', "variables.shape", 0),
        ("x.json", b'"A"', "variables.shape", 0),
    ],
)
def test_what_is_wrong_has_a_place(file: str, content: bytes, code: str, line: int) -> None:
    """Each problem tells its line, as far as the format knows it."""
    found = read_variables(file, content)[1]
    assert [(problem.code, problem.where and problem.where.line) for problem in found] == [
        (code, line)
    ]


def test_numbers_and_booleans_become_text() -> None:
    """In YAML as everywhere in a workflow, in JSON as they are written."""
    assert [value for _, value, _ in read_variables("x.yml", b"{A: 1.10, B: yes, C: }")[0]] == [
        "1.1",
        "yes",
        "",
    ]
    long = "9" * 400
    content = f'{{"A": true, "B": {long}}}'.encode()
    assert [value for _, value, _ in read_variables("x.json", content)[0]] == ["true", long]


@given(st.sampled_from(["x.env", "x.yml", "x.json"]), st.binary(max_size=60))
def test_no_content_breaks_the_reader(file: str, content: bytes) -> None:
    """Whatever stands in a file, its variables or its problems come back."""
    variables, problems = read_variables(file, content)
    assert all(isinstance(value, str) for _, value, _ in variables)
    assert all(problem.message for problem in problems)
