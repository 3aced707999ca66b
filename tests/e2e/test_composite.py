"""Composite actions: scopes, statuses, environment, outputs (LANGUAGE 6.9)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tests.support.results import conclusions, messages

if TYPE_CHECKING:
    from tests.support.project import Outcome, Project


def composite(steps: str, head: str = "") -> str:
    """Return an `action.yml`; `steps` is the YAML of its list, from column 0."""
    indented = textwrap.indent(textwrap.dedent(steps), "    ")
    return f"name: made\n{textwrap.dedent(head)}runs:\n  using: composite\n  steps:\n{indented}"


def run_steps(project: Project, steps: str, *options: str) -> Outcome:
    return project.run_steps(textwrap.dedent(steps), *options)


def test_inputs_are_strings_with_defaults(project: Project) -> None:
    """§6.9: `inputs` are strings; defaults may use github, runner, matrix, job and hashFiles."""
    head = """\
        inputs:
          given: {default: unused}
          typed: {}
          absent: {default: "${{ github.job }}-${{ runner.os }}-${{ strategy.job-total }}"}
          hash: {default: "${{ hashFiles('none') }}"}
          status: {default: "${{ job.status }}"}
          required: {required: true}
        """
    steps = """\
        - run: |
            echo "${{ inputs.given }}|${{ inputs.TYPED == '1' }}|${{ inputs.absent }}"
            echo "[${{ inputs.hash }}]${{ inputs.status }}[${{ inputs.required }}]"
            echo '${{ toJSON(inputs.typed) }}'"[${INPUT_GIVEN}]"
          shell: sh
        """
    project.write({"act/action.yml": composite(steps, head)})
    outcome = run_steps(project, "- {uses: ./act, with: {Given: x, typed: 1.0}}\n")
    assert outcome.lines[1:] == ["x|true|job-Linux-1", "[]success[]", '"1"[]']
    assert outcome.code == 0


def test_unknown_and_deprecated_inputs_warn(project: Project) -> None:
    """§6.9: unknown `with` keys and deprecated inputs are told of; `required` is not enforced."""
    head = """\
        inputs:
          a: {deprecationMessage: use b, required: true}
          b: {deprecationMessage: gone}
        """
    project.write({"act/action.yml": composite("- {run: echo ran, shell: sh}", head)})
    outcome = run_steps(project, "- {uses: ./act, with: {a: 1, x: 2, y: 3}}\n- uses: ./act\n")
    warnings = [line for line in outcome.lines if "warning" in line]
    assert warnings == [
        "warning: Input 'a' has been deprecated with message: use b",
        "warning: Unexpected input(s) 'x', 'y', valid inputs are ['a', 'b']",
    ]
    assert outcome.lines.count("ran") == 2


def test_steps_have_a_scope_of_their_own(project: Project) -> None:
    """§6.9: the action's `steps` are not the job's, and the other way round."""
    steps = """\
        - id: same
          run: echo "v=inner" >> "$GITHUB_OUTPUT"
          shell: sh
        - run: echo "in ${{ steps.same.outputs.v }} [${{ steps.before.outputs.v }}]"
          shell: sh
        """
    head = "outputs: {v: {value: '${{ steps.same.outputs.v }}'}, none: {description: d}}\n"
    project.write({"act/action.yml": composite(steps, head)})
    outcome = run_steps(
        project,
        """\
        - id: before
          run: echo "v=outer" >> "$GITHUB_OUTPUT"
        - {id: act, uses: ./act}
        - run: |
            echo 'out ${{ toJSON(steps.act.outputs) }}' | tr -d ' \\n'; echo
            echo "[${{ steps.same.outputs.v }}] ${{ steps.before.outputs.v }}"
        """,
    )
    said = [line for line in outcome.lines if not line.startswith("▸")]
    assert said == ["in inner []", 'out{"v":"inner","none":""}', "[] outer"]


def test_the_callers_env_reaches_in_and_does_not_leak(project: Project) -> None:
    """§6.9: job store + caller's step env + own step env; nothing of the last two is left."""
    steps = """\
        - run: echo "$A $B $C ${{ env.A }} ${{ env.B }} ${{ env.C }}"
          shell: sh
          env: {C: own}
        - run: echo "$A $B [$C] [${{ env.C }}]"
          shell: sh
        - uses: ./inner
          env: {B: middle}
        """
    inner = "- {run: 'echo \"inner $A $B\"', shell: sh}"
    project.write({"act/action.yml": composite(steps), "inner/action.yml": composite(inner)})
    outcome = run_steps(
        project,
        """\
        - run: echo "A=job" >> "$GITHUB_ENV"
        - uses: ./act
          env: {B: caller}
        - run: echo "$A [$B] [${{ env.B }}]"
        """,
    )
    said = [line for line in outcome.lines if not line.startswith("▸")]
    assert said == [
        "job caller own job caller own",
        "job caller [] []",
        "inner job middle",
        "job [] []",
    ]


