"""Secrets are replaced before anything else sees a text (LANGUAGE 6.7)."""

from __future__ import annotations

import json
from binascii import b2a_base64
from threading import Lock
from typing import TYPE_CHECKING

from runner.events.controls import has_controls, strip_controls
from runner.events.matcher import LONGEST, Matcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MASK = "***"

# Fewer characters of base64 say less than a secret does and would blank common text.
_SHORTEST_BASE64 = 4
_LINES = (64, 76)  # characters of base64 in a line: of a key, and as `base64` prints it
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")


class Masker:
    """The secrets of a run and the forms they may be printed in; any thread may use it.

    A secret is masked in what is asked about after `add` returned, and not before.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = Lock()
        self._matcher = Matcher()
        for secret in secrets:
            self.add(secret)

    @property
    def has_secrets(self) -> bool:
        return bool(self._matcher)

    def add(self, secret: str) -> None:
        """Register `secret`, each of its lines, and what they look like encoded or quoted.

        A long value is registered in pieces: they touch, so they are masked as one.
        """
        whole = secret.strip()
        lines = whole.replace("\r", "\n").split("\n")
        values = dict.fromkeys([whole, *(line.strip() for line in lines)])
        pieces = {piece for value in values for form in _forms(value) for piece in _pieces(form)}
        with self._lock:
            for piece in pieces:
                self._matcher.add(piece)

    def mask(self, text: str) -> str:
        """Return `text` with every registered value replaced.

        A value broken up by colours or other control sequences counts too, for a reader does not
        see them; the sequences are then gone from the result.
        """
        if not self._matcher:
            return text
        with self._lock:
            masked = self._replace(text)
            if has_controls(masked):
                plain = strip_controls(masked)
                covered = self._replace(plain)
                if covered != plain:
                    return covered
        return masked

    def mask_lines(self, lines: list[str]) -> list[str]:
        """Mask each of `lines`; much faster than one by one where there is nothing to mask."""
        if not self._matcher:
            return lines
        text = "\n".join(lines)
        with self._lock:
            is_clean = not has_controls(text) and not self._matcher.spans(text)
        return lines if is_clean else [self.mask(line) for line in lines]

    def cut(self, text: str, limit: int) -> int:
        """Return where to cut `text`, at `limit` or a little beside it, without cutting a secret.

        `text` must go on for `LONGEST` characters after `limit`, so that a secret lying across
        it can be seen. The result is at least 1.
        """
        with self._lock:
            for start, end in self._matcher.spans(text):
                if start < limit < end:
                    return start or end
        return limit

    def _replace(self, text: str) -> str:
        spans = self._matcher.spans(text)
        if not spans:
            return text
        parts: list[str] = []
        done = 0
        for start, end in spans:
            parts += text[done:start], MASK
            done = end
        return "".join([*parts, text[done:]])


def _pieces(text: str) -> Iterator[str]:
    last = max(len(text) - LONGEST, 0)
    for start in range(0, last, LONGEST):
        yield text[start : start + LONGEST]
    yield text[last:]


def _forms(value: str) -> Iterator[str]:
    """Yield `value` and what usual tools turn it into."""
    if not value:
        return
    data = value.encode("utf-8", "replace")
    yield value
    yield from _json_forms(value)
    yield from _uri_forms(data)
    yield from _xml_forms(value)
    yield value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")  # in a command
    yield value.replace("'", "''")
    yield value.replace('"', '\\"')
    yield value.replace("'", "'\\''")  # as `set -x` prints it
    if len(value) > 2 and value[0] == value[-1] and value[0] in "\"'":
        yield value[1:-1]
    for form in _base64_forms(data):
        yield form
        yield form.replace("+", "-").replace("/", "_")


def _json_forms(value: str) -> Iterator[str]:
    """Yield the inside of a JSON string: in ASCII, in UTF-8, and as some encoders go further."""
    for text in (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
        yield text
        yield text.replace("/", "\\/")  # PHP
        yield text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")  # Go


def _uri_forms(data: bytes) -> Iterator[str]:
    """Yield `data` percent-encoded: all of it, and with what usual tools leave as it is."""
    for kept in (b"", b"/", b"!'()*", b";,/?:@&=+$#!'()*"):
        plain = _UNRESERVED.union(kept)
        text = "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in data)
        yield text
        yield text.replace("%20", "+")  # in a form


def _xml_forms(value: str) -> Iterator[str]:
    text = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    yield text
    yield text.replace('"', "&quot;")
    for double, single in (("&quot;", "&apos;"), ("&quot;", "&#x27;"), ("&#34;", "&#39;")):
        yield text.replace('"', double).replace("'", single)


def _base64_forms(data: bytes) -> Iterator[str]:
    """Yield what `data` looks like in base64, alone and within other text.

    Within other text it may lie in three ways in the groups of three bytes; of each, the part is
    yielded that depends on `data` alone.
    """
    for shift in range(3):
        encoded = b2a_base64(data[shift:], newline=False).decode()
        yield encoded
        for width in _LINES if len(encoded) > min(_LINES) else ():
            lines = (encoded[at : at + width] for at in range(0, len(encoded), width))
            yield from (line for line in lines if len(line.rstrip("=")) >= _SHORTEST_BASE64)
        around = b2a_base64(bytes(shift) + data, newline=False).decode()
        part = around[(8 * shift + 5) // 6 : 8 * (shift + len(data)) // 6]
        for form in (encoded.rstrip("="), part):
            if len(form) >= _SHORTEST_BASE64:
                yield form
