"""Trees with places, and the limits of the YAML layer (spec §1)."""

from __future__ import annotations

import pytest

from runner.documents.decode import MAX_CHARACTERS
from runner.documents.nodes import Mapping, Node, Scalar, Sequence, plain
from runner.documents.parsing import parse
from runner.errors import InvalidInput


def read(text: str) -> Node:
    return parse("f.yml", text.encode())[0].root


def codes(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        parse("f.yml", text.encode())
    return [problem.code for problem in caught.value.problems]


def test_every_node_knows_its_place() -> None:
    """Lines and columns count from one, for keys and values alike."""
    expected = Mapping(
        (
            (Scalar("a", 1, 1), Scalar(1, 1, 4)),
            (
                Scalar("b", 2, 1),
                Sequence((Scalar("x", 3, 3), Scalar(None, 4, 2)), 3, 1),
            ),
            (Scalar("c", 5, 1), Mapping(((Scalar("d", 5, 5), Scalar("é", 5, 8)),), 5, 4)),
        ),
        1,
        1,
    )
    assert expected == read("a: 1\nb:\n- x\n-\nc: {d: é}\n")


def test_columns_count_characters_not_bytes() -> None:
    """A wide or astral character is one column."""
    root = read("日本🚀: x\n")
    assert isinstance(root, Mapping)
    assert Scalar("x", 1, 6) == root.entries[0][1]


def test_an_alias_is_the_node_of_its_anchor() -> None:
    """Errors in a repeated part stand where it was written."""
    root = read("a: &x [1]\nb: *x\n")
    assert isinstance(root, Mapping)
    assert root.get("a") is root.get("b")


def test_keys_are_text() -> None:
    """A key that looks like a number, bool or null becomes text as any string does."""
    expected = {"1": 1, "3.1": 2, "true": 3, "on": 4, "": 5}
    assert expected == plain(read("1: 1\n3.10: 2\ntrue: 3\non: 4\n~: 5\n"))


def test_the_first_of_two_equal_keys_is_kept() -> None:
    """A repeated key is a problem that leaves the rest readable."""
    document, problems = parse("f.yml", b"a: 1\nA: 2\nb: 3\n")
    assert plain(document.root) == {"a": 1, "b": 3}
    assert [problem.code for problem in problems] == ["yaml.duplicate-key"]


def test_all_readable_problems_are_found() -> None:
    """Unknown tags, equal keys and keys that are no text do not hide each other."""
    _, problems = parse("f.yml", b"a: !x 1\na: 2\n[k]: 3\nb: !!int z\n")
    expected = ["yaml.tag", "yaml.duplicate-key", "schema.unexpected-sequence", "yaml.tag"]
    assert expected == [problem.code for problem in problems]


def test_fifty_levels_are_enough() -> None:
    """Fifty collections in each other are read, the fifty-first is refused."""
    assert isinstance(read("[" * 50 + "]" * 50), Sequence)
    assert codes("[" * 51 + "]" * 51) == ["yaml.too-deep"]


def test_depth_counts_through_aliases() -> None:
    """A repeated part is as deep as it was where it was written."""
    deep = "a: &a " + "[" * 30 + "]" * 30 + "\nb: "
    assert isinstance(read(deep + "[" * 19 + "*a" + "]" * 19), Mapping)
    assert codes(deep + "[" * 20 + "*a" + "]" * 20) == ["yaml.too-deep"]


def test_nodes_are_counted_through_aliases() -> None:
    """50,000 nodes are the limit once aliases are followed."""
    hundred = "a: &a [" + "x, " * 99 + "]\nb: ["
    assert isinstance(read(hundred + "*a, " * 490 + "]"), Mapping)
    assert codes(hundred + "*a, " * 500 + "]") == ["yaml.too-many-nodes"]


def test_a_plain_file_may_have_more_nodes() -> None:
    """The limit is on what aliases make of a file; its own length bounds it otherwise."""
    root = read("- x\n" * 60_000)
    assert isinstance(root, Sequence)
    assert len(root.items) == 60_000


def test_size_is_counted_through_aliases() -> None:
    """Ten megabytes, two bytes a character, are the limit."""
    text = "a: &a " + "x" * 100_000 + "\nb: ["
    assert isinstance(read(text + "*a, " * 50 + "]"), Mapping)
    assert codes(text + "*a, " * 52 + "]") == ["yaml.too-big"]


def test_a_million_characters_and_no_more() -> None:
    """The limit is in characters, not bytes."""
    assert isinstance(read("é" * (MAX_CHARACTERS - 1) + "\n"), Scalar)
    assert codes("é" * (MAX_CHARACTERS + 1)) == ["yaml.too-large"]
    assert codes("x" * (4 * MAX_CHARACTERS + 1)) == ["yaml.too-large"]


def test_every_bad_character_is_told() -> None:
    """Up to ten control characters are told, each with its place."""
    assert codes("\x00\n" * 20) == ["yaml.control-character"] * 10


def test_the_pure_parser_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the C library, the same tree comes of the same text."""
    import yaml

    text = b"a: &x [1, 'b', \"c\", !!str 2]\nd: |\n  e\nf: *x\n? g\n: {h: , i: ~}\n"
    fast, _ = parse("f.yml", text)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert plain(fast.root) == plain(parse("f.yml", text)[0].root)
