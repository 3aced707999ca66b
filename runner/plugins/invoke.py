"""A call of a plugin as the one record that crosses the sandbox wall."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from runner.plugins.manifest import MAIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from runner.abi import Invocation, Limits
    from runner.errors import Problem
    from runner.permissions import Permissions
    from runner.plugins.resolve import Plugin


class Places(NamedTuple):
    """Host folders, absolute and trusted, for what the guest sees.

    `working_directory` is relative to `workspace`. `empty` is a folder that holds nothing: it
    stands in for `/`, which Go programs want to exist.
    """

    workspace: str
    commands: str
    temporary: str
    empty: str
    working_directory: str = ""


class Call(NamedTuple):
    """`folders` must exist below the workspace before the call: make them (never through links).

    `warnings` are for the step's log.
    """

    invocation: Invocation
    folders: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()


def prepare(
    plugin: Plugin,
    given: Mapping[str, str],
    *,
    places: Places,
    entry_point: str = MAIN,
    arguments: Sequence[str] | None = None,
    environment: Mapping[str, str] = {},  # noqa: B006 - never changed
    offered: Mapping[str, str] = {},  # noqa: B006 - never changed
    grant: Permissions | None = None,
    limits: Limits | None = None,
) -> Call:
    """Build the invocation of an entry point; pure.

    `given` is what stands in `with`. `arguments` replaces the manifest's whole argv, program name
    included. `environment` reaches every plugin (it wins over `offered`, of which the plugin sees
    the names it requests as `env_vars`). `grant` narrows the manifest's request; without it
    everything requested is granted. `limits` tighten the manifest's; a 0 leaves it as it is.

    Raises `InvalidInput` for wrong inputs and `Denied` for a request wider than the grant.
    """
    raise NotImplementedError
