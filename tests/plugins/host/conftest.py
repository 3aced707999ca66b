"""Real servers on this machine, and a guest that asks its host for what its arguments say."""

from __future__ import annotations

import hashlib
import http.server
import json
import ssl
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import wasmtime

from runner import permissions
from runner.errors import InvalidInput, Problem
from runner.plugins.host import Services, make_host
from runner.plugins.invoke import Call, Places, prepare
from runner.plugins.manifest import build
from runner.plugins.modules import ModuleFile
from runner.plugins.resolve import Plugin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.abi import PluginResult
    from runner.plugins.host.services import Budget
    from runner.sandbox.sandbox import Sandbox

CERTIFICATE = Path(__file__).parent / "localhost.pem"  # for `localhost` and 127.0.0.1, until 2126

# Calls the host with its first argument as operation and the second as request, as often as its
# third argument has characters; prints the last reply, or `!` and the number of the error.
ASK = """(module
  (import "runner" "call" (func $call (param i32 i32 i32 i32) (result i32)))
  (import "runner" "reply" (func $reply (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 64)
  (func $length (param $at i32) (result i32) (local $end i32)
    (local.set $end (local.get $at))
    (block $done (loop $next
      (br_if $done (i32.eqz (i32.load8_u (local.get $end))))
      (local.set $end (i32.add (local.get $end) (i32.const 1)))
      (br $next)))
    (i32.sub (local.get $end) (local.get $at)))
  (func $print (param $at i32) (param $size i32)
    (i32.store (i32.const 64) (local.get $at))
    (i32.store (i32.const 68) (local.get $size))
    (drop (call $write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 72))))
  (func (export "_start") (local $operation i32) (local $request i32) (local $left i32)
    (local $got i32)
    (drop (call $args (i32.const 0) (i32.const 1024)))
    (local.set $operation (i32.load (i32.const 4)))
    (local.set $request (i32.load (i32.const 8)))
    (local.set $left (call $length (i32.load (i32.const 12))))
    (loop $again
      (local.set $got (call $call
        (local.get $operation) (call $length (local.get $operation))
        (local.get $request) (call $length (local.get $request))))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (i32.gt_s (local.get $left) (i32.const 0))))
    (if (i32.lt_s (local.get $got) (i32.const 0))
      (then
        (i32.store8 (i32.const 80) (i32.const 33))
        (i32.store8 (i32.const 81) (i32.sub (i32.const 48) (local.get $got)))
        (call $print (i32.const 80) (i32.const 2)))
      (else
        (call $print (i32.const 2097152)
          (call $reply (i32.const 2097152) (i32.const 2097152)))))))"""


class Answer(NamedTuple):
    """What the guest was told, and what came of it."""

    text: str
    result: PluginResult

    @property
    def json(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.text)
        return data

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])


class Asker:
    """Runs the guest `ASK` as a plugin that requests what a test says."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self._sandbox = sandbox
        self._folder = folder
        for name in ("workspace", "commands", "tmp", "empty", "scratch"):
            (folder / name).mkdir()
        places = Places(*(str(folder / name) for name in ("workspace", "commands", "tmp", "empty")))
        self.plugins: dict[str, Plugin] = {}
        tls = ssl.create_default_context(cafile=CERTIFICATE)
        self.services = Services(sandbox.run, self.find, places, str(folder / "scratch"), tls=tls)

    def add(self, name: str, wat: str = ASK, **fields: Any) -> Plugin:
        """Make a plugin with this id; its inputs `operation` and `request` go to argv."""
        data = bytes(wasmtime.wat2wasm(wat))
        digest = hashlib.sha256(data).hexdigest()
        path = self._folder / f"{digest}.wasm"
        path.write_bytes(data)
        manifest: dict[str, Any] = {
            "id": name,
            "version": "1.0.0",
            "inputs": {"operation": {}, "request": {}, "token": {"secret": True}},
            "entry_points": {
                "main": {
                    "module": "ask.wasm",
                    "arguments": ["${{ inputs.operation }}", "${{ inputs.request }}", "1"],
                }
            },
            "resources": {"wall_time": "20s"},
        }
        plugin = Plugin(
            name,
            str(self._folder),
            build(manifest | fields),
            {"main": ModuleFile(str(path), digest)},
        )
        self.plugins[name] = plugin
        return plugin

    def find(self, name: str) -> Plugin:
        if name not in self.plugins:
            raise InvalidInput([Problem("dependency-not-found", f"there is no `{name}`")])
        return self.plugins[name]

    def parse(self, **requested: Any) -> permissions.Permissions:
        allowed, faults = permissions.parse(requested)
        assert faults == []
        return allowed

    def prepare(self, operation: str, request: Any, **requested: Any) -> Call:
        plugin = self.add("test/asker")
        manifest = plugin.manifest._replace(permissions=self.parse(**requested))
        plugin = plugin._replace(manifest=manifest)
        text = request if isinstance(request, str) else json.dumps(request)
        assert self.services.places is not None
        return prepare(
            plugin,
            {"operation": operation, "request": text, "token": "hunter2"},
            places=self.services.places,
        )

    def ask(
        self, operation: str, request: Any, *, budget: Budget | None = None, **requested: Any
    ) -> Answer:
        call = self.prepare(operation, request, **requested)
        pieces: list[bytes] = []
        with make_host("test/asker", call, self.services, budget=budget) as host:
            result = self._sandbox.run(call.invocation, pieces.append, on_call=host)
            result = host.settle(result)
        return Answer(b"".join(pieces).decode(), result)


class _Handler(http.server.BaseHTTPRequestHandler):
    """Tells what it was sent, or does what the path says."""

    server: Server

    def do_GET(self) -> None:
        size = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(size)
        self.server.seen.append((self.command, self.path, dict(self.headers.items()), body))
        name, _, rest = self.path.lstrip("/").partition("/")
        if name == "to":
            self.send_response(int(rest[:3]))
            self.send_header("Location", rest[4:])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if name == "drip":
            self._drip()
            return
        told = json.dumps({"path": self.path, "headers": dict(self.headers.items())}).encode()
        data = {"big": b"x" * (3 << 20), "bytes": b"\xff\x00"}.get(name, told)
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_POST = do_PUT = do_HEAD = do_DELETE = do_GET  # noqa: N815 - the library's names

    def _drip(self) -> None:
        """Send a header's bytes one by one until nobody listens: each comes in time, all never."""
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            while not self.server.is_over.wait(0.05):
                self.wfile.write(b"x")
        except OSError:
            return

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """`seen` are the requests: method, path, headers, body."""

    def __init__(self, *, is_tls: bool) -> None:
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.is_over = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)
        if is_tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, *_: Any) -> None:
        """Say nothing: clients that go away are what tests are about."""


def _serve(*, is_tls: bool) -> Iterator[Server]:
    server = Server(is_tls=is_tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.is_over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def https() -> Iterator[Server]:
    yield from _serve(is_tls=True)


@pytest.fixture
def http_server() -> Iterator[Server]:
    yield from _serve(is_tls=False)


@pytest.fixture
def other() -> Iterator[Server]:
    yield from _serve(is_tls=True)


@pytest.fixture
def asker(sandbox: Sandbox, tmp_path: Path) -> Asker:
    folder = tmp_path / "asker"
    folder.mkdir()
    return Asker(sandbox, folder)
