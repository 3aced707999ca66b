"""`runner plan`: what a pipeline would do, in four forms."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.project import Project

FILES = {
    "ci.yml": textwrap.dedent("""\
    name: Shop
    on: [push, pull_request]
    jobs:
      lint:
        runs-on: x
        steps:
          - uses: actions/checkout@v4
          - id: set
            uses: ./setup
          - run: echo hi
            if: ${{ steps.set.outputs.ready == 'yes' && always() }}
      test:
        name: Unit tests
        needs: lint
        strategy: {matrix: {os: [linux, "mac"], include: [{os: bsd}]}}
        runs-on: x
        steps:
          - {run: sleep 1, background: true, id: bg, grant: {filesystem: {read_paths: [.]}}}
          - wait: bg
      dynamic:
        needs: lint
        if: github.ref == 'refs/heads/main'
        strategy: {matrix: "${{ fromJSON(needs.lint.outputs.m) }}"}
        runs-on: x
        steps: [{run: "true", shell: "python {0}"}]
      release:
        needs: [test, dynamic]
        uses: ./release.yml
    """),
    "release.yml": textwrap.dedent("""\
    on: {workflow_call: }
    jobs:
      pack: {runs-on: x, steps: [{run: "true"}]}
      send: {needs: pack, runs-on: x, steps: [{run: "true"}]}
    """),
    "setup/action.yml": textwrap.dedent("""\
    name: setup
    runs:
      using: composite
      steps:
        - {run: echo a, shell: bash}
        - {run: echo b, shell: sh, if: failure()}
    """),
}
RIGHTS = (
    "read the whole workspace; write the whole workspace (files up to 4GiB); "
    "use a temporary folder; see environment variables: all"
)


@pytest.fixture
def shop(project: Project) -> Project:
    return project.write(FILES)


def test_people_see_order_legs_conditions_and_rights(shop: Project) -> None:
    """Jobs stand in layers, legs by name, an `if` with what it depends on, rights once."""
    done = shop.call("plan", "ci.yml")
    assert (done.code, done.stderr) == (0, "")
    text, _, rights = done.stdout.partition("\nWhat they may touch\n")
    assert (
        text
        == textwrap.dedent("""\
    Shop  ci.yml  on push, pull_request

    1 of 3
      lint
          1 Run actions/checkout@v4  actions/checkout
          2 Run ./setup  (id set)
            2.1 Run echo a  steps/sh
            2.2 Run echo b  steps/sh
                if failure()  (depends on failure())
          3 Run echo hi  steps/sh
            if ${{ steps.set.outputs.ready == 'yes' && always() }}  (depends on %s)

    2 of 3, side by side
      test (Unit tests)  needs lint
          3 legs: Unit tests (linux), Unit tests (mac), Unit tests (bsd)
          1 Run sleep 1  steps/sh [2]  (id bg, in the background)
          2 Wait
      dynamic  needs lint
          if github.ref == 'refs/heads/main'  (depends on github.ref)
          matrix: legs are known when it runs
          1 Run true  steps/python

    3 of 3
      release  needs test, dynamic
          calls ./release.yml

          1 of 2
            pack
                1 Run true  steps/sh

          2 of 2
            send  needs pack
                1 Run true  steps/sh
    """)
        % "steps.set.outputs.ready, always()"
    )
    assert "  actions/checkout: done by the host, in the job's workspace\n" in rights
    assert f"  steps/sh [1]: {RIGHTS}\n" in rights
    assert f"    requests: {RIGHTS}\n    its modules could at all: end with an exit" in rights
    assert "  steps/sh [2]: read the whole workspace\n" in rights


def test_programs_get_the_same_as_json(shop: Project) -> None:
    """Every field of the outline, by its name."""
    done = shop.call("plan", "ci.yml", "--format", "json")
    plan = json.loads(done.stdout)
    jobs = {job["id"]: job for job in plan["jobs"]}
    assert (plan["version"], plan["pipeline"], plan["on"]) == (1, "Shop", ["push", "pull_request"])
    assert [(name, job["layer"]) for name, job in jobs.items()] == [
        ("lint", 1),
        ("test", 2),
        ("dynamic", 2),
        ("release", 3),
    ]
    assert jobs["test"]["legs"][2] == {"name": "Unit tests (bsd)", "matrix": {"os": "bsd"}}
    assert jobs["dynamic"]["legs"] is None
    assert jobs["lint"]["steps"][2]["condition"]["depends"] == [
        "steps.set.outputs.ready",
        "always()",
    ]
    assert [job["id"] for job in jobs["release"]["jobs"]] == ["pack", "send"]
    shell = next(plugin for plugin in plan["plugins"] if plugin["name"] == "steps/sh")
    assert "read files" in shell["could"]


def test_graphs_draw_jobs_and_needs(shop: Project) -> None:
    """Mermaid and Graphviz: a node a job, an edge a need, a box around what is called."""
    assert shop.call("plan", "ci.yml", "--format", "mermaid").stdout == textwrap.dedent("""\
    flowchart LR
      j0["lint"]
      j1["test (3 legs)"]
      j2["dynamic (matrix)"]:::conditional
      subgraph j3["release"]
        j3_0["pack"]
        j3_1["send"]
      end
      j0 --> j1
      j0 --> j2
      j1 --> j3
      j2 --> j3
      j3_0 --> j3_1
      classDef conditional stroke-dasharray: 4 4
    """)
    dot = shop.call("plan", "ci.yml", "--format", "dot").stdout
    assert 'j1 [label="test (3 legs)"];' in dot
    assert "  j3_0 -> j3_1;\n" in dot


def test_what_is_invalid_has_no_plan(project: Project) -> None:
    """Exit code 2, with the problem at its place, and nothing on standard output."""
    project.write({"ci.yml": "on: push\njobs: {a: {runs-on: x, steps: [{uses: ./none}]}}\n"})
    done = project.call("plan", "ci.yml")
    assert (done.code, done.stdout) == (2, "")
    assert "ci.yml:2:39: there is no plugin `./none`" in done.stderr


def test_a_caller_bounds_what_called_steps_grant_themselves(project: Project) -> None:
    """A `grant` at a call holds for every step of what it calls, whatever they ask for."""
    project.write(
        {
            "ci.yml": textwrap.dedent("""\
            on: push
            jobs:
              call:
                uses: ./called.yml
                grant: {filesystem: {read_paths: [docs]}}
            """),
            "called.yml": textwrap.dedent("""\
            on: workflow_call
            jobs:
              job:
                runs-on: x
                steps:
                  - run: echo a
                    grant: {filesystem: {write_paths: [.]}, system: {env_vars: ["*"]}}
            """),
        }
    )
    shown = json.loads(project.call("plan", "ci.yml", "--format", "json").stdout)
    assert shown["jobs"][0]["jobs"][0]["steps"][0]["may"] == ["read `docs`"]
