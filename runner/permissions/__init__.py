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
    parse,
)

__all__ = [
    "ALL",
    "PERMISSIONS",
    "Fault",
    "Permissions",
    "covers",
    "describe",
    "expand",
    "intersect",
    "parse",
]