def test_env_and_path_files_survive_in_the_job(project: Project) -> None:
    """§6.9: what an action writes to GITHUB_ENV and GITHUB_PATH is seen by later steps."""
    steps = """\
        - run: |
            echo "MADE=within" >> "$GITHUB_ENV"
            echo "B=file" >> "$GITHUB_ENV"
            mkdir bin && echo "$PWD/bin" >> "$GITHUB_PATH"
            echo "$PWD/late" >> "$GITHUB_PATH"
            echo "[$MADE]"
          shell: sh
        - run: echo "$MADE $B ${PATH%%:*}"
          shell: sh
        """
    project.write({"act/action.yml": composite(steps)})
    outcome = run_steps(
        project,
        """\
        - run: echo "/first" >> "$GITHUB_PATH"
        - uses: ./act
          env: {B: caller}
        - run: |
            echo "$MADE $B ${{ env.MADE }}"
            echo "$PATH" | cut -d: -f1-3
        """,
    )
    said = [line for line in outcome.lines if not line.startswith("▸")]
    assert said == [
        "[]",
        "within caller /workspace/late",
        "within file within",
        "/workspace/late:/workspace/bin:/first",
    ]


def test_a_failing_child_fails_the_action(project: Project) -> None:
    """§6.9: the first failing child fails the action; later children run only by their `if`."""
    steps = """\
        - {id: good, run: exit 0, shell: sh}
        - {id: bad, run: exit 7, shell: sh}
        - {id: skipped, run: echo no, shell: sh}
        - {id: on-failure, if: failure(), run: "echo ${{ github.action_status }}", shell: sh}
        - {id: always, if: always(), run: "echo ${{ job.status }}", shell: sh}
        - {id: on-cancel, if: cancelled(), run: echo no, shell: sh}
        - {id: on-success, if: success(), run: echo no, shell: sh}
        """
    head = "outputs: {v: {value: '${{ steps.bad.outcome }}'}}\n"
    project.write({"act/action.yml": composite(steps, head)})
    outcome = run_steps(
        project,
        """\
        - {id: act, uses: ./act}
        - {id: after, run: echo no}
        - {id: told, if: failure(), run: "echo ${{ steps.act.outputs.v }} ${{ steps.act.outcome }}"}
        """,
    )
    assert outcome.code == 1
    assert conclusions(outcome)["job"] == {
        "1.1 good": "success",
        "1.2 bad": "failure",
        "1.3 skipped": "skipped",
        "1.4 on-failure": "success",
        "1.5 always": "success",
        "1.6 on-cancel": "skipped",
        "1.7 on-success": "skipped",
        "act": "failure",
        "after": "skipped",
        "told": "success",
    }
    said = [line for line in outcome.lines if not line.startswith("▸")]
    assert said == ["failure", "success", "failure failure"]
    act = outcome.steps[0]
    assert (act.exit_code, act.errored) == (7, False)


def test_status_functions_look_at_the_action(project: Project) -> None:
    """§6.9: success() and failure() are about the action so far, not about the failed job."""
    steps = """\
        - {id: yes, run: "echo ${{ github.action_status }} ${{ job.status }}", shell: sh}
        - {id: no, if: failure(), run: echo no, shell: sh}
        - {id: implied, if: "github.job == 'job'", run: echo implied, shell: sh}
        """
    project.write({"act/action.yml": composite(steps)})
    outcome = run_steps(
        project,
        """\
        - {id: bad, run: exit 1}
        - {id: act, if: failure(), uses: ./act}
        """,
    )
    assert conclusions(outcome)["job"] == {
        "bad": "failure",
        "2.1 yes": "success",
        "2.2 no": "skipped",
        "2.3 implied": "success",
        "act": "success",
    }
    said = [line for line in outcome.lines if not line.startswith("▸")]
    assert said == ["success failure", "implied"]
    assert outcome.jobs == {"job": "failure"}


