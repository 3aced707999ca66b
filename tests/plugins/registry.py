"""A package registry on this machine: a real HTTP server that serves what a test puts in."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


class Reply(NamedTuple):
    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Registry:
    """Use as a context manager. `replies` by path; `requests` are (path, headers) seen so far."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.requests: list[tuple[str, Mapping[str, str]]] = []
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                registry.requests.append((self.path, dict(self.headers)))
                reply = registry.replies.get(self.path, Reply(b"{}", 404))
                self.send_response(reply.status)
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, *args: Any) -> None:
                del args

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/"

    def publish(self, name: str, version: str, content: bytes, **dist: str) -> None:
        """Offer a version whose tarball has `content`; `dist` overrides what is said of it."""
        location = f"/{name}/-/{version}.tgz"
        self.replies[location] = Reply(content)
        entry = {"tarball": self.url.rstrip("/") + location, "integrity": integrity(content)}
        document = {"name": name, "versions": {version: {"dist": {**entry, **dist}}}}
        self.replies[f"/{name.replace('/', '%2f')}"] = Reply(json.dumps(document).encode())


def integrity(content: bytes) -> str:
    return f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}"


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a gzipped tar archive with exactly these member names."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()
