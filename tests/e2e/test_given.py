"""What a user gives a run: secrets, variables, environment, inputs (LANGUAGE 3.2, 5, 6.4, 6.7)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from runner.app.request import Given
from runner.cli.main import cli
from runner.cli.run import run as run_command
from tests.support.project import ROOT, TIMEOUT, Completed, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.project import Project

HEAD = "on: push\njobs:\n  job:\n    runs-on: x\n    steps:\n"
ECHO = HEAD + "      - run: echo '${{ secrets.TOKEN }}' | wc -c; echo ${{ secrets.TOKEN }}\n"
INPUTS = """\
on:
  push:
  workflow_dispatch:
    inputs:
      flag: {type: boolean, required: true}
      count: {type: number, default: 3}
      kind: {type: choice, options: [small, large], default: small}
      place: {type: environment}
      text: {default: some}
jobs:
  job:
    runs-on: x
    steps:
      - run: echo '${{ toJSON(inputs) }}' | jq -c .
      - run: jq -c .inputs "$GITHUB_EVENT_PATH"
"""


def run(
    project: Project,
    pipeline: str,
    *options: str,
    environment: Mapping[str, str] | None = None,
    stdin: str = "",
) -> Outcome:
    project.write({"ci.yml": pipeline})
    completed = project.call("run", "ci.yml", *options, environment=environment, stdin=stdin)
    assert completed.code == 0, completed
    return Outcome(completed, project.folder)


def refuse(project: Project, pipeline: str, *options: str, stdin: str = "") -> Completed:
    """Return what is said of a run that may not start: exit code 2, and no run is begun."""
    project.write({"ci.yml": pipeline})
    runs = project.folder / ".runner" / "runs"
    before = list(runs.glob("*"))
    completed = project.call("run", "ci.yml", *options, stdin=stdin)
    assert completed.code == 2, completed
    assert list(runs.glob("*")) == before
    return completed


def test_5_secrets_come_from_the_environment_from_stdin_or_as_written(project: Project) -> None:
    """5, 6.7: `--secret NAME` is the environment's, else what stdin holds; always masked."""
    written = run(project, ECHO, "--secret", "token=abcdef")
    inherited = run(project, ECHO, "--secret", "TOKEN", environment={"TOKEN": "abcdef"})
    piped = run(project, ECHO, "--secret", "TOKEN", stdin="abcdef\n")
    for outcome in (written, inherited, piped):
        assert outcome.lines == ["7", "***"]
        for file in outcome.folder.rglob("*"):
            assert not file.is_file() or b"abcdef" not in file.read_bytes()
        assert "abcdef" not in outcome.stdout + outcome.stderr


def test_5_nothing_of_the_environment_is_a_secret_by_itself(project: Project) -> None:
    """5: a token that happens to be exported is no secret of the run, unless it is named."""
    pipeline = HEAD + "      - run: echo '[${{ secrets.GITHUB_TOKEN }}${{ github.token }}]'\n"
    exported = {"GITHUB_TOKEN": "ghp_example"}
    assert run(project, pipeline, environment=exported).lines == ["[]"]
    named = run(project, pipeline, "--secret", "GITHUB_TOKEN", environment=exported)
    assert named.lines == ["[***]"]


def test_5_files_hold_what_options_do(project: Project) -> None:
    """5: files in three formats; what stands on the command line wins, as does a later file."""
    project.write(
        {
            "a.env": "# mine\nexport ONE=1 # one\nTWO='two words'\nTHREE=\"a\nb\"\nFOUR=$ONE\n",
            "b.yml": "FOUR: 4\nFIVE: true\n",
            "c.json": '{"SIX": "6", "SEVEN": 7}',
        }
    )
    outcome = run(
        project,
        HEAD + "      - run: echo '${{ toJSON(vars) }}' | jq -c .\n",
        *("--var-file", "a.env", "--var-file", "b.yml", "--var-file", "c.json"),
        *("--var", "SIX=six", "--var", "lower=x=y"),
    )
    names = {"ONE": "1", "TWO": "two words", "THREE": "a\nb", "FOUR": "4", "FIVE": "true"}
    assert json.loads(outcome.lines[0]) == {**names, "SIX": "six", "SEVEN": "7", "LOWER": "x=y"}


