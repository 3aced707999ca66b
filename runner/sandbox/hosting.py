"""The host's side of a guest's calls: who may call what, and a thread in which it is done."""

from __future__ import annotations

import _socket
import os
import threading
from _queue import SimpleQueue
from typing import TYPE_CHECKING

from runner.abi import Denial
from runner.errors import Denied, RunnerError
from runner.sandbox.messages import INVALID, NO_HOST, NOT_CAPABLE, REPLY_TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.abi import Invocation

_STATUS = 4  # bytes of a reply's length, or of what went wrong

# What must be granted for an operation: the permission, and YAML that grants it.
_GRANTS = {
    "http": ("network.allowed_domains", "network: {allowed_domains: [DOMAIN]}"),
    "message": ("communication.host_communication", "communication: {host_communication: true}"),
    "call": ("communication.allowed_plugins", "communication: {allowed_plugins: [PLUGIN]}"),
    "spawn": ("system.spawn_processes", "system: {spawn_processes: [PLUGIN]}"),
}


class Hosting:
    """Does what a guest asks for, one request after the other, and replies.

    The thread begins with the first request. It outlives `close` if an operation is still at
    work; its reply then goes nowhere, for this end of the channel is its own copy.
    """

    def __init__(
        self,
        channel: _socket.socket,
        invocation: Invocation,
        *,
        on_call: Callable[[str, bytes], bytes] | None,
        on_denial: Callable[[Denial], None],
        on_failure: Callable[[], None],
    ) -> None:
        self._channel = channel
        self._allowed = invocation.host_calls
        self._largest = invocation.max_message_size
        self._on_call = on_call
        self._on_denial = on_denial
        self._on_failure = on_failure
        self._failure: BaseException | None = None
        self._is_busy = False
        self._requests: SimpleQueue[bytes | None] | None = None

    def accept(self, payload: bytes) -> bool:
        """Take a request; False if the guest cannot have sent it, as it waits for a reply."""
        if self._is_busy:
            return False
        self._is_busy = True
        if self._requests is None:
            self._requests = SimpleQueue()
            # A copy, so that a late reply cannot meet a descriptor that has become another's.
            copy = os.dup(self._channel.fileno())
            channel = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM, 0, copy)
            arguments = (channel, self._requests)
            threading.Thread(target=self._serve, args=arguments, daemon=True).start()
        self._requests.put(payload)
        return True

    def close(self) -> None:
        """Take no more requests; raises what an operation raised that was not for the guest."""
        if self._requests is not None:
            self._requests.put(None)
        if self._failure is not None:
            raise self._failure

    def _serve(self, channel: _socket.socket, requests: SimpleQueue[bytes | None]) -> None:
        try:
            while (payload := requests.get()) is not None:
                reply = self._do(payload)
                if self._failure is not None:
                    return
                self._is_busy = False  # before the guest can send its next request
                channel.sendall(reply)
        except OSError:
            return  # the worker has ended
        finally:
            channel.close()

    def _do(self, payload: bytes) -> bytes:
        """Return the reply as a worker reads it: its length and it, or an error number."""
        name_end = 1 + payload[0] if payload else 1
        try:
            operation = payload[1:name_end].decode()
        except UnicodeDecodeError:
            return _status(INVALID)
        if operation not in self._allowed:
            return _status(self._refuse(operation))
        if self._on_call is None:
            return _status(NO_HOST)
        try:
            reply = self._on_call(operation, payload[name_end:])
        except Denied as error:
            for problem in error.problems:
                self._on_denial(Denial(problem.code, problem.message, problem.hint))
            reply = _error(error)
        except RunnerError as error:
            reply = _error(error)
        except BaseException as error:  # noqa: BLE001 - raised again where the run was asked for
            self._failure = error
            self._on_failure()
            return b""
        return (
            _status(REPLY_TOO_LARGE) if len(reply) > self._largest else _status(len(reply)) + reply
        )

    def _refuse(self, operation: str) -> int:
        if operation not in _GRANTS:
            return NO_HOST
        permission, grant = _GRANTS[operation]
        self._on_denial(Denial(permission, f"the host operation `{operation}`", grant))
        return NOT_CAPABLE


def _status(number: int) -> bytes:
    return number.to_bytes(_STATUS, "little", signed=True)


def _error(error: RunnerError) -> bytes:
    import json  # 2 ms that a run without calls need not pay before its first step

    first = error.problems[0]
    return json.dumps({"error": {"code": first.code, "message": first.message}}).encode()
