"""Early and late stages of actions: pre, main, post, and the state between (LANGUAGE 6.9)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import wasmtime

from tests.sandbox import wat
from tests.support.results import conclusions

if TYPE_CHECKING:
    from tests.support.project import Outcome, Project

FOREIGN = ("--local-repository", "o/r@v1=other")


def compiled(text: str) -> bytes:
    return bytes(wasmtime.wat2wasm(text))


def saver(name: str, value: str) -> bytes:
    """Return a guest that saves a state as `::save-state`, which a later stage gets as STATE_."""
    return compiled(wat.say((1, f"::save-state name={name}::{value}")))


def wasm(project: Project, folder: str, more: str = "", /, **modules: bytes) -> None:
    """Write an action of the kind `wasm`: a module for each stage."""
    lines = "".join(f"  {stage}: {stage}.wasm\n" for stage in modules)
    name = folder.rpartition("/")[2]
    head = f"name: {name}\nruns:\n  using: wasm\n{lines}"
    project.write(
        {
            f"{folder}/action.yml": head + textwrap.indent(textwrap.dedent(more), "  "),
            **{f"{folder}/{stage}.wasm": module for stage, module in modules.items()},
        }
    )


def said(text: str) -> bytes:
    return compiled(wat.say((1, text)))


def run_steps(project: Project, steps: str, *options: str) -> Outcome:
    return project.run_steps(textwrap.dedent(steps), *options)


def test_pre_main_and_post_in_order(project: Project) -> None:
    """§6.9: all `pre` in order, the mains, then `post` in reverse; named `Pre X`, `Post X`."""
    for name in "ab":
        stages = {stage: said(f"{stage} {name}") for stage in ("pre", "main", "post")}
        wasm(project, f"other/{name}", **stages)
    outcome = run_steps(
        project,
        """\
        - run: echo first
        - {uses: o/r/a@v1, name: A}
        - uses: o/r/b@v1
        - run: echo last
        """,
        *FOREIGN,
    )
    assert outcome.code == 0
    assert outcome.lines == [
        *("pre a", "pre b", "first", "main a", "main b", "last", "post b", "post a"),
    ]
    assert [step.name for step in outcome.steps] == [
        *("Pre A", "Pre Run o/r/b@v1", "Run echo first", "A", "Run o/r/b@v1", "Run echo last"),
        *("Post Run o/r/b@v1", "Post A"),
    ]


def test_local_actions_have_no_pre(project: Project) -> None:
    """§6.9: `pre` of a local action is ignored with a warning; `post` runs."""
    stages = {stage: said(stage) for stage in ("pre", "main", "post")}
    wasm(project, "act", **stages)
    outcome = run_steps(project, "- uses: ./act\n- run: echo on\n")
    assert outcome.lines == ["main", "on", "post"]
    assert "action.pre-ignored" in outcome.notices


def test_state_passes_between_the_stages_of_one_use(project: Project) -> None:
    """§6.5, §6.9: GITHUB_STATE is STATE_<name> for pre, main and post of the same instance only."""
    show = compiled(wat.show("environ"))
    wasm(project, "other/a", pre=saver("token", "early"), main=show, post=show)
    wasm(project, "other/b", main=show, post=show)
    outcome = run_steps(
        project,
        """\
        - {id: a, uses: o/r/a@v1}
        - {id: b, uses: o/r/b@v1}
        - run: echo "[$STATE_token]"
        """,
        *FOREIGN,
    )
    text = "\n".join(outcome.lines).replace("\0", "\n")
    assert text.count("STATE_token=early") == 2
    assert "[]" in outcome.lines


def test_conditions_of_stages(project: Project) -> None:
    """§6.9: pre-if and post-if default to always(); they see the job's status."""
    quiet = compiled(wat.module(""))
    wasm(project, "other/plain", main=quiet, post=said("post always"))
    wasm(
        project,
        "other/asked",
        "post-if: failure()\npre-if: runner.os == 'none'\n",
        pre=said("no pre"),
        main=quiet,
        post=said("post failure"),
    )
    wasm(project, "other/good", "post-if: success()\n", main=quiet, post=said("no post"))
    outcome = run_steps(
        project,
        """\
        - {id: plain, uses: o/r/plain@v1}
        - {id: asked, uses: o/r/asked@v1}
        - {id: good, uses: o/r/good@v1}
        - {id: bad, run: exit 1}
        """,
        *FOREIGN,
    )
    assert outcome.lines == ["post failure", "post always"]
    found = conclusions(outcome)["job"]
    assert found["Pre Run o/r/asked@v1"] == "skipped"
    assert found["Post Run o/r/good@v1"] == "skipped"


