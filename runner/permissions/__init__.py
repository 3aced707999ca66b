"""What a plugin may do: four groups, and an algebra over them that only ever narrows."""

from runner.permissions.fault import Fault
from runner.permissions.model import (
    ALL,
    PERMISSIONS,
    Permissions,
    covers,
    describe,
    expand,
    intersect,
    missing,
    parse,
    to_data,
)
from runner.permissions.text import canonical_text, grant_text

__all__ = [
    "ALL",
    "PERMISSIONS",
    "Fault",
    "Permissions",
    "canonical_text",
    "covers",
    "describe",
    "expand",
    "grant_text",
    "intersect",
    "missing",
    "parse",
    "to_data",
]
