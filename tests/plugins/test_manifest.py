"""Manifests: what is read from a good one, and what is said about a bad one."""

from __future__ import annotations

import pytest

from runner.abi import Limits
from runner.errors import InvalidInput
from runner.plugins.manifest import Dependency, Input, Module
from runner.plugins.reader import read

GOOD = """\
id: acme/greet
name: Greet
version: 1.2.3-rc.1
description: Says hello
author: A. Person
license: MIT
kind: step
inputs:
  who: {type: string, required: true, description: whom, pattern: "[a-z]+"}
  loud: {type: boolean, default: true}
  how: {type: choice, options: [kindly, "no"], default: "no"}
  data: {type: json, default: {a: 1}}
  count: {type: number, default: 3}
  old: {deprecation: use who}
  plain:
outputs:
  text: {description: what was said}
entry_points:
  main:
    module: bin/greet.wasm
    arguments: [hello, 5, "${{ inputs.who }}", "${{ words(inputs.plain) }}"]
    environment: {MODE: "${{ inputs.how }}", LEVEL: 2}
  post:
    module: {npm: "@acme/greet@1.0.0", path: dist/greet.wasm, sha256: %s}
permissions:
  filesystem: {read_paths: [.], write_paths: ["${{ inputs.plain }}"], max_file_size: 1MiB}
  system: {env_vars: [CI, "ACME_*"]}
resources:
  {memory: 64MiB, wall_time: 30s, cpu_time: 1.5, output_size: 1KB, stack: 1MiB,
   workspace_growth: 5MB, workspace_growth_files: 100, threads: 2}
metadata: {icon: hand, tags: [a, b]}
""" % ("ab" * 32)


def _problems(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        read("p/step.yml", text.encode())
    return [str(problem) for problem in caught.value.problems]


def test_every_field_is_read() -> None:
    """A full manifest becomes one record, with typed defaults as text and limits in base units."""
    manifest = read("p/step.yml", GOOD.encode())
    assert (manifest.id, manifest.name, manifest.version) == ("acme/greet", "Greet", "1.2.3-rc.1")
    assert (manifest.description, manifest.author, manifest.license, manifest.kind) == (
        "Says hello",
        "A. Person",
        "MIT",
        "step",
    )
    assert manifest.inputs["who"] == Input(
        "who", required=True, description="whom", pattern="[a-z]+"
    )
    defaults = {name: one.default for name, one in manifest.inputs.items()}
    assert defaults == {
        "who": None,
        "loud": "true",
        "how": "no",
        "data": '{"a": 1}',
        "count": "3",
        "old": None,
        "plain": None,
    }
    assert manifest.inputs["how"].options == ("kindly", "no")
    assert manifest.outputs["text"].description == "what was said"
    main, post = manifest.entry_points["main"], manifest.entry_points["post"]
    assert main.module == Module("bin/greet.wasm")
    assert main.arguments[:2] == ("hello", "5")
    assert main.environment == (("MODE", "${{ inputs.how }}"), ("LEVEL", "2"))
    assert post.module == Module("dist/greet.wasm", "npm", "@acme/greet@1.0.0", "ab" * 32)
    assert manifest.permissions.system.env_vars == ("ACME_*", "CI")
    assert manifest.limits == Limits(
        wall_time=30.0,
        cpu_time=1.5,
        memory=64 * 2**20,
        output=1000,
        file_size=2**20,
        stack=2**20,
        growth=5 * 10**6,
        growth_files=100,
    )
    assert manifest.threads == 2
    assert manifest.metadata == {"icon": "hand", "tags": ["a", "b"]}
    assert manifest.file == "p/step.yml"
    assert len(manifest.digest) == 64


def test_little_is_needed() -> None:
    """An id, a version and a main entry point make a plugin that may do nothing."""
    manifest = read("s", b"{id: a/b, version: 0.1.0, entry_points: {main: {module: x.wasm}}}")
    assert manifest.name == "a/b"
    assert manifest.permissions.filesystem.read_paths == ()
    assert manifest.limits == Limits()
    assert manifest.dependencies == ()


def test_all_problems_come_at_once_with_their_places() -> None:
    """What the schema says and what no schema can say stand in one list, in order of place."""
    text = """\
id: Acme
version: "1.0"
inputs:
  a: {type: number, default: many}
  b: {pattern: "(x+)+"}
entry_points:
  main:
    module: ../evil.wasm
    arguments: ["${{ inputs.c }}"]
permissions:
  network: {can_listen: true}
  filesystem:
    read_paths: ["[a].c", ok, /etc]
resources: {stack: 8MiB}
"""
    places = [problem.split(" ")[0] for problem in _problems(text)]
    assert places == [
        f"p/step.yml:{place}:"
        for place in (
            "1:5",
            "2:10",
            "4:30",
            "5:16",
            "8:13",
            "9:17",
            "11:25",
            "13:18",
            "13:31",
            "14:20",
        )
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("kind: step", "kindd: step"), "did you mean `kind`?"),
        (("version: 1.2.3-rc.1", "version: 1.2"), "2"),
        (("MODE:", "1MODE:"), "1MODE"),
        (("env_vars: [CI,", "env_vars: [C*I,"), "C*I"),
        (("options: [kindly, ", "optoins: [kindly, "), "optoins"),
        (("@acme/greet@1.0.0", "@acme/greet@^1"), "@acme/greet@^1"),
        (("memory: 64MiB", "memory: lots"), "lots"),
        (("memory: 64MiB", "thread: 4"), "did you mean `threads`?"),
    ],
)
def test_wrong_shapes_are_named(change: tuple[str, str], message: str) -> None:
    """The offending key or value is in the message."""
    assert message in " ".join(_problems(GOOD.replace(*change)))