def test_post_runs_only_for_what_began(project: Project) -> None:
    """§6.9: an action whose main was skipped and that has no pre has no post either."""
    wasm(project, "other/late", main=said("no main"), post=said("no post"))
    wasm(project, "other/early", pre=said("pre"), main=said("no main"), post=said("post"))
    outcome = run_steps(
        project,
        "- {if: false, uses: o/r/late@v1}\n- {if: false, uses: o/r/early@v1}\n",
        *FOREIGN,
    )
    assert outcome.lines == ["pre", "post"]


def test_failing_stages_fail_the_job(project: Project) -> None:
    """§6.9: a failing post fails the job, a failing pre too, and then mains are skipped."""
    bad, quiet = compiled(wat.exit_with(4)), compiled(wat.module(""))
    wasm(project, "other/pre", pre=bad, main=said("no"))
    wasm(project, "other/post", main=quiet, post=bad)
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          pre: {runs-on: x, steps: [{id: m, uses: o/r/pre@v1}, {if: failure(), run: echo told}]}
          post: {runs-on: x, steps: [{id: m, uses: o/r/post@v1}, {run: echo fine}]}
        """),
        *FOREIGN,
    )
    assert outcome.jobs == {"pre": "failure", "post": "failure"}
    assert conclusions(outcome)["pre"]["m"] == "skipped"
    assert conclusions(outcome)["post"]["m"] == "success"
    assert {"told", "fine"} <= set(outcome.lines)
    assert "no" not in outcome.lines


def test_inputs_of_wasm_actions(project: Project) -> None:
    """§6.9: INPUT_<NAME> in upper case, blanks as `_`, hyphens kept; defaults are evaluated."""
    text = "inputs: {two words: {}, with-hyphen: {}, os: {default: '${{ runner.os }}'}}\n"
    wasm(project, "act", main=compiled(wat.show("environ")))
    file = project.folder / "act" / "action.yml"
    file.write_text(text + file.read_text())
    outcome = run_steps(
        project, "- {id: a, uses: ./act, with: {two words: x, with-hyphen: y, other: z}}\n"
    )
    variables = "\n".join(outcome.lines).replace("\0", "\n").split("\n")
    assert {"INPUT_TWO_WORDS=x", "INPUT_WITH-HYPHEN=y", "INPUT_OS=Linux"} <= set(variables)
    assert any("Unexpected input(s) 'other'" in line for line in outcome.lines)


def test_stages_within_a_composite_action(project: Project) -> None:
    """§6.9: an action's pre and post are those of its parts; post in reverse, seeing the job."""
    for name in "ab":
        stages = {stage: said(f"{stage} {name}") for stage in ("pre", "main", "post")}
        wasm(project, f"other/{name}", "post-if: failure()\n", **stages)
    project.write(
        {
            "other/both/action.yml": "name: both\nruns:\n  using: composite\n  steps:\n"
            "    - uses: o/r/a@v1\n    - uses: o/r/b@v1\n"
        }
    )
    outcome = run_steps(project, "- uses: o/r/both@v1\n- {id: bad, run: exit 1}\n", *FOREIGN)
    told = [line for line in outcome.lines if not line.startswith("▸")]
    assert told == ["pre a", "pre b", "main a", "main b", "post b", "post a"]
    assert [step.name for step in outcome.steps] == [
        "Pre Run o/r/both@v1",
        "Run o/r/both@v1",
        "Run exit 1",
        "Post Run o/r/both@v1",
    ]


def test_late_stages_run_after_background_steps(project: Project) -> None:
    """§3.7.5, §6.9: the wait for what is left comes after the mains and before every post."""
    wasm(project, "act", main=said("main"), post=said("post"))
    outcome = run_steps(
        project,
        """\
        - {id: b, background: true, uses: ./act}
        - parallel: [{id: p, uses: ./act}]
        - run: echo on
        """,
    )
    names = [step.name for step in outcome.steps]
    assert names.index("Wait for all background steps") < names.index("Post Run ./act")
    assert sorted(outcome.lines) == ["main", "main", "on", "post", "post"]
    assert outcome.code == 0


def test_late_stages_of_a_cancelled_job(project: Project) -> None:
    """§6.3, §6.9: a job out of time still runs its post stages."""
    wasm(project, "act", main=said("main"), post=said("post"))
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          job:
            runs-on: x
            timeout-minutes: 0.01
            steps: [{uses: ./act}, {run: sleep 60}]
        """)
    )
    assert outcome.lines == ["main", "post"]
    assert outcome.jobs == {"job": "cancelled"}
