"""`http`: one request to a host that is allowed, made by this host for the guest.

Every hop is checked anew: scheme, host, port, and the address that the connection goes to.
Secrets are put into headers here, by handle, and taken out of what comes back.
"""

from __future__ import annotations

import base64
import functools
import re
import ssl
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import httpcore

from runner.errors import Problem, Unavailable
from runner.permissions import domains
from runner.permissions.kinds.network import allows_host, allows_port, write_ports
from runner.plugins.host.connection import Backend
from runner.plugins.host.fields import check_names, invalid, read_number, read_text, read_texts
from runner.plugins.host.services import deny
from runner.records import NamedTuple
from runner.version import __version__

if TYPE_CHECKING:
    from runner.plugins.host.services import Session

MAX_TIMEOUT = 600.0
MAX_REDIRECTS = 10
_DEFAULT_TIMEOUT = 30.0
_MAX_URL = 8192
_FIELDS = ("method", "url", "headers", "body", "body_base64", "timeout", "redirects")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?|[0-9A-Fa-f:.]+")
_TARGET = re.compile(r"[!-~]*")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t -~\x80-\xff]*")
# What the host itself writes: with these a guest could speak to another than the one checked.
_OURS = frozenset(
    {"host", "content-length", "connection", "transfer-encoding", "upgrade", "te", "trailer"}
)
_CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization"})
_HANDLE = re.compile(r"\{\{secret:([^{}]*)\}\}")
_MASK = b"***"


