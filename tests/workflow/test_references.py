"""What stands behind `uses:` (spec §3.3, §3.6)."""

from __future__ import annotations

import pytest

from runner.errors import Position
from runner.workflow.references import Reference, parse_reference, parse_workflow_reference
from runner.workflow.values import Text


def text(value: str) -> Text:
    return Text(value, Position("w.yml", 1, 1))


@pytest.mark.parametrize(
    ("value", "kind", "path", "slug", "ref"),
    [
        ("actions/checkout@v4", "remote", "", "actions/checkout", "v4"),
        ("a/b/c/d@feature/x", "remote", "c/d", "a/b", "feature/x"),
        ("a/b/@v1", "remote", "", "a/b", "v1"),
        ("./dir/x", "local", "./dir/x", "/", ""),
        (".", "local", ".", "/", ""),
        ("$/dir", "own", "dir", "/", ""),
        ("steps/esbuild", "standard", "esbuild", "/", ""),
        ("steps/esbuild@v1", "remote", "", "steps/esbuild", "v1"),
        ("docker://alpine:3@sha256:0", "docker", "alpine:3@sha256:0", "/", ""),
    ],
)
def test_forms(value: str, kind: str, path: str, slug: str, ref: str) -> None:
    """Each form is told from its text alone."""
    reference = parse_reference(text(value))
    assert reference is not None
    assert (reference.kind, reference.path, reference.slug, reference.ref) == (
        kind,
        path,
        slug,
        ref,
    )


@pytest.mark.parametrize(
    "value",
    [
        "x",
        "a/b",
        "a@v1",
        "/a/b@v1",
        "a//b@v1",
        "a/b@",
        "a b/c@v1",
        "steps/",
        "steps/../x",
        "a/b@v1 x",
    ],
)
def test_no_form(value: str) -> None:
    """Whatever has none of the forms refers to nothing."""
    assert parse_reference(text(value)) is None


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("./.github/workflows/a.yml", "local"),
        ("./pipelines/a.yaml", "local"),
        ("o/r/.github/workflows/a.yml@v1", "remote"),
        ("o/r/.github/workflows/a.yml", None),
        ("o/r/ci/a.yml@v1", None),
        ("./.github/workflows/a", None),
        ("o/r@v1", None),
        ("$/a.yml", None),
    ],
)
def test_workflows(value: str, kind: str | None) -> None:
    """A reusable workflow is a YAML file, here or in `.github/workflows` elsewhere."""
    reference = parse_workflow_reference(text(value))
    assert (reference.kind if isinstance(reference, Reference) else None) == kind
