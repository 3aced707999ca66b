"""Git repositories as a server has them, over `file:` and over HTTP: what fetching is tested on."""

from __future__ import annotations

import os
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# Tree entries: mode, name, and the object's content or, for a folder, its entries.
Entries = list[tuple[str, bytes, "bytes | Entries"]]


class GitHost:
    """A folder of bare repositories; commits are made in them without a work tree."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.url = f"file://{root}"

    def git(self, slug: str, *arguments: str, stdin: bytes = b"") -> str:
        """Run git in the repository `slug` and return what it printed."""
        identity = ("-c", "user.name=t", "-c", "user.email=t@t")
        command = ("git", "-C", str(self.root / f"{slug}.git"), *identity, *arguments)
        done = subprocess.run(command, input=stdin, check=True, capture_output=True)
        return done.stdout.decode().strip()

    def create(self, slug: str, *options: str) -> None:
        """Make an empty repository."""
        place = self.root / f"{slug}.git"
        place.mkdir(parents=True)
        self.git(slug, "init", "--quiet", "--bare", "--initial-branch=main", *options)
        self.git(slug, "config", "uploadpack.allowFilter", "true")

    def commit(self, slug: str, files: Mapping[str, str], *, branch: str = "main") -> str:
        """Commit exactly `files` to a branch of a repository, made if need be; return the SHA."""
        entries: Entries = []
        for path, text in files.items():
            *folders, name = path.split("/")
            inner = entries
            for folder in folders:
                inner = _enter(inner, folder.encode())
            inner.append(("100644", name.encode(), text.encode()))
        return self.commit_entries(slug, entries, branch=branch)

    def commit_entries(self, slug: str, entries: Entries, *, branch: str = "main") -> str:
        """Commit any entries, also such as git itself would not make."""
        if not (self.root / f"{slug}.git").exists():
            self.create(slug)
        ref = f"refs/heads/{branch}"
        known = self.git(slug, "for-each-ref", "--format=%(objectname)", ref)
        parent = ("-p", known) if known else ()
        tree = self._store(slug, entries)
        sha = self.git(slug, "commit-tree", tree, *parent, "-m", "change")
        self.git(slug, "update-ref", ref, sha)
        return sha

    def _store(self, slug: str, content: bytes | Entries) -> str:
        kind = "blob"
        if not isinstance(content, bytes):
            kind = "tree"
            objects = [(mode, name, self._store(slug, inner)) for mode, name, inner in content]
            # Git's order: a folder's name counts as if it ended in a slash.
            objects.sort(key=lambda entry: entry[1] + b"/" * (entry[0] == "40000"))
            content = b"".join(
                mode.encode() + b" " + name + b"\0" + bytes.fromhex(sha)
                for mode, name, sha in objects
            )
        return self.git(
            slug, "hash-object", "-t", kind, "-w", "--literally", "--stdin", stdin=content
        )

    @contextmanager
    def serve(self) -> Iterator[HttpHost]:
        """Serve the repositories on loopback by git's own `http-backend`."""
        server = HttpHost(self.root)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class HttpHost(ThreadingHTTPServer):
    """`asked` has the method and path of every request."""

    daemon_threads = True

    def __init__(self, root: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.root = root
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    """Each request as a CGI process."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def _answer(self) -> None:
        assert isinstance(self.server, HttpHost)
        self.server.asked.append(f"{self.command} {self.path}")
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.server.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REQUEST_METHOD": self.command,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": "127.0.0.1",
        }
        command = ("git", "http-backend")
        done = subprocess.run(
            command, input=body, env=environment, capture_output=True, check=False
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = [line.decode().partition(": ") for line in head.split(b"\r\n")]
        status = next((text for name, _, text in fields if name == "Status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for name, _, text in fields:
            if name and name != "Status":
                self.send_header(name, text)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _enter(entries: Entries, name: bytes) -> Entries:
    for _, own, inner in entries:
        if own == name and not isinstance(inner, bytes):
            return inner
    inner = []
    entries.append(("40000", name, inner))
    return inner