class Place(NamedTuple):
    """Where a request goes; `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


class Reply(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def answer(request: dict[str, Any], session: Session) -> dict[str, Any]:
    """Make the request and follow redirects, as many as are wanted.

    Raises Denied for what the permissions do not allow, on any hop, and for a reply larger than
    a message may be; InvalidInput for a wrong request, Unavailable if there is no reply.
    """
    check_names(request, _FIELDS)
    method = read_text(request, "method", "GET").upper()
    if method not in _METHODS:
        raise invalid(f"`method` must be one of: {', '.join(_METHODS)}")
    headers, body = _read_headers(request), _read_body(request)
    timeout = read_number(request, "timeout", _DEFAULT_TIMEOUT, MAX_TIMEOUT)
    redirects = int(read_number(request, "redirects", MAX_REDIRECTS, MAX_REDIRECTS))
    if not session.allowed.network.max_connections:
        raise deny("network.max_connections", "open a connection", 1)
    backend = Backend(session.allowed.network)
    backend.end = time.monotonic() + session.remaining(timeout)
    place = _read_url(read_text(request, "url"), session)
    with session.stopping_by(backend.abort), _open_pool(session, backend) as pool:
        while True:
            reply = _send(pool, method, place, headers, body, session)
            # Masked like all that comes back: neither the next host nor an error is told a secret.
            given = dict(reply.headers).get(b"location", b"")
            location = _mask(given, session).decode("latin-1")
            if not location or reply.status not in {301, 302, 303, 307, 308} or not redirects:
                return _describe(place, reply, session)
            redirects -= 1
            before, place = place, _follow(place, location, session)
            if place[:3] != before[:3]:  # credentials are for whom they were written
                headers = {
                    name: text for name, text in headers.items() if not _is_private(name, text)
                }
            if reply.status == 303 or (reply.status in {301, 302} and method == "POST"):
                method, body = ("HEAD" if method == "HEAD" else "GET"), b""
                headers = {
                    name: t for name, t in headers.items() if not name.startswith("content-")
                }


def _follow(place: Place, location: str, session: Session) -> Place:
    try:
        url = urljoin(place.url, location)
    except ValueError:  # brackets around what is no address
        url = location
    return _read_url(url, session)


def _read_headers(request: dict[str, Any]) -> dict[str, str]:
    headers = {}
    for name, text in read_texts(request, "headers").items():
        if not _HEADER.fullmatch(name) or not _VALUE.fullmatch(text):
            raise invalid(f"`{name!a}` is no header, or its value is none")
        if name.lower() in _OURS:
            raise invalid(f"the header `{name}` is the host's own", "leave it out")
        headers[name.lower()] = text
    return headers


def _read_body(request: dict[str, Any]) -> bytes:
    if "body_base64" not in request:
        return read_text(request, "body", "").encode()
    if "body" in request:
        raise invalid("there are `body` and `body_base64`", "give one of them")
    try:
        return base64.b64decode(read_text(request, "body_base64"), validate=True)
    except ValueError as error:
        raise invalid(f"`body_base64` is not base64: {error}") from error


def _read_url(url: str, session: Session) -> Place:
    """Take a URL apart and check what can be checked without the network."""
    try:
        parts = urlsplit(url) if len(url) <= _MAX_URL else None
        port = parts.port if parts else None
    except ValueError:
        parts = port = None
    scheme, host = (parts.scheme, parts.hostname or "") if parts else ("", "")
    if parts is None or scheme not in _PORTS or not _HOST.fullmatch(host):
        raise invalid(f"`{url[:200]!a}` is not a URL", "write `https://host/path`, in ASCII")
    if parts.username is not None or parts.password is not None:
        raise invalid("a URL holds no credentials here", "send them in a header, by handle")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not _TARGET.fullmatch(target):
        raise invalid(f"`{url[:200]!a}` holds what must be escaped by `%`")
    place = Place(scheme, domains.normalise(host), port or _PORTS[scheme], target)
    network = session.allowed.network
    act = f"a request to `{place.scheme}://{place.host}:{place.port}`"
    if not allows_host(network, place.host):
        raise deny("network.allowed_domains", act, [place.host])
    if not allows_port(network, place.port):
        raise deny("network.allowed_ports", act, [*write_ports(network.allowed_ports), place.port])
    if network.require_https and place.scheme != "https":
        raise deny("network.require_https", act, value=False)
    return place


@functools.cache
def _machine_tls() -> ssl.SSLContext:
    return ssl.create_default_context()  # 30 ms


def _open_pool(session: Session, backend: Backend) -> httpcore.ConnectionPool:
    """No proxy and nothing kept: the next request must not find a connection of this one."""
    return httpcore.ConnectionPool(
        ssl_context=session.services.tls or _machine_tls(),
        max_connections=session.allowed.network.max_connections,
        max_keepalive_connections=0,
        http2=False,
        retries=0,
        network_backend=backend,
    )


def _send(
    pool: httpcore.ConnectionPool,
    method: str,
    place: Place,
    headers: dict[str, str],
    body: bytes,
    session: Session,
) -> Reply:
    sent = {"user-agent": f"wasi-runner/{__version__}", "accept": "*/*"}
    sent |= {name: _put_secrets(text, place, session) for name, text in headers.items()}
    if body or method in {"POST", "PUT", "PATCH"}:
        sent["content-length"] = str(len(body))
    host = place.url.split("/")[2]
    pairs = [(b"Host", host.encode())]
    pairs += [(name.encode(), text.encode("latin-1")) for name, text in sent.items()]
    url = httpcore.URL(
        scheme=place.scheme.encode(),
        host=place.host.encode(),
        port=place.port,
        target=place.target.encode(),
    )
    try:
        with pool.stream(method, url, headers=pairs, content=body or None) as response:
            received = _receive(response, session)
            named = [(name.lower(), text) for name, text in response.headers]
            return Reply(response.status, named, received)
    except httpcore.TimeoutException as error:
        message = f"`{place.host}` did not answer in time"
        raise Unavailable([Problem("http-timeout", message)]) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        message = f"the request to `{place.host}` failed: {error}"
        raise Unavailable([Problem("http-failed", message)]) from error


def _receive(response: httpcore.Response, session: Session) -> bytes:
    """Read the body, no more of it than a message may hold."""
    pieces, size = [], 0
    for piece in response.iter_stream():
        size += len(piece)
        if size > session.largest:
            act = f"a reply of more than {session.largest} bytes"
            raise deny("communication.max_message_size", act, 2 * session.largest)
        pieces.append(piece)
    return b"".join(pieces)


def _put_secrets(text: str, place: Place, session: Session) -> str:
    """Put each secret in the place of its handle, for whom it cannot be read on the way to."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name not in session.secrets:
            raise invalid(
                f"there is no secret `{name}`", "secrets come from inputs: `secret: true`"
            )
        if place.scheme != "https":
            raise invalid(f"the secret `{name}` is sent by https only")
        secret = session.secrets[name]
        if not _VALUE.fullmatch(secret):
            raise invalid(f"the secret `{name}` cannot stand in a header")
        return secret

    return _HANDLE.sub(value, text)


def _is_private(name: str, text: str) -> bool:
    return name in _CREDENTIALS or _HANDLE.search(text) is not None


def _describe(place: Place, reply: Reply, session: Session) -> dict[str, Any]:
    body, headers = _mask(reply.body, session), []
    for name, text in reply.headers:
        headers.append([name.decode("latin-1"), _mask(text, session).decode("latin-1")])
    described = {"status": reply.status, "url": place.url, "headers": headers}
    try:
        return {**described, "body": body.decode()}
    except UnicodeDecodeError:
        return {**described, "body_base64": base64.b64encode(body).decode()}


def _mask(data: bytes, session: Session) -> bytes:
    """Take out what a server sends back of a secret: the guest is not to have it."""
    for secret in session.secrets.values():
        for encoding in ("utf-8", "latin-1"):
            text = secret.encode(encoding, "replace")
            data = data.replace(text, _MASK)
    return data