def test_5_secrets_of_files_and_of_stdin_are_masked(project: Project) -> None:
    """5, 6.7: every line of a value is masked, wherever the value came from."""
    key = "-----BEGIN-----\nfirstline\nsecondline\n-----END-----"
    pipeline = HEAD + "      - run: printf '%s\\n' \"$KEY\" | grep line; echo $KEY2\n"
    pipeline += "        env: {KEY: '${{ secrets.KEY }}', KEY2: '${{ secrets.KEY2 }}'}\n"
    project.write({"secrets.env": f'KEY="{key}"\n'})
    outcome = run(
        project, pipeline, *("--secret-file", "secrets.env", "--secret-file", "-"), stdin="KEY2=zzz"
    )
    assert outcome.lines == ["***", "***", "***"]


def test_6_4_the_environment_stands_below_the_workflow(project: Project) -> None:
    """6.4: `--env` is the process base: every level wins over it, and `env` does not have it."""
    project.write({"more.env": "C=file\nD=file\n"})
    outcome = run(
        project,
        "on: push\nenv: {A: workflow}\njobs:\n  job:\n    runs-on: x\n    steps:\n"
        '      - run: echo "$A $B $C $D [${{ env.B }}] $CI"; echo D=written >> $GITHUB_ENV\n'
        '      - run: echo "$B $D"\n'
        "        env: {B: step}\n",
        *("--env", "A=given", "--env", "B=given", "--env", "C", "--env-file", "more.env"),
        *("--env", "CI=no"),
        environment={"C": "inherited"},
    )
    assert outcome.lines == ["workflow given inherited file [] no", "step written"]


def test_3_2_inputs_have_their_types(project: Project) -> None:
    """3.2: given or by default, `inputs` are typed and `github.event.inputs` are text."""
    outcome = run(project, INPUTS, "--input", "FLAG=true", "--input", "count=0x10")
    typed = {"flag": True, "count": 16, "kind": "small", "place": "", "text": "some"}
    texts = {"flag": "true", "count": "0x10", "kind": "small", "place": "", "text": "some"}
    assert list(map(json.loads, outcome.lines)) == [typed, texts]


def test_3_2_a_push_has_no_inputs(project: Project) -> None:
    """3.2: without `--input` the workflow runs for the push, and a required input is not missed."""
    assert run(project, INPUTS).lines == ["{}", "null"]


def test_3_2_wrong_inputs_are_all_told(project: Project) -> None:
    """3.2: unknown names, wrong types, wrong choices and missing ones, each with what is right."""
    done = refuse(
        project, INPUTS, *("--input", "cuont=1", "--input", "count=x", "--input", "kind=big")
    )
    assert "no input `cuont`" in done.stderr
    assert "did you mean `count`?" in done.stderr
    assert "ci.yml:5:7: the input `flag` is required" in done.stderr
    assert "ci.yml:6:7: the input `count` is a number, not `x`" in done.stderr
    assert "one of: small, large" in done.stderr


def test_3_2_a_workflow_that_is_only_called_takes_inputs_too(project: Project) -> None:
    """3.2, 5: its defaults may be expressions, and it never sees the event `workflow_call`."""
    pipeline = """\
on:
  workflow_call:
    inputs:
      name: {type: string, default: "${{ github.repository_owner }}-${{ vars.V }}"}
      flag: {type: boolean}
      count: {type: number, required: true}
    secrets:
      KEY: {required: true}
jobs:
  job:
    runs-on: x
    steps:
      - run: echo "${{ github.event_name }} ${{ inputs.name }} ${{ inputs.flag == false }}"
      - run: echo "${{ inputs.count == 2 }} ${{ secrets.KEY != '' }}"
"""
    outcome = run(project, pipeline, *("--input", "count=2", "--var", "V=v", "--secret", "KEY=k1"))
    assert outcome.lines == ["workflow_dispatch local-v true", "true true"]
    done = refuse(project, pipeline)
    assert "the input `count` is required" in done.stderr
    assert "the secret `KEY` is required" in done.stderr


def test_inputs_need_someone_to_take_them(project: Project) -> None:
    """A workflow without inputs says so, and for another event there are none."""
    assert (
        "declare them in `on.workflow_dispatch.inputs`"
        in refuse(project, HEAD + "      - run: 'true'\n", "--input", "a=b").stderr
    )
    done = refuse(project, INPUTS, "--event", "push", "--input", "flag=true")
    assert "the run is for another event" in done.stderr


