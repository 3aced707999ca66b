"""What this host offers plugins, by name and version: `dependencies: {host/http: ^1}`."""

from __future__ import annotations

from runner.errors import InvalidInput, Problem, nearest
from runner.plugins.versions import parse_range

FEATURES = {
    "abi": "1.0.0",
    "call": "1.0.0",
    "clock": "1.0.0",
    "component": "1.0.0",
    "http": "1.0.0",
    "message": "1.0.0",
    "spawn": "1.0.0",
}


def check_feature(name: str, version: str) -> None:
    """Raise `InvalidInput` unless this host has the feature in a version that is in the range."""
    if name not in FEATURES:
        message = f"this host has no feature `{name}`"
        hint = nearest(name, FEATURES)
    elif not parse_range(version).holds(FEATURES[name]):
        own = FEATURES[name]
        message = f"the feature `{name}` is needed as `{version}`, and this host has {own}"
        hint = "use a newer version of runner, or of the plugin"
    else:
        return
    raise InvalidInput([Problem("dependency-unavailable", message, hint=hint)])
