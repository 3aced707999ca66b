"""Whether a version may take the place of another while it is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner import permissions
from runner.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.plugins.manifest import Input, Manifest


def check(before: Manifest, after: Manifest) -> None:
    """Raise InvalidInput with every way in which a caller of `before` would be let down.

    A later version may have more inputs, outputs and entry points, and request less.
    """
    problems = [
        Problem(f"reload-{what}", message, hint=hint)
        for what, message, hint in (
            *_compare_identities(before, after),
            *_compare_inputs(before, after),
            *_compare_outputs(before, after),
            *_compare_permissions(before, after),
        )
    ]
    if problems:
        raise InvalidInput(problems)


_Found = tuple[str, str, str]


def _compare_identities(before: Manifest, after: Manifest) -> Iterator[_Found]:
    if after.id != before.id:
        yield "id", f"`{after.id}` is another plugin than `{before.id}`", "load it beside"
    if after.kind != before.kind:
        yield "kind", f"it is of kind `{after.kind}` and was of `{before.kind}`", ""
    majors = [one.version.partition(".")[0] for one in (before, after)]
    if majors[0] != majors[1]:
        message = f"version {after.version} is incompatible with {before.version} by its number"
        yield "version", message, "unload the plugin and load the new version"
    for name in before.entry_points.keys() - after.entry_points.keys():
        yield "entry-point", f"entry point `{name}` is gone", f"keep `{name}`"


def _compare_inputs(before: Manifest, after: Manifest) -> Iterator[_Found]:
    for name, was in before.inputs.items():
        now = after.inputs.get(name)
        if now is None:
            yield "input", f"input `{name}` is gone", "keep it, with a `deprecation`"
        else:
            yield from (("input", f"input `{name}` {how}", hint) for how, hint in _narrow(was, now))
    for name, added in after.inputs.items():
        if name not in before.inputs and added.required and added.default is None:
            yield "input", f"input `{name}` is new and required", "give it a default"


def _narrow(was: Input, now: Input) -> Iterator[tuple[str, str]]:
    """Yield how an input takes less than it did."""
    if now.type not in {was.type, "string"}:
        yield f"is of type {now.type} and was of {was.type}", f"`type: {was.type}`"
    if now.required and not was.required and now.default is None:
        yield "is now required", "give it a default"
    if missing := [one for one in was.options if now.options and one not in now.options]:
        yield f"no longer takes {', '.join(f'`{one}`' for one in missing)}", "keep the options"
    if now.pattern not in {"", was.pattern}:
        yield (
            "has another pattern",
            f"`pattern: {was.pattern!r}`" if was.pattern else "leave it out",
        )


def _compare_outputs(before: Manifest, after: Manifest) -> Iterator[_Found]:
    for name, was in before.outputs.items():
        now = after.outputs.get(name)
        if now is None:
            yield "output", f"output `{name}` is gone", "keep it"
        elif now.type != was.type:
            message = f"output `{name}` is of type {now.type} and was of {was.type}"
            yield "output", message, f"`type: {was.type}`"


def _compare_permissions(before: Manifest, after: Manifest) -> Iterator[_Found]:
    more = permissions.missing(after.permissions, before.permissions)
    if more:
        what = permissions.grant_text(more).removeprefix("grant: ")
        message = f"version {after.version} requests more than {before.version} did: {what}"
        yield "permission", message, "unload the plugin and load it anew"
