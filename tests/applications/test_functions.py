"""The function host: requests in, responses out, while its functions come and change."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TYPE_CHECKING, cast

import httpx
import pytest

from tests.applications.conftest import commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FUNCTION = """
id: test/{name}
version: 1.0.0
kind: function
inputs: {{request: {{type: json}}}}
dependencies: {{runner/sh: "*"}}
entry_points: {{main: {{interpreter: runner/sh, script: main.sh}}}}
"""
SCRIPTS = {
    "echo": """printf '%s' "$INPUT_REQUEST" > "$RUNNER_RESULT" """,
    "fails": "echo oops; exit 3",
    "inject": """echo '{"statusCode": 200, "headers": {"a": "b\\r\\nc: d"}}' > "$RUNNER_RESULT" """,
    "status": """echo '{"statusCode": 99}' > "$RUNNER_RESULT" """,
    "teapot": """echo '{"statusCode": 418, "body": "3q2+7w==", "isBase64Encoded": true,
      "headers": {"x-kind": "pot", "content-length": "9"}}' > "$RUNNER_RESULT" """,
}


def put(folder: Path, name: str, script: str) -> None:
    plugin = folder / name
    plugin.mkdir(parents=True, exist_ok=True)
    (plugin / "main.sh").write_text(script)
    (plugin / "step.yml").write_text(FUNCTION.format(name=name))


@contextlib.contextmanager
def serving(command: str, tree: Path, environment: dict[str, str]) -> Iterator[httpx.Client]:
    """Run the host by a command, on a free port, until the caller is done; yield a client."""
    command = re.sub(r"--port \d+", "--port 0", command)
    with subprocess.Popen(
        ["bash", "-c", f"exec {command}"],
        cwd=tree,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        log = cast("IO[str]", process.stderr)
        try:
            address = next(found[1] for line in log if (found := _ADDRESS.search(line)))
            with httpx.Client(base_url=address, timeout=60) as client:
                yield client
        finally:
            process.send_signal(signal.SIGINT)
            log.read()
        assert process.wait(60) == 0


_ADDRESS = re.compile(r"running on (http://[0-9.:]+)")


@pytest.fixture
def command() -> str:
    _, serve, *_ = commands("functions")
    return serve


def read_metrics(client: httpx.Client) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    pairs = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in pairs}


def test_the_readme_is_true(tree: Path, environment: dict[str, str], command: str) -> None:
    """Its curl commands, run as written but for the port, are answered as it says."""
    with serving(command, tree, environment) as client:
        said = []
        for line in commands("functions")[2:]:
            asked = line.replace("http://127.0.0.1:8000", str(client.base_url).rstrip("/"))
            done = subprocess.run(
                ["bash", "-c", asked], capture_output=True, text=True, check=True, timeout=60
            )
            said.append(done.stdout)
    assert said[:2] == ["Hello, Ann!\n", '{"ann":6.5,"bob":3}\n']
    assert 'function_starts_total{function="example/hello",start="cold"} 1.0' in said[2]


def test_requests_and_responses(tree: Path, environment: dict[str, str], command: str) -> None:
    """A function sees the whole request, says the whole response, and its failure is contained."""
    for name, script in SCRIPTS.items():
        put(tree / "functions", name, script)
    with serving(f"{command} --folder functions", tree, environment) as client:
        event = client.put(
            "/test/echo/a/b?x=1&y=%20", content=b"\xff\0", headers={"x-own": "z"}
        ).json()
        assert (event["rawPath"], event["rawQueryString"]) == ("/a/b", "x=1&y=%20")
        assert event["queryStringParameters"] == {"x": "1", "y": " "}
        assert event["requestContext"]["http"]["method"] == "PUT"
        assert (event["body"], event["isBase64Encoded"]) == ("/wA=", True)
        assert event["headers"]["x-own"] == "z"
        pot = client.get("/test/teapot")
        assert (pot.status_code, pot.content) == (418, b"\xde\xad\xbe\xef")
        assert pot.headers["x-kind"] == "pot"
        for name in ("fails", "inject", "status"):
            answer = client.get(f"/test/{name}")
            assert answer.status_code == 502
            assert "oops" not in answer.text
            assert answer.headers["x-execution-id"]
        assert client.get("/test/none").status_code == 404
        assert client.post("/test/echo", content=bytes(2 << 20)).status_code == 413
        counts = read_metrics(client)
    assert counts['function_calls_total{function="test/fails",verdict="failed"}'] == 1
    assert counts['function_peak_memory_bytes{function="test/echo"}'] > 1 << 20


def test_a_bounded_load_and_a_new_version(
    tree: Path, environment: dict[str, str], command: str
) -> None:
    """200 requests of 8 clients are all answered, across a change of the function, and counted."""
    folder = tree / "functions"
    put(folder, "version", """echo '"one"' > "$RUNNER_RESULT" """)
    with (
        serving(f"{command} --folder functions", tree, environment) as client,
        ThreadPoolExecutor(8) as clients,
    ):

        def ask(_number: int) -> str:
            answer = client.get("/test/version")
            return str(answer.json()) if answer.status_code == 200 else str(answer.status_code)

        assert set(clients.map(ask, range(100))) == {"one"}
        (tree / "new.sh").write_text("""echo '"two"' > "$RUNNER_RESULT" """)
        os.replace(tree / "new.sh", folder / "version" / "main.sh")  # at once: one reload
        count = 100
        while (said := ask(0)) == "one":
            count += 1
            assert count < 10_000
        assert said == "two"
        assert set(clients.map(ask, range(100))) == {"two"}
        count += 101
        counts = read_metrics(client)
    label = 'function="test/version"'
    assert counts[f'function_calls_total{{{label},verdict="exited"}}'] == count
    assert counts[f"function_duration_seconds_count{{{label}}}"] == count
    assert counts[f'function_starts_total{{{label},start="cold"}}'] == 2
    assert counts[f'function_starts_total{{{label},start="warm"}}'] == count - 2
    assert counts[f"function_running{{{label}}}"] == 0