def test_all_that_is_wrong_is_told_and_no_secret_is(project: Project) -> None:
    """Every problem at once, with its place; no part of a secret's value in any of them."""
    project.write(
        {
            "s.env": 'GOOD=hunter1\nhunter2hunter2\nBAD-hunter3=x\nQ="hunter4\n',
            "s.yml": "A: hunter5\n hunter6: [\n",
            "s.json": '{"A": "hunter7",}',
            "v.env": "A B\nX=1\n1=2\n",
        }
    )
    done = refuse(
        project,
        ECHO,
        *("--secret-file", "s.env", "--secret-file", "s.yml", "--secret-file", "s.json"),
        *("--secret-file", "missing.env", "--secret", "hunter8 x", "--secret", "github_x=hunter9"),
        *("--var-file", "v.env", "--var", "GITHUB_A=1", "--var", "UNSET", "--env", "=x"),
        *("--secret", "ONE", "--secret", "TWO"),
        stdin="hunter10",
    )
    for place in ("s.env:2:1", "s.env:3", "s.env:4:1", "s.yml:2:", "s.json:1:17", "v.env:1:1"):
        assert place in done.stderr
    for text in (
        "cannot read `missing.env`: No such file",
        "the first --secret: the name of a secret holds",
        "the second --secret: the name of a secret cannot begin with `GITHUB_`",
        "`GITHUB_A`: the name of a variable cannot begin",
        "the environment has no `UNSET`",
        "the environment variable has no name",
        "standard input can be read for one thing only",
    ):
        assert text in done.stderr
    assert "hunter" not in done.stdout + done.stderr


def test_a_secret_that_is_nowhere(project: Project) -> None:
    """An empty standard input is no secret: the run says what it looked for and does not start."""
    done = refuse(project, ECHO, "--secret", "TOKEN")
    assert "`TOKEN` is neither in the environment nor on standard input" in done.stderr


def test_5_a_secret_is_asked_for_at_a_terminal(project: Project) -> None:
    """5: somebody who sits there is asked, and what is typed is not shown."""
    project.write({"ci.yml": ECHO})
    terminal, end = os.openpty()
    with project.start("run", "ci.yml", "--secret", "TOKEN", stdin=end) as process:
        os.close(end)
        assert process.stderr
        shown = ""
        while process.poll() is None and not shown.endswith("secret TOKEN: "):
            shown += process.stderr.read(1)
        os.write(terminal, b"abcdef\n")
        stdout, stderr = process.communicate(timeout=TIMEOUT)
        assert process.returncode == 0, shown + stderr
    os.set_blocking(terminal, False)
    with suppress(OSError):  # nothing was echoed, or the other end is closed
        assert b"abcdef" not in os.read(terminal, 1024)
    os.close(terminal)
    assert project.outcome().lines == ["7", "***"]
    assert "abcdef" not in stdout + stderr


@pytest.mark.parametrize("option", ["--secret-file", "--event-file"])
def test_standard_input_may_be_closed(project: Project, option: str) -> None:
    """Whoever starts us without standard input gives nothing by it, and is told so."""
    project.write({"ci.yml": ECHO})
    program = f"{sys.executable} -m runner run ci.yml {option} - --secret TOKEN <&-"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": ROOT}
    command = ["sh", "-c", program]
    done = subprocess.run(
        command, cwd=project.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done
    assert "TOKEN" in done.stderr or "not JSON" in done.stderr


@pytest.mark.parametrize("how", ["environment", "secret", "variable"])
def test_5_debug_mode(project: Project, how: str) -> None:
    """5: `runner.debug` is there only in debug mode, which has three switches."""
    pipeline = HEAD + '      - run: echo "[${{ runner.debug }}$RUNNER_DEBUG]"\n'
    assert run(project, pipeline).lines == ["[]"]
    options: dict[str, tuple[str, ...]] = {
        "environment": (),
        "secret": ("--secret", "ACTIONS_STEP_DEBUG=true"),
        "variable": ("--var", "ACTIONS_STEP_DEBUG=true"),
    }
    environment = {"RUNNER_DEBUG": "1"} if how == "environment" else {}
    assert run(project, pipeline, *options[how], environment=environment).lines == ["[11]"]


def test_every_option_is_documented() -> None:
    """docs/CLI.md tells of each option by which something is given, and of none that is not."""
    with open(os.path.join(ROOT, "docs", "CLI.md"), encoding="utf-8") as file:
        documented = set(re.findall(r"--[a-z][a-z-]*", file.read()))
    given = {*Given._fields, "local_repositories", "policy"}
    options = {one for parameter in run_command.params for one in parameter.opts}
    wanted = {
        one for parameter in run_command.params if parameter.name in given for one in parameter.opts
    }
    assert len(wanted) == len(given)
    others = {one for command in cli.commands.values() for p in command.params for one in p.opts}
    assert wanted <= documented <= options | others | {"--help"}