def test_a_tolerated_child_leaves_the_action_green(project: Project) -> None:
    """§6.9: continue-on-error of a child, literal or computed from inputs, keeps the rest going."""
    steps = """\
        - {id: soft, run: exit 1, shell: sh, continue-on-error: true}
        - {id: asked, run: exit 1, shell: sh, continue-on-error: "${{ inputs.soft == 'yes' }}"}
        - {id: told, run: "echo ${{ steps.soft.outcome }} ${{ steps.soft.conclusion }}", shell: sh}
        - {id: text, run: exit 1, shell: sh, continue-on-error: "${{ inputs.soft }}"}
        """
    project.write({"act/action.yml": composite(steps, "inputs: {soft: {default: 'yes'}}\n")})
    outcome = run_steps(
        project, "- {id: act, uses: ./act, continue-on-error: true}\n- {id: on, run: echo on}\n"
    )
    assert outcome.code == 0
    assert conclusions(outcome)["job"] == {
        "1.1 soft": "success",
        "1.2 asked": "success",
        "1.3 told": "success",
        "1.4 text": "failure",  # a text is no boolean (1.3)
        "act": "success",
        "on": "success",
    }
    assert "failure success" in outcome.lines
    assert outcome.steps[0].outcome == "failure"


def test_an_error_in_a_childs_condition_stops_the_action(project: Project) -> None:
    """§6.9: after a child's `if` that cannot be evaluated no other child runs."""
    steps = """\
        - {id: broken, if: fromJSON(inputs.text), run: echo no, shell: sh, continue-on-error: true}
        - {id: never, if: always(), run: echo never, shell: sh}
        """
    project.write({"act/action.yml": composite(steps, "inputs: {text: {default: '{'}}\n")})
    outcome = run_steps(
        project, "- {id: act, uses: ./act}\n- {id: on, if: always(), run: echo on}\n"
    )
    assert conclusions(outcome)["job"] == {
        "1.1 broken": "failure",
        "act": "failure",
        "on": "success",
    }
    assert "fromJson" in messages(outcome)["act"]
    assert "never" not in outcome.lines


def test_an_error_in_a_childs_env_fails_that_child(project: Project) -> None:
    """§6.3, §6.9: an error in `env` or the script fails a child; later ones go through `if`."""
    steps = """\
        - {id: env, env: {A: "${{ fromJSON('{') }}"}, run: echo no, shell: sh}
        - {id: script, if: always(), run: "echo ${{ fromJSON('') }}", shell: sh}
        - {id: last, if: failure(), run: echo last, shell: sh}
        """
    project.write({"act/action.yml": composite(steps)})
    outcome = run_steps(project, "- {id: act, uses: ./act}\n")
    assert conclusions(outcome)["job"] == {
        "1.1 env": "failure",
        "1.2 script": "failure",
        "1.3 last": "success",
        "act": "failure",
    }
    assert outcome.steps[0].errored


def test_outputs_are_evaluated_even_after_failure(project: Project) -> None:
    """§6.9: outputs see inputs, env, job, runner; one that cannot be evaluated fails the step."""
    head = """\
        inputs: {i: {default: in}}
        outputs:
          all: {value: "${{ inputs.i }} ${{ env.E }} ${{ runner.os }} ${{ job.status }}"}
          half: {value: "${{ steps.bad.outputs.half }}"}
        """
    steps = """\
        - id: bad
          run: |
            echo "half=done" >> "$GITHUB_OUTPUT"
            exit 1
          shell: sh
        """
    broken = composite(
        "- {run: exit 0, shell: sh}", "outputs: {v: {value: \"${{ fromJSON('') }}\"}}\n"
    )
    project.write({"act/action.yml": composite(steps, head), "broken/action.yml": broken})
    outcome = run_steps(
        project,
        """\
        - {id: act, uses: ./act, env: {E: seen}}
        - {if: always(), run: "echo '${{ steps.act.outputs.all }} ${{ steps.act.outputs.half }}'"}
        - {id: broken, if: always(), uses: ./broken}
        """,
    )
    assert "in seen Linux success done" in outcome.lines
    assert outcome.steps[0].outputs == {"all": "in seen Linux success", "half": "done"}
    assert conclusions(outcome)["job"]["broken"] == "failure"
    assert "fromJson" in messages(outcome)["broken"]


