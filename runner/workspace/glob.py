"""Path patterns as actions/upload-artifact and hashFiles read them (LANGUAGE 6.10)."""

from __future__ import annotations

import re

from runner.errors import InvalidInput, Problem, nearest
from runner.records import NamedTuple
from runner.workspace.paths import printable

_MAX_LINE = 4096  # as long as a path can be
_TOKEN = re.compile(
    r"\\(?P<escaped>.)|(?P<any>\*+)|(?P<one>\?)"
    # A `]` that comes first is a member, so that no set is empty.
    r"|\[(?P<negation>[!^]?)(?P<set>(?:\]|\[:[a-z]+:\]|\\.|[^\]\\])(?:\[:[a-z]+:\]|\\.|[^\]\\])*)\]"
    r"|(?P<plain>.)",
    re.DOTALL,
)
_MEMBER = re.compile(r"\[:(?P<class>[a-z]+):\]|\\(?P<escaped>.)|(?P<plain>.)", re.DOTALL)
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "digit": "0-9",
    "lower": "a-z",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": "A-Z",
    "word": r"\w",
    "xdigit": "0-9a-fA-F",
}


class Pattern(NamedTuple):
    """One line. `base` is the file or directory where a search must start (`.`: the root)."""

    text: str
    is_exclusion: bool
    base: str
    expression: re.Pattern[str]


class Patterns(NamedTuple):
    """All lines of one input in their order; the last one that matches a path decides."""

    lines: tuple[Pattern, ...]

    def matches(self, path: str) -> bool:
        """Tell whether the file `path` (relative, `/`, normal) is meant."""
        closed = f"{path}/"
        verdict = False
        for line in self.lines:
            if verdict == line.is_exclusion and line.expression.match(closed):
                verdict = not verdict
        return verdict

    @property
    def bases(self) -> tuple[str, ...]:
        """Where to search: the inclusions' bases, without those that lie below another."""
        found = dict.fromkeys(line.base for line in self.lines if not line.is_exclusion)
        return tuple(
            base
            for base in found
            if not any(other != base and is_beneath(base, other) for other in found)
        )


def parse_patterns(
    text: str, *, root: str = "/workspace", ignore_outside: bool = False
) -> Patterns:
    """Read one pattern per line; empty lines and `#` comments do not count, `!` excludes.

    `*`, `?` and `[...]` stay within a segment, `**` as a whole segment is any number of them; all
    match dotfiles. A pattern that matches a directory matches what lies below; one that ends in
    `/` matches nothing else. `root` is what an absolute pattern calls the tree. Raises
    InvalidInput (`bad-pattern`), also for a pattern that leads out of the tree; with
    `ignore_outside` one that is absolute or starts at a home directory is passed over instead.
    Matching never backtracks over what it has matched, so no pattern makes it slow.
    """
    lines = [line.strip() for line in text.replace("\r", "\n").split("\n")]
    return Patterns(
        tuple(
            _parse_line(line, root)
            for line in lines
            if line and line[0] != "#" and not (ignore_outside and _is_outside(line, root))
        )
    )


def is_beneath(path: str, directory: str) -> bool:
    """Tell whether `path` is `directory` or lies below it; `.` is the root of relative paths."""
    return directory in {".", path} or path.startswith(f"{directory}/")


def _is_outside(line: str, root: str) -> bool:
    path = line.lstrip("!").lstrip()
    is_elsewhere = path.startswith("/") and not is_beneath(path.rstrip("/") or "/", root)
    return is_elsewhere or path == "~" or path.startswith("~/")


def _parse_line(line: str, root: str) -> Pattern:
    if len(line) > _MAX_LINE or "\0" in line:
        raise _refusal(line[:80], "is no path")
    text = line.lstrip("!").lstrip()
    segments = _split(text, line, root)
    base = []
    for segment in segments:
        literal = _literal(segment)
        if literal is None:
            break
        base.append(literal)
    is_exclusion = line[: len(line) - len(text)].count("!") % 2 == 1
    needs_directory = text.endswith("/") and segments[-1:] != ["**"]
    expression = _compile(segments, line, needs_directory=needs_directory)
    return Pattern(line, is_exclusion, "/".join(base) or ".", expression)