def test_entry_points_call_any_export_or_a_script() -> None:
    """A function of a module, or a file that a dependency runs."""
    text = GOOD.replace("module: bin/greet.wasm", "module: g.wasm\n    export: run")
    text += "dependencies: {acme/base: ^1, host/http: '>=1 <2'}\n"
    text = text.replace(
        "permissions:", "  tidy: {interpreter: acme/base, script: t.py}\npermissions:", 1
    )
    manifest = read("p/step.yml", text.encode())
    assert manifest.entry_points["main"].export == "run"
    tidy = manifest.entry_points["tidy"]
    assert (tidy.module, tidy.interpreter, tidy.script) == (None, "acme/base", "t.py")
    base, http = manifest.dependencies
    assert base == Dependency("acme/base", "^1")
    assert (base.feature, http.feature) == ("", "http")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("dependencies: {a/x: '^1.2.3.4'}", "dependency-range"),
        ("dependencies: {a/b: '*'}", "dependency-cycle"),
        ("outputs: {x: {secret: true}}", "output-secret"),
        ("outputs: {x: {type: number, default: many}}", "input-default"),
        ("inputs: {x: {secret: true, default: known}}", "input-default"),
    ],
)
def test_rules_beyond_the_schema(text: str, code: str) -> None:
    """What contradicts itself is told with a code of its own."""
    manifest = "id: a/b\nversion: 1.0.0\nentry_points: {main: {module: x.wasm}}\n"
    with pytest.raises(InvalidInput) as caught:
        read("s", (manifest + text).encode())
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize(
    ("entry_point", "text"),
    [
        ("{interpreter: c/d, script: x.py}", "is not among the `dependencies`"),
        ("{interpreter: a/x}", "Required property is missing: script"),
        ("{interpreter: a/x, script: ../x.py}", "script `../x.py` lies outside"),
        ("{module: x.wasm, script: x.py}", "Unexpected value 'script'"),
        ("{module: x.wasm, export: ''}", "Unexpected value ''"),
    ],
)
def test_wrong_entry_points(entry_point: str, text: str) -> None:
    """An entry point is a module or an interpreted script, not a bit of both."""
    manifest = f"id: a/b\nversion: 1.0.0\nentry_points: {{main: {entry_point}}}\n"
    assert text in " ".join(_problems(manifest + "dependencies: {a/x: ^1}"))


def test_the_hosts_namespace_is_taken() -> None:
    """No plugin can look like a feature of the host."""
    text = "{id: host/http, version: 1.0.0, entry_points: {main: {module: x.wasm}}}"
    assert "namespace `host`" in _problems(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "a",
        "permissions: 3",
        "permissions: {network: {allowed_ports: [a, 1]}, system: {max_threads: x}, filesystem: 1}",
        "inputs: {a: 3, b: {pattern: [], type: {}, default: {}}, c: {type: odd, default: x}}",
        "entry_points: {main: {module: [], arguments: {a: b}, environment: [x]}}",
        "entry_points: [1]\nresources: {stack: []}\ndependencies: {a: b}\ninputs: [x]",
        "permissions: {system: {env_vars: [1, {}]}, communication: {max_message_size: []}}",
    ],
)
def test_any_shape_is_an_error_not_a_crash(text: str) -> None:
    """Whatever stands in the file, the answer is a list of problems."""
    assert _problems(text)