def test_where_an_action_lies(project: Project) -> None:
    """§6.9: action_path is the action's folder, GITHUB_ACTION_PATH too; `./` is the workspace."""
    steps = """\
        - run: |
            echo "${{ github.action_path }} $GITHUB_ACTION_PATH [${{ github.action_repository }}]"
            cat "$GITHUB_ACTION_PATH/data.txt"
            pwd
          shell: sh
        - uses: ./tools/inner
        - run: echo "back ${{ github.action_path }}"
          shell: sh
        """
    inner = '- {run: "echo inner ${{ github.action_path }} ${{ github.action }}", shell: sh}'
    project.write(
        {
            "tools/act/action.yaml": composite(steps),
            "tools/act/data.txt": "data\n",
            "tools/inner/action.yml": composite(inner),
        }
    )
    outcome = run_steps(
        project,
        '- uses: ./tools/act\n- run: echo "[${{ github.action_path }}]"\n',
    )
    said = [line for line in outcome.lines if not line.startswith("▸")]
    assert said == [
        "/workspace/tools/act /workspace/tools/act []",
        "data",
        "/workspace",
        "inner /workspace/tools/inner __run",
        "back /workspace/tools/act",
        "[]",
    ]


def test_defaults_of_the_workflow_do_not_reach_in(project: Project) -> None:
    """§6.2.6, §6.9: `defaults.run` is not for the steps of actions; their own directory is."""
    steps = """\
        - {run: "pwd; echo $0", shell: sh}
        - {run: pwd, shell: "${{ inputs.shell }}", working-directory: "${{ inputs.dir }}"}
        """
    head = "inputs: {shell: {default: bash}, dir: {default: sub}}\n"
    project.write({"act/action.yml": composite(steps, head), "sub/x": "", "other/x": ""})
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        defaults: {run: {working-directory: sub, shell: bash}}
        jobs:
          job:
            runs-on: x
            defaults: {run: {working-directory: other}}
            steps: [{run: pwd}, {uses: ./act}]
        """)
    )
    said = [line for line in outcome.lines if line.startswith("/workspace")]
    assert said == ["/workspace/other", "/workspace", "/workspace/sub"]


def test_ten_levels_of_actions(project: Project) -> None:
    """§6.9: actions nest ten deep; outputs, inputs and env go all the way."""
    for level in range(1, 10):
        steps = f"- {{id: i, uses: ./a{level + 1}, with: {{n: '${{{{ inputs.n }}}}{level}'}}}}"
        head = "inputs: {n: {}}\noutputs: {v: {value: '${{ steps.i.outputs.v }}'}}\n"
        project.write({f"a{level}/action.yml": composite(steps, head)})
    last = """\
        - id: i
          run: echo "v=${{ inputs.n }}10 $DEEP" >> "$GITHUB_OUTPUT"
          shell: sh
        """
    head = "inputs: {n: {}}\noutputs: {v: {value: '${{ steps.i.outputs.v }}'}}\n"
    project.write({"a10/action.yml": composite(last, head)})
    outcome = run_steps(
        project,
        "- {id: i, uses: ./a1, with: {n: n}, env: {DEEP: env}}\n"
        '- run: echo "${{ steps.i.outputs.v }}"\n',
    )
    assert outcome.code == 0
    assert "n12345678910 env" in outcome.lines


def test_eleven_levels_and_circles_are_refused(project: Project) -> None:
    """§6.9: eleven levels, and actions that use themselves, are refused before anything runs."""
    for level in range(1, 11):
        project.write({f"a{level}/action.yml": composite(f"- uses: ./a{level + 1}")})
    project.write(
        {
            "a11/action.yml": composite("- {run: echo no, shell: sh}"),
            "self/action.yml": composite("- uses: ./self"),
            "one/action.yml": composite("- uses: ./two"),
            "two/action.yml": composite("- uses: ./one"),
            "ci.yml": "on: push\njobs:\n  job:\n    runs-on: x\n    steps:\n"
            "      - uses: ./a1\n      - uses: ./self\n      - uses: ./one\n",
        }
    )
    done = project.call("run", "ci.yml")
    assert done.code == 2
    assert "a10/action.yml:5:13: composite actions are nested deeper than 10" in done.stderr
    assert "self/action.yml:5:13: the composite action uses itself" in done.stderr
    assert "two/action.yml:5:13: the composite action uses itself" in done.stderr
    assert done.stderr.count("nested deeper") == 1
    assert not (project.folder / ".runner").exists()


def test_a_timeout_covers_the_whole_action(project: Project) -> None:
    """§6.9: the step's timeout applies to all of its action; the job goes on by `if`."""
    steps = """\
        - {id: quick, run: echo quick, shell: sh}
        - {id: slow, run: sleep 60, shell: sh, continue-on-error: true}
        - {id: never, if: always(), run: echo never, shell: sh}
        """
    project.write({"act/action.yml": composite(steps)})
    outcome = run_steps(
        project,
        "- {id: act, uses: ./act}\n- {id: after, if: failure(), run: echo after}\n",
        "--step-timeout",
        "500ms",
    )
    found = conclusions(outcome)["job"]
    assert (found["act"], found["after"]) == ("failure", "success")
    assert outcome.steps[0].verdict == "timed_out"
    assert "never" not in outcome.lines
    assert outcome.jobs == {"job": "failure"}


