"""One version, ordered as the specification says."""

import re
from dataclasses import dataclass
from functools import total_ordering

_NUMBER = r"(?:0|[1-9][0-9]*)"
_VERSION = re.compile(
    rf"(?P<major>{_NUMBER})\.(?P<minor>{_NUMBER})\.(?P<patch>{_NUMBER})"
    r"(?:-(?P<prerelease>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+(?P<build>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)


@total_ordering
@dataclass(frozen=True, eq=False)
class Version:
    """Equal and ordered by precedence: what follows `+` does not count."""

    major: int
    minor: int
    patch: int
    prerelease: tuple[str, ...] = ()
    build: str = ""

    @classmethod
    def parse(cls, text: str) -> "Version":
        found = _VERSION.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not a semantic version")
        numbers = (int(found[name]) for name in ("major", "minor", "patch"))
        identifiers = tuple(found["prerelease"].split(".")) if found["prerelease"] else ()
        if any(one.isdigit() and len(one) > 1 and one[0] == "0" for one in identifiers):
            raise ValueError(f"{text!r} has a number with a leading zero")
        return cls(*numbers, identifiers, found["build"] or "")

    def bump(self, part: str) -> "Version":
        """Return the next release; a prerelease of it is finished first."""
        if part == "major":
            return Version(self.major + (not self._leads_to(minor=0, patch=0)), 0, 0)
        if part == "minor":
            return Version(self.major, self.minor + (not self._leads_to(patch=0)), 0)
        if part == "patch":
            return Version(self.major, self.minor, self.patch + (not self.prerelease))
        raise ValueError(f"{part!r} is not one of: major, minor, patch")

    def _leads_to(self, **zeros: int) -> bool:
        return bool(self.prerelease) and all(getattr(self, name) == 0 for name in zeros)

    def _precedence(self) -> tuple:
        """A release comes after its prereleases; numbers come before words."""
        identifiers = tuple(
            (0, int(one), "") if one.isdigit() else (1, 0, one) for one in self.prerelease
        )
        return self.major, self.minor, self.patch, not self.prerelease, identifiers

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._precedence() == other._precedence()

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return self._precedence() < other._precedence()

    def __hash__(self) -> int:
        return hash(self._precedence())

    def __str__(self) -> str:
        text = f"{self.major}.{self.minor}.{self.patch}"
        text += f"-{'.'.join(self.prerelease)}" if self.prerelease else ""
        return text + (f"+{self.build}" if self.build else "")
