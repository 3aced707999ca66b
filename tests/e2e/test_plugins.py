"""Plugin folders of the repository as steps: inputs, grants, results."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import wasmtime

if TYPE_CHECKING:
    from tests.support.project import Project

# Writes its environment to stdout, a variable a line; and a result value, given as a data segment.
PLUGIN = """
(module
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 4)
  (func (export "_start") (local $at i32) (local $end i32)
    (drop (call $sizes (i32.const 0) (i32.const 4)))
    (drop (call $get (i32.const 1024) (i32.const 65536)))
    (local.set $at (i32.const 65536))
    (local.set $end (i32.add (i32.const 65536) (i32.load (i32.const 4))))
    (loop $next
      (if (i32.eqz (i32.load8_u (local.get $at)))
        (then (i32.store8 (local.get $at) (i32.const 10))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (i32.store (i32.const 8) (i32.const 65536))
    (i32.store (i32.const 12) (i32.load (i32.const 4)))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))))
"""
MANIFEST = """\
id: test/tell
name: tell
version: 1.0.0
entry_points:
  main: {module: tell.wasm}
inputs:
  count: {type: number, required: true}
  colour: {type: choice, options: [red, green], default: red}
permissions:
  filesystem: {read_paths: [src]}
  system: {env_vars: [WANTED]}
"""


def add_plugin(project: Project) -> None:
    project.write(
        {
            "plug/step.yml": MANIFEST,
            "plug/tell.wasm": bytes(wasmtime.wat2wasm(PLUGIN)),
            "src/x": "",
        }
    )


def test_a_local_plugin_sees_what_it_asks_for(project: Project) -> None:
    """6.9: inputs become INPUT_*, with defaults; other variables are withheld, and that is told."""
    add_plugin(project)
    outcome = project.run_steps(
        textwrap.dedent("""\
        - uses: ./plug
          id: tell
          with: {COUNT: "${{ 1 }}", other: x}
          env: {WANTED: seen, HIDDEN: unseen}
        """)
    )
    assert outcome.code == 0
    assert {"INPUT_COUNT=1", "INPUT_COLOUR=red", "WANTED=seen"} <= set(outcome.lines)
    assert "GITHUB_ACTION=tell" in outcome.lines
    assert not any(line.startswith("HIDDEN=") for line in outcome.lines)
    assert "warning: `HIDDEN` is withheld: the plugin does not request it" in outcome.lines
    assert any("Unexpected input(s) 'other', valid inputs are" in line for line in outcome.lines)


def test_wrong_inputs_are_told_before_anything_runs(project: Project) -> None:
    """Literal values are checked at their place, by `validate` too; expressions when they run."""
    add_plugin(project)
    pipeline = textwrap.dedent("""\
        on: push
        jobs:
          job:
            runs-on: x
            steps:
              - run: echo no
              - uses: ./plug
                with:
                  count: many
                  colour: blue
              - uses: ./plug
        """)
    project.write({"ci.yml": pipeline})
    for verb in ("run", "validate"):
        done = project.call(verb, "ci.yml")
        shown = done.stdout + done.stderr
        assert done.code == 2
        assert "ci.yml:9:18: input `count`: `many` is not a number" in shown
        assert "ci.yml:10:19: input `colour`: `blue` is not one of: red, green" in shown
        assert "ci.yml:11:15: input `count` is required" in shown
    outcome = project.run_steps("- uses: ./plug\n  with: {count: \"${{ 'many' }}\"}\n")
    assert outcome.steps[0].errored
    assert "`many` is not a number" in outcome.steps[0].message


def test_a_grant_narrows_what_a_plugin_gets(project: Project) -> None:
    """A request wider than the step's, else the job's, else the workflow's grant is denied."""
    add_plugin(project)
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        grant: {filesystem: {read_paths: [src]}}
        jobs:
          narrow:
            runs-on: x
            steps:
              - {uses: ./plug, with: {count: 1}}
              - run: echo no
                if: always()
              - uses: ./plug
                if: always()
                with: {count: 2}
                grant: {filesystem: {read_paths: [.]}, system: {env_vars: ['*']}}
          wide:
            runs-on: x
            grant: {filesystem: {read_paths: [src]}, system: {env_vars: [WANTED]}}
            steps: [{uses: ./plug, with: {count: 3}}]
        """),
        "-j",
        "1",
    )
    assert outcome.conclusions == ["failure", "failure", "success", "success"]
    denied = outcome.steps[0]
    assert (denied.verdict, denied.errored) == ("denied", True)
    assert "requests more than it is granted" in denied.message
    assert "WANTED" in denied.message
    assert "no" not in outcome.lines


def test_a_wrong_grant_is_told_at_its_place(project: Project) -> None:
    """Unknown permissions, wrong types and paths out of the workspace: exit code 2."""
    project.write(
        {
            "ci.yml": textwrap.dedent("""\
            on: push
            grant: {filesystem: {read_path: [.]}}
            jobs:
              job:
                runs-on: x
                steps:
                  - run: echo no
                    grant:
                      filesystem: {read_paths: src}
                  - run: echo no
                    grant:
                      filesystem:
                        write_paths:
                          - ../x
                  - uses: actions/checkout@v4
                    grant: {system: {env_vars: [A]}}
            """)
        }
    )
    done = project.call("run", "ci.yml")
    assert done.code == 2
    assert "ci.yml:2:22: `filesystem` has no permission `read_path`" in done.stderr
    assert "did you mean `read_paths`?" in done.stderr
    assert "ci.yml:9:24: `read_paths` must be a list of texts" in done.stderr
    assert "ci.yml:14:17: `../x` leaves the workspace" in done.stderr
    assert "host action `actions/checkout` is not supported" in done.stderr
