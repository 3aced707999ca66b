"""Semantic versions: read, compare, bump (semver.org, 2.0.0)."""

from semver.version import Version

__all__ = ["Version"]
