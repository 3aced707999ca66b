"""Connections to the addresses that were checked, and to no others; each with an end in time."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import TYPE_CHECKING, Any

import httpcore

from runner.errors import Problem, Unavailable
from runner.permissions import domains
from runner.permissions.kinds.network import allows_host
from runner.plugins.host.services import deny

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    from runner.permissions.kinds.network import Network

_NETWORK = httpcore.SyncBackend()


class Backend(httpcore.NetworkBackend):
    """Resolves a name once, checks what it means, and connects to just that.

    A name that means something else a moment later is of no use to anybody. `end` (monotonic) is
    that of the request under way; no single wait outlasts it.
    """

    def __init__(self, allowed: Network) -> None:
        self.end = 0.0
        self._allowed = allowed
        self._socket: socket.socket | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that answers."""
        del timeout
        failure: Exception | None = None
        for address in _resolve(host, port, self._allowed):
            try:
                stream = _NETWORK.connect_tcp(
                    address, port, self.remaining(), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            self._socket = stream.get_extra_info("socket")
            return _Stream(stream, self)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def abort(self) -> None:
        """End the request that is under way, from any thread."""
        self.end = 0.0
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def remaining(self) -> float:
        """Return the seconds that are left; raises ReadTimeout when there are none."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("out of time")
        return left


class _Stream(httpcore.NetworkStream):
    """A stream whose every wait ends with the request, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, backend: Backend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._stream.read(max_bytes, self._backend.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._stream.write(buffer, self._backend.remaining())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        remaining = self._backend.remaining()
        return _Stream(
            self._stream.start_tls(ssl_context, server_hostname, remaining), self._backend
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _resolve(host: str, port: int, allowed: Network) -> list[str]:
    """Return the addresses of `host` that may be used; raises Denied if it has others only."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        message = f"the host `{host}` is not known: {error}"
        raise Unavailable([Problem("http-unknown-host", message)]) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    usable = [address for address in addresses if _is_allowed(address, host, allowed)]
    if addresses and not usable:
        address = domains.normalise(addresses[0])
        act = f"connect to `{host}`, which is {address}, an address that is not public"
        raise deny("network.allowed_domains", act, [address])
    return usable


def _is_allowed(address: str, host: str, allowed: Network) -> bool:
    if domains.is_public_address(address):
        return True
    text = domains.normalise(address)
    if allows_host(allowed, text):
        return True
    # Whoever names `localhost` names this machine, and nothing else.
    is_loopback = text == "::1" or text.startswith("127.")
    return is_loopback and domains.is_private(host) and allows_host(allowed, host)
