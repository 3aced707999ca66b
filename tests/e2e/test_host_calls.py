"""Plugins that ask their host while they run as steps: requests, messages, refusals."""

from __future__ import annotations

import http.server
import textwrap
import threading
from typing import TYPE_CHECKING

import pytest
import wasmtime

from tests.plugins.host.conftest import ASK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.project import Project

MANIFEST = textwrap.dedent("""\
id: test/ask
version: 1.0.0
inputs: {operation: , request: }
entry_points:
  main:
    module: ask.wasm
    arguments: ["${{ inputs.operation }}", "${{ inputs.request }}", x]
permissions:
  communication: {host_communication: true}
  network: {allowed_domains: [127.0.0.1], allowed_ports: [PORT], require_https: false}
""")


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer with the header that the host is to fill in."""
        body = f"seen {self.headers.get('Authorization')}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """A server on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def ask(project: Project, port: int) -> Project:
    """A project with a plugin that asks its host for what its inputs say."""
    return project.write(
        {
            "ask/step.yml": MANIFEST.replace("PORT", str(port)),
            "ask/ask.wasm": bytes(wasmtime.wat2wasm(ASK)),
        }
    )


def test_a_plugin_speaks_and_asks(ask: Project, port: int) -> None:
    """Progress stands in the log, a result is the step's value, a request reaches its server."""
    outcome = ask.run_steps(
        textwrap.dedent("""\
        - uses: ./ask
          with: {operation: message, request: '{"type": "progress", "done": 3, "total": 9}'}
        - uses: ./ask
          with:
            operation: message
            request: |
              {"type": "result", "value": {"tests":
                [{"suite": "s", "name": "n", "result": "passed"}]}}
        - uses: ./ask
          with: {operation: http, request: '{"url": "http://127.0.0.1:PORT/x"}'}
        """).replace("PORT", str(port))
    )
    assert (outcome.code, outcome.conclusions) == (0, ["success"] * 3)
    assert "progress: 3/9" in outcome.lines
    assert [test.name for test in outcome.tests] == ["n"]
    assert '"status": 200' in "\n".join(outcome.lines)


def test_a_refusal_is_told_with_its_grant(ask: Project) -> None:
    """What a plugin was refused stands in the journal, in JUnit and on screen, with the YAML."""
    outcome = ask.run_steps(
        textwrap.dedent("""\
        - uses: ./ask
          with: {operation: http, request: '{"url": "https://example.org/"}'}
        - run: exit 1
        """)
    )
    (denial,) = outcome.steps[0].denials
    assert denial.permission == "network.allowed_domains"
    assert "allowed_domains: [example.org]" in denial.grant
    assert "allowed_domains: [example.org]" in (outcome.folder / "junit.xml").read_text()
    log = (outcome.folder / "logs" / "job.log").read_text()
    assert "refused: " in log


def test_a_grant_bounds_what_a_plugin_may_ask(ask: Project, port: int) -> None:
    """A step that asks for more than it is granted is refused before it starts; others go on."""
    outcome = ask.run_steps(
        textwrap.dedent("""\
        - uses: ./ask
          continue-on-error: true
          grant: {communication: {host_communication: true}}
          with: {operation: message, request: '{"type": "x"}'}
        - run: echo on
        """)
    )
    step = outcome.steps[0]
    assert (outcome.code, step.verdict, step.errored) == (0, "denied", True)
    assert f"allowed_ports: [{port}]" in step.denials[0].grant


def test_a_step_without_the_clock_sees_another(project: Project) -> None:
    """`system_time: false`: the time is `SOURCE_DATE_EPOCH`, it moves by sleeping alone."""
    project.write(
        {
            "ci.yml": textwrap.dedent("""\
            on: push
            jobs:
              job:
                runs-on: x
                steps:
                  - run: date +%s; sleep 1000; date +%s
                    grant:
                      filesystem: {read_paths: [.], write_paths: [.], temp_access: true}
                      system: {env_vars: ["*"], system_time: false}
            """)
        }
    )
    done = project.call("run", "ci.yml", environment={"SOURCE_DATE_EPOCH": "1700000000"})
    assert done.code == 0
    assert project.outcome().lines == ["1700000000", "1700001000"]
