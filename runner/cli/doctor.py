"""`runner doctor`: what this machine offers; with `--sandbox`, whether the sandbox holds on it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from runner.cli.exits import FAILED, SUCCESS, guard

if TYPE_CHECKING:
    from runner.app.doctor import Health
    from runner.sandbox.escape.attempt import Outcome

_MARKS = {"ok": "ok", "warning": "WARNING", "missing": "MISSING"}


@click.command()
@click.option("--sandbox", "tries", is_flag=True, help="Try to break out of the sandbox.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to print what is found.",
)
def doctor(form: str, *, tries: bool) -> None:
    """Say what this machine offers to guard plugins with.

    With --sandbox, run some hundred attempts to break out, and exit 0 only if all have failed.
    """
    sys.exit(guard(lambda: _doctor(form, tries=tries)))


def _doctor(form: str, *, tries: bool) -> int:
    from runner.app.doctor import examine, try_sandbox  # --help does not need it

    health = examine()
    if form == "text":
        _print_health(health)
    outcomes = list(try_sandbox()) if tries else []
    if form == "json":
        import json

        print(json.dumps(_to_data(health, outcomes if tries else None), indent=2))
    elif tries:
        _print_outcomes(outcomes)
    has_escaped = any(outcome.escape for outcome in outcomes)
    return SUCCESS if health.is_fit and not has_escaped else FAILED


def _print_health(health: Health) -> None:
    rows = [("", name, version) for name, version in health.versions]
    files, size = health.cached
    rows.append(("", "cache", f"{health.cache} ({files} files, {size / 1_000_000:.1f} MB)"))
    for feature in health.features:
        hint = f" (hint: {feature.hint})" if feature.hint else ""
        rows.append((_MARKS[feature.state], feature.name, feature.detail + hint))
    width = max(len(name) for _, name, _ in rows)
    for mark, name, detail in rows:
        print(f"{name:<{width}}  {detail}" if not mark else f"{name:<{width}}  {mark}: {detail}")


def _print_outcomes(outcomes: list[Outcome]) -> None:
    print("\nattempts to break out of the sandbox")
    groups = list(dict.fromkeys(outcome.group for outcome in outcomes))
    width = max(map(len, groups))
    for group in groups:
        tried = [outcome for outcome in outcomes if outcome.group == group]
        escaped = [outcome for outcome in tried if outcome.escape]
        seconds = sum(outcome.seconds for outcome in tried)
        held = len(tried) - len(escaped)
        print(f"  {group:<{width}}  {held:>3} of {len(tried):>3} held  {seconds:6.2f} s")
        for outcome in escaped:
            print(f"  {'':<{width}}  ESCAPED: {outcome.name}: {outcome.escape}")
    escapes = sum(bool(outcome.escape) for outcome in outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes)
    if escapes:
        print(f"\n{escapes} of {len(outcomes)} attempts got out: do not run what you do not trust")
    else:
        print(f"\nthe sandbox holds: all {len(outcomes)} attempts failed, in {seconds:.1f} s")


def _to_data(health: Health, outcomes: list[Outcome] | None) -> dict[str, Any]:
    files, size = health.cached
    data: dict[str, Any] = {
        "versions": dict(health.versions),
        "features": [feature._asdict() for feature in health.features],
        "cache": {"folder": health.cache, "files": files, "bytes": size},
    }
    if outcomes is not None:
        data["sandbox"] = {
            "attempts": len(outcomes),
            "escapes": sum(bool(outcome.escape) for outcome in outcomes),
            "outcomes": [outcome._asdict() for outcome in outcomes],
        }
    return data