def _split(text: str, line: str, root: str) -> list[str]:
    """Return the segments below the root."""
    if not text:
        raise _refusal(line, "names nothing")
    if text == "~" or text.startswith("~/"):
        raise _refusal(line, "leads to a home directory, which steps do not have")
    if text.startswith("/"):
        if not is_beneath(text.rstrip("/"), root):
            raise _refusal(line, f"leads out of the workspace, which is `{root}`")
        text = text[len(root) :]
    segments = [segment for segment in text.split("/") if segment not in {"", "."}]
    if ".." in segments:
        raise _refusal(line, "contains `..`")
    return segments


def _literal(segment: str) -> str | None:
    """Return the one name that `segment` stands for; None if there is a wildcard in it."""
    letters = []
    for token in _TOKEN.finditer(segment):
        letter = token["escaped"] or token["plain"]
        if letter is None:
            return None
        letters.append(letter)
    return "".join(letters)


def _compile(segments: list[str], line: str, *, needs_directory: bool) -> re.Pattern[str]:
    """Make an expression that matches a path with `/` after it, or any of its directories.

    What follows a `*` or `**` is matched where it first occurs, for good (`(?>...)`): a later
    place could never let more of the pattern match.
    """
    chunks = [""]
    for segment in segments:
        if segment == "**":
            chunks.append("")
        else:
            chunks[-1] += _translate(segment, line) + "/"
    text = chunks[0] + "".join(f"(?>(?:[^/]+/)*?{chunk})" for chunk in chunks[1:] if chunk)
    return re.compile(text + "(?=[^/])" if needs_directory else text)


def _translate(segment: str, line: str) -> str:
    pieces = [""]
    for token in _TOKEN.finditer(segment):
        if token["any"]:
            pieces.append("")
        elif token["one"]:
            pieces[-1] += "[^/]"
        elif token["set"] is not None:
            pieces[-1] += _translate_set(token["set"], bool(token["negation"]), line)
        else:
            pieces[-1] += re.escape(token["escaped"] or token["plain"])
    first, *middle = pieces
    last = f"[^/]*{middle.pop()}" if middle else ""
    return first + "".join(f"(?>[^/]*?{piece})" for piece in middle if piece) + last


def _translate_set(members: str, negated: bool, line: str) -> str:  # noqa: FBT001 - private
    """Translate what stands in `[...]`; never a `/`, also where a range would span it."""
    tokens = list(_MEMBER.finditer(members))
    parts: list[str] = []
    while tokens:
        token = tokens.pop(0)
        low = token["escaped"] or token["plain"]
        if low is None:
            parts.append(_named_class(token["class"], line))
        elif len(tokens) > 1 and tokens[0]["plain"] == "-" and not tokens[1]["class"]:
            high = tokens[1]["escaped"] or tokens[1]["plain"]
            if low > high:
                raise _refusal(line, f"has a range that runs backwards: `{low}-{high}`")
            parts.append(f"{re.escape(low)}-{re.escape(high)}")
            del tokens[:2]
        else:
            parts.append(re.escape(low))
    return f"(?!/)[{'^' if negated else ''}{''.join(parts)}]"


def _named_class(name: str, line: str) -> str:
    if name not in _CLASSES:
        raise InvalidInput(
            [
                Problem(
                    "bad-pattern",
                    f"pattern `{line}` has an unknown class `[:{name}:]`",
                    hint=nearest(name, _CLASSES),
                )
            ]
        )
    return _CLASSES[name]


def _refusal(line: str, reason: str) -> InvalidInput:
    return InvalidInput([Problem("bad-pattern", f"pattern `{printable(line)}` {reason}")])
