"""Loops that nothing ends: read from the code itself, as far as that tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.plugins.wasm.cursor import Cursor, Malformed

if TYPE_CHECKING:
    from runner.plugins.wasm.outline import Outline

BUDGET = 1 << 20  # bytes of code: about a second
_BLOCK, _LOOP, _IF, _ELSE, _END, _BR, _BR_IF, _BR_TABLE, _RETURN = 2, 3, 4, 5, 11, 12, 13, 14, 15
# What may end a loop, or do something that others see or that waits: calls, traps, returns.
_TRAP = 0x00
_CALLS = frozenset({_TRAP, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, _RETURN})
_ONE_INDEX = frozenset({0x10, 0x12, 0x14, 0x15, *range(0x20, 0x27), 0x3F, 0x40, 0xD0, 0xD2})


def find_endless_loops(data: bytes, outline: Outline) -> list[int]:
    """Return the places (offsets) of loops that neither end nor call anything; at most ten.

    Looks at the first mebibyte of code, and passes over functions whose instructions it does not
    know, so finding none proves nothing.
    """
    found: list[int] = []
    spent = 0
    for start, end in outline.bodies:
        spent += end - start
        if spent > BUDGET or len(found) >= 10:
            break
        try:
            found += _read_body(Cursor(data, start, end))
        except (Malformed, _Unknown):
            continue
    return found[:10]


class _Unknown(Exception):
    """An instruction that is not decoded here."""


class _Frame:
    """A block that is open, and what is known of how it ends.

    `is_passed`: something goes on behind its end. `is_left`: something jumps further out, or may
    end or wait. `repeats`: something jumps to its start. `was_live`: its start can be reached.
    """

    def __init__(self, code: int, at: int, *, was_live: bool) -> None:
        self.code = code
        self.at = at
        self.was_live = was_live
        self.is_passed = False
        self.is_left = False
        self.repeats = False


def _read_body(body: Cursor) -> list[int]:
    for _ in range(body.count(2)):
        body.skip_number()
        if body.byte() in {0x63, 0x64}:
            body.skip_number(33)
    frames = [_Frame(_BLOCK, body.at, was_live=True)]
    found, is_live = [], True
    while frames:
        at, code = body.at, body.byte()
        if code in {_BLOCK, _LOOP, _IF}:
            body.skip_number(33)
            frames.append(_Frame(code, at, was_live=is_live))
        elif code == _ELSE:
            frame = frames[-1]
            frame.is_passed |= is_live
            frame.code, is_live = _BLOCK, frame.was_live
        elif code == _END:
            frame = frames.pop()
            is_live |= frame.is_passed or (frame.code == _IF and frame.was_live)
            if frame.code == _LOOP and frame.repeats and not (is_live or frame.is_left):
                found.append(frame.at)
        elif code in {_BR, _BR_IF, _BR_TABLE}:
            for _ in range(body.count() + 1 if code == _BR_TABLE else 1):
                _branch(frames, body.number(), is_live=is_live)
            is_live &= code == _BR_IF
        else:
            _skip_immediates(body, code)
            if code in _CALLS and is_live:
                for frame in frames:
                    frame.is_left = True
            is_live &= code not in {_TRAP, _RETURN}
    return found


def _branch(frames: list[_Frame], depth: int, *, is_live: bool) -> None:
    """Note a jump: out of every block within the target, and to a loop's start or an end."""
    if depth >= len(frames):
        raise Malformed("jumps out of its function")
    if not is_live:
        return
    for frame in frames[len(frames) - depth :]:
        frame.is_left = True
    target = frames[-1 - depth]
    if target.code == _LOOP:
        target.repeats = True
    else:
        target.is_passed = True


def _skip_immediates(body: Cursor, code: int) -> None:
    if code in _ONE_INDEX:
        body.skip_number(33)
    elif code in {0x11, 0x13}:
        body.skip_number()
        body.skip_number()
    elif 0x28 <= code <= 0x3E:  # loads and stores: alignment and offset
        body.skip_number()
        body.skip_number(64)
    elif code == 0x41:
        body.skip_number(32)
    elif code == 0x42:
        body.skip_number(64)
    elif code in {0x43, 0x44}:
        body.take(4 if code == 0x43 else 8)
    elif code == 0x1C:
        for _ in range(body.count()):
            body.skip_number(33)
    elif code == 0xFC:
        _skip_more(body)
    elif not (code in {0x00, 0x01, 0x0F, 0x1A, 0x1B, 0xD1} or 0x45 <= code <= 0xC4):
        raise _Unknown


def _skip_more(body: Cursor) -> None:
    """Pass what follows the prefix of conversions, and of memory and tables as a whole."""
    code = body.number()
    if code > 17:
        raise _Unknown
    indexes = {8: 2, 9: 1, 10: 2, 11: 1, 12: 2, 13: 1, 14: 2, 15: 1, 16: 1, 17: 1}
    for _ in range(indexes.get(code, 0)):
        body.skip_number()