def test_a_job_out_of_time_cancels_its_action(project: Project) -> None:
    """§6.3, §6.9: cancelled() in an action is about the job; always() children still run."""
    steps = """\
        - {id: slow, run: sleep 60, shell: sh}
        - {id: no, run: echo no, shell: sh}
        - {id: clean, if: always(), run: "echo ${{ github.action_status }}", shell: sh}
        - {id: told, if: cancelled(), run: "echo ${{ job.status }}", shell: sh}
        - {id: failed, if: failure(), run: echo no, shell: sh}
        """
    project.write({"act/action.yml": composite(steps)})
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          job:
            runs-on: x
            timeout-minutes: 0.01
            steps: [{id: act, uses: ./act}, {id: last, if: cancelled(), run: echo last}]
        """)
    )
    assert conclusions(outcome)["job"] == {
        "1.1 slow": "cancelled",
        "1.2 no": "skipped",
        "1.3 clean": "success",
        "1.4 told": "success",
        "1.5 failed": "skipped",
        "act": "cancelled",
        "last": "success",
    }
    assert outcome.jobs == {"job": "cancelled"}


def test_what_an_action_may_not_say(project: Project) -> None:
    """§6.9: no timeout-minutes, no background kinds, no secrets, needs, vars; a shell for `run`."""
    for number, step in enumerate(
        (
            "{run: echo, shell: sh, timeout-minutes: 1}",
            "{run: echo, shell: sh, background: true}",
            "{wait-all: true}",
            "{parallel: []}",
            "{run: 'echo ${{ secrets.A }}', shell: sh}",
            "{run: 'echo ${{ needs.a }} ${{ vars.b }}', shell: sh}",
            "{run: echo}",
        )
    ):
        project.write({f"a{number}/action.yml": composite(f"- {step}")})
    uses = "".join(f"      - uses: ./a{number}\n" for number in range(7))
    project.write({"ci.yml": f"on: push\njobs:\n  job:\n    runs-on: x\n    steps:\n{uses}"})
    done = project.call("run", "ci.yml")
    assert done.code == 2
    for text in (
        "a0/action.yml:5:30: Unexpected value 'timeout-minutes'",
        "a1/action.yml:5:30: Unexpected value 'background'",
        "a2/action.yml:5:7: ",
        "a3/action.yml:5:7: ",
        "a4/action.yml:5:13: Unrecognized named-value: 'secrets'",
        "a5/action.yml:5:13: Unrecognized named-value: 'needs'",
        "a6/action.yml:5:7: Required property is missing: shell",
    ):
        assert text in done.stderr, (text, done.stderr)


def test_an_action_in_many_jobs_and_legs_is_each_time_new(project: Project) -> None:
    """§6.9: every use has its own inputs, steps and status; matrix and strategy are seen."""
    steps = """\
        - {id: s, run: 'echo "v=${{ matrix.n }}${{ inputs.x }}" >> "$GITHUB_OUTPUT"', shell: sh}
        - {run: "echo ${{ strategy.job-index }}:${{ steps.s.outputs.v }}", shell: sh}
        """
    project.write({"act/action.yml": composite(steps, "inputs: {x: {}}\n")})
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          job:
            runs-on: x
            strategy: {matrix: {n: [a, b]}}
            steps: [{uses: ./act, with: {x: 1}}, {uses: ./act, with: {x: 2}}]
        """)
    )
    said = sorted(line for line in outcome.lines if line[1:2] == ":")
    assert said == ["0:a1", "0:a2", "1:b1", "1:b2"]


def test_an_empty_action_succeeds(project: Project) -> None:
    """§6.9: an action without steps, or all of them skipped, is a success."""
    project.write(
        {
            "none/action.yml": "runs: {using: Composite, steps: []}\n",
            "skipped/action.yml": composite("- {if: false, run: exit 1, shell: sh}"),
        }
    )
    outcome = run_steps(project, "- {id: a, uses: ./none}\n- {id: b, uses: ./skipped}\n")
    found = conclusions(outcome)["job"]
    assert (found["a"], found["b"]) == ("success", "success")
