"""`runner plugin`: look at plugins without running them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from runner.cli.exits import INVALID, SUCCESS, guard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.app.plugin import Inspection


@click.group()
def plugin() -> None:
    """Look at plugins without running them."""


@plugin.command()
@click.argument("folder", metavar="DIR", type=click.Path())
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    help="How to print what is found.",
)
@click.option("--approved", type=click.Path(), help="The `step.yml` of the version in use.")
@click.option("--policy", type=click.Path(), help="The policy whose blocked modules count.")
def validate(folder: str, form: str, approved: str | None, policy: str | None) -> None:
    """Say all that is wrong or doubtful with the plugin in DIR: manifest and modules."""
    sys.exit(guard(lambda: _validate(folder, form, approved or "", policy or "")))


@plugin.command()
@click.argument("folder", metavar="DIR", type=click.Path())
@click.option("--policy", type=click.Path(), help="Cap what plugins may be granted by this file.")
def inspect(folder: str, policy: str | None) -> None:
    """Show what the plugin in DIR could do at all, what it requests, and what it gets."""
    sys.exit(guard(lambda: _inspect(folder, policy or "")))


def _validate(folder: str, form: str, approved: str, policy: str) -> int:
    import json  # --help needs none of these

    from runner.app.places import find_source
    from runner.app.plugin import validate_plugin
    from runner.cli.problems import print_problems, to_json

    problems = validate_plugin(folder, approved=approved, policy=policy)
    errors = sum(problem.severity == "error" for problem in problems)
    if form == "json":
        print(to_json(problems))
    elif form == "sarif":
        from runner.app.plugin_sarif import to_sarif

        print(json.dumps(to_sarif(problems, root=find_source("")), indent=2))
    else:
        print_problems(problems, stream=sys.stdout)
        warnings = len(problems) - errors
        print(f"{_count(errors, 'error')}, {_count(warnings, 'warning')}")
    return INVALID if errors else SUCCESS


def _inspect(folder: str, policy: str) -> int:
    from runner.app.plugin import inspect_plugin

    print("\n".join(_tell(inspect_plugin(folder, policy=policy))))
    return SUCCESS


def _tell(found: Inspection) -> Iterator[str]:
    from runner.permissions import canonical_text, describe
    from runner.plugins.wasm.capabilities import list_capabilities

    manifest = found.subject.manifest
    yield f"{manifest.id} {manifest.version}  {manifest.kind}"
    for entry in manifest.entry_points.values():
        what = f"{entry.interpreter} runs {entry.script}" if entry.interpreter else ""
        if not what and entry.module:
            what = f"{entry.module.path}, calls `{entry.export}`"
        yield f"  entry point {entry.name}: {what}"
    for one in manifest.dependencies:
        yield f"  needs {one.id} {one.version}"
    for binary, outline in found.subject.distinct():
        kind = "component" if outline.is_component else "module"
        yield f"\n{binary.file}  {kind}, {outline.size} bytes, sha256 {binary.digest}"
        yield from _listed("could do at all", list_capabilities(outline))
    for name, binary in found.subject.binaries.items():
        if binary.outline is None:
            yield f"\n{binary.file} of {name} {binary.fault}"
    yield ""
    yield from _listed("requests", describe(manifest.permissions))
    yield f"  {canonical_text(manifest.permissions)}"
    if found.allowed is None:
        yield from _listed("is refused", [str(problem) for problem in found.refusal])
    else:
        yield from _listed("gets", describe(found.allowed))


def _listed(title: str, lines: object) -> Iterator[str]:
    items = list(lines) if isinstance(lines, list | tuple) else []
    yield f"{title}:" if items else f"{title}: nothing"
    yield from (f"  - {line}" for line in items)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
