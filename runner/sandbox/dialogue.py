"""What a worker says to the runner, read with suspicion, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.sandbox.messages import (
    ANSWER,
    CALL,
    FRAME_HEAD,
    LARGEST_ANSWER,
    LARGEST_OPERATION,
    LARGEST_REFUSAL,
    REFUSAL,
)

if TYPE_CHECKING:
    import _socket
    from collections.abc import Callable

    from runner.abi import Denial, Invocation
    from runner.sandbox.hosting import Hosting

_PIECE = 1 << 16
_MOST_DENIALS = 100  # different ones; a guest can ask for anything without end


class Dialogue:
    """One worker's words. From one thread; the host's operations are done in another.

    `answer` is its last word, empty until then. `is_nonsense` tells that it broke the rules, as
    only a guest that has taken over its worker does; `has_grown` that it has written all it may.
    """

    def __init__(
        self,
        channel: _socket.socket,
        invocation: Invocation,
        *,
        on_call: Callable[[str, bytes], bytes] | None,
        on_failure: Callable[[], None],
        explain: Callable[[bytes], Denial | None],
    ) -> None:
        self.answer = b""
        self.is_nonsense = False
        self.has_grown = False
        self._channel = channel
        self._explain = explain
        self._heard = bytearray()
        self._denials: dict[Denial, None] = {}
        self._invocation = invocation
        self._on_call = on_call
        self._on_failure = on_failure
        self._hosting: Hosting | None = None  # until the guest calls
        self._largest = {
            ANSWER[0]: LARGEST_ANSWER,
            CALL[0]: 1 + LARGEST_OPERATION + invocation.max_message_size,
            REFUSAL[0]: LARGEST_REFUSAL,
        }

    @property
    def denials(self) -> tuple[Denial, ...]:
        """What the guest was refused so far, each thing once."""
        return tuple(self._denials)

    def hear(self) -> bool:
        """Take what the worker has said meanwhile; return whether there may be more."""
        try:
            piece = self._channel.recv(_PIECE)
        except OSError:
            return False
        self._heard += piece
        while piece and not self.answer:
            said = self._take()
            if said is None:
                break
            self._obey(*said)
        return bool(piece) and not (self.answer or self.is_nonsense or self.has_grown)

    def close(self) -> None:
        """End it; raises what a call to the host raised that was no answer to the guest."""
        if self._hosting:
            self._hosting.close()

    def _take(self) -> tuple[int, bytes] | None:
        """Return the next frame, if all of it is there."""
        if len(self._heard) < FRAME_HEAD:
            return None
        kind, end = self._heard[0], FRAME_HEAD + int.from_bytes(self._heard[1:FRAME_HEAD], "little")
        if end - FRAME_HEAD > self._largest.get(kind, -1):
            self.is_nonsense = True
            return None
        if len(self._heard) < end:
            return None
        payload = bytes(self._heard[FRAME_HEAD:end])
        del self._heard[:end]
        return kind, payload

    def _obey(self, kind: int, payload: bytes) -> None:
        if kind == ANSWER[0]:
            self.answer = payload
        elif kind == REFUSAL[0]:
            from runner.sandbox.refusals import GROWTH  # loaded by who explains it

            denial = self._explain(payload)
            if denial and denial.permission == GROWTH:
                self.has_grown = True
            elif denial:
                self._note(denial)
        elif not self._host().accept(payload):
            self.is_nonsense = True

    def _host(self) -> Hosting:
        if self._hosting is None:
            from runner.sandbox.hosting import Hosting  # few guests call the host

            self._hosting = Hosting(
                self._channel,
                self._invocation,
                on_call=self._on_call,
                on_denial=self._note,
                on_failure=self._on_failure,
            )
        return self._hosting

    def _note(self, denial: Denial) -> None:
        if len(self._denials) < _MOST_DENIALS:
            self._denials[denial] = None
