"""Steps beside the others: background, wait, wait-all, cancel, parallel (LANGUAGE 3.7).

The steps of a job share its workspace: that they run at once is proved by files that they wait for.
"""

from __future__ import annotations

import signal
import textwrap
from typing import TYPE_CHECKING

from tests.e2e.test_interrupts import wait_for
from tests.support.results import conclusions, messages

if TYPE_CHECKING:
    from tests.support.project import Outcome, Project

AWAIT = 'await() { while test ! -e "$1"; do sleep 0.02; done; }; await'


def run_steps(project: Project, steps: str, *options: str) -> Outcome:
    return project.run_steps(textwrap.dedent(steps), *options)


def test_a_background_step_runs_beside_the_next(project: Project) -> None:
    """§3.7.1: it is queued and the job goes on; each waits here for what the other writes."""
    outcome = run_steps(
        project,
        f"""\
        - {{id: b, background: true, run: '{AWAIT} main; touch back; echo back'}}
        - {{id: m, run: 'touch main; {AWAIT} back; echo main'}}
        - {{id: w, wait: b}}
        """,
    )
    assert conclusions(outcome)["job"] == {"b": "success", "m": "success", "w": "success"}
    assert set(outcome.lines) == {"back", "main"}


def test_conditions_are_evaluated_where_the_step_stands(project: Project) -> None:
    """§3.7.1: `if` and `env` are evaluated when the loop gets there; false means skipped."""
    outcome = run_steps(
        project,
        """\
        - {id: no, background: true, if: failure(), run: echo no}
        - {id: yes, background: true, run: 'echo "$A"', env: {A: "${{ job.status }}"}}
        - {id: broken, background: true, if: fromJSON(''), run: echo no}
        - {id: bad, run: exit 1}
        - {id: implied, background: true, run: echo no}
        - {id: w, wait: [no, yes, implied]}
        - {if: always(), run: "echo ${{ join(steps.*.conclusion) }} ${{ steps.no.outcome }}"}
        """,
    )
    assert outcome.lines == ["success", "failure,skipped,success,skipped,success skipped"]
    assert conclusions(outcome)["job"]["broken"] == "failure"
    assert conclusions(outcome)["job"]["Wait for all background steps"] == "failure"


def test_what_it_leaves_is_withheld(project: Project) -> None:
    """§3.7.2: outputs, env, path, outcome are seen only after a wait has covered the step."""
    outcome = run_steps(
        project,
        f"""\
        - id: b
          background: true
          run: |
            echo "o=out" >> "$GITHUB_OUTPUT"
            echo "E=env" >> "$GITHUB_ENV"
            echo "/bpath" >> "$GITHUB_PATH"
            touch written
        - run: |
            {AWAIT} written; sleep 0.1
            echo "[${{{{ steps.b.outputs.o }}}}][${{{{ toJSON(steps.b) }}}}][$E][${{PATH%%:*}}]"
        - run: echo "[${{{{ steps.b.outcome }}}}][$E]"
        - wait: b
        - run: echo "${{{{ steps.b.outputs.o }}}} ${{{{ steps.b.outcome }}}} $E ${{PATH%%:*}}"
        """,
    )
    assert outcome.lines == [
        "[][null][][/usr/local/bin]",
        "[][]",
        "out success env /bpath",
    ]


def test_each_has_command_files_of_its_own(project: Project) -> None:
    """§3.7.2: many at once do not mix their outputs; what was set before is seen by all."""
    steps = "- run: echo BEFORE=1 >> $GITHUB_ENV\n"
    for number in range(6):
        steps += (
            f"- {{id: b{number}, background: true, run: 'for i in 1 2 3; do "
            f'echo "v=${{BEFORE}}{number}" >> "$GITHUB_OUTPUT"; done\'}}\n'
        )
    steps += "- wait-all:\n- run: echo ${{ join(steps.*.outputs.v) }}\n"
    outcome = run_steps(project, steps)
    assert outcome.lines == ["10,11,12,13,14,15"]


def test_waits_publish_in_the_listed_order(project: Project) -> None:
    """§3.7.3: whoever is listed last wins, whenever it ended; the worst result counts."""
    outcome = run_steps(
        project,
        f"""\
        - {{id: a, background: true, run: 'echo V=a >> $GITHUB_ENV; touch done'}}
        - {{id: b, background: true, run: '{AWAIT} done; echo V=b >> $GITHUB_ENV'}}
        - {{id: w, wait: [b, a]}}
        - run: echo $V
        """,
    )
    assert outcome.lines == ["a"]


def test_a_failed_target_fails_the_wait(project: Project) -> None:
    """§3.7.3: the job turns failing at the wait, not before."""
    outcome = run_steps(
        project,
        f"""\
        - {{id: bad, background: true, run: touch done; exit 3}}
        - {{id: still, run: '{AWAIT} done; sleep 0.1; echo still'}}
        - {{id: good, background: true, run: exit 0}}
        - {{id: w, wait: [bad, good]}}
        - {{id: after, run: echo no}}
        - if: failure()
          id: told
          run: echo ${{{{ steps.w.outcome }}}} ${{{{ steps.bad.outcome }}}}
        """,
    )
    assert conclusions(outcome)["job"] == {
        "bad": "failure",
        "still": "success",
        "good": "success",
        "w": "failure",
        "after": "skipped",
        "told": "success",
    }
    assert outcome.lines == ["still", "failure failure"]
    assert "`bad` failed" in messages(outcome)["w"]
    assert outcome.jobs == {"job": "failure"}


def test_continue_on_error_of_background_steps_and_waits(project: Project) -> None:
    """§3.7.3, §3.7.5: on the step it makes a success; on the wait it protects to the end only."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          step:
            runs-on: x
            steps:
              - {id: b, background: true, continue-on-error: true, run: exit 1}
              - {id: w, wait: b}
              - run: echo ${{ steps.b.outcome }} ${{ steps.b.conclusion }} ${{ job.status }}
          wait:
            needs: step
            runs-on: x
            steps:
              - {id: b, background: true, run: exit 1}
              - {id: w, wait: b, continue-on-error: true}
              - id: on
                run: echo ${{ steps.w.outcome }} ${{ steps.w.conclusion }} ${{ job.status }}
        """)
    )
    assert outcome.lines == ["failure success success", "failure success success"]
    assert outcome.jobs == {"step": "success", "wait": "failure"}
    assert conclusions(outcome)["wait"] == {"b": "failure", "w": "success", "on": "success"}


def test_wait_all_covers_what_no_wait_has(project: Project) -> None:
    """§3.7.3: wait-all waits for all that is unwaited; with nothing left it is a success."""
    outcome = run_steps(
        project,
        """\
        - {id: a, background: true, run: exit 0}
        - {id: b, background: true, run: exit 0}
        - {id: one, wait: a}
        - {id: all, wait-all: true}
        - {id: none, wait-all: null, name: "again ${{ github.job }}"}
        - run: echo ${{ steps.a.outcome }} ${{ steps.b.outcome }}
        """,
    )
    assert outcome.code == 0
    assert outcome.lines == ["success success"]
    names = [step.name for step in outcome.steps]
    assert {"Wait", "Wait for all", "again job"} <= set(names)


def test_cancel_ends_a_step(project: Project) -> None:
    """§3.7.4: the cancel step succeeds and the "cancelled" it caused does not affect the job."""
    outcome = run_steps(
        project,
        f"""\
        - {{id: server, background: true, if: always(), run: touch up; sleep 60}}
        - run: {AWAIT} up
        - {{id: c, cancel: server}}
        - {{id: on, run: "echo ${{{{ steps.server.outcome }}}} ${{{{ steps.c.outcome }}}}"}}
        """,
    )
    assert outcome.code == 0
    assert outcome.lines == ["cancelled success"]
    assert conclusions(outcome)["job"]["server"] == "cancelled"


def test_cancel_does_not_hide_a_failure(project: Project) -> None:
    """§3.7.4: a step that failed before it was cancelled counts; the cancel step succeeds."""
    outcome = run_steps(
        project,
        f"""\
        - {{id: bad, background: true, run: touch up; exit 1}}
        - run: {AWAIT} up; sleep 0.2
        - {{id: c, cancel: bad}}
        - {{id: on, run: "echo ${{{{ steps.bad.outcome }}}} ${{{{ job.status }}}}"}}
        """,
    )
    assert outcome.lines == ["failure success"]
    assert conclusions(outcome)["job"]["c"] == "success"
    assert outcome.jobs == {"job": "failure"}


def test_cancel_ends_an_action_and_leaves_the_job_its_time(project: Project) -> None:
    """§3.7.4, §6.9: a composite action in the background is ended whole."""
    project.write(
        {
            "act/action.yml": "name: a\nruns:\n  using: composite\n  steps:\n"
            "    - {run: touch up; sleep 60, shell: sh}\n    - {run: echo no, shell: sh}\n"
        }
    )
    outcome = run_steps(
        project,
        f"""\
        - {{id: act, background: true, uses: ./act}}
        - run: {AWAIT} up
        - {{id: c, cancel: act}}
        - {{id: on, run: echo on}}
        """,
    )
    assert outcome.code == 0
    found = conclusions(outcome)["job"]
    assert (found["act"], found["c"], found["on"]) == ("cancelled", "success", "success")
    assert "no" not in outcome.lines


def test_parallel_steps_run_at_once(project: Project) -> None:
    """§3.7.5: `parallel` is its steps in the background and a wait for them."""
    outcome = run_steps(
        project,
        f"""\
        - parallel:
          - {{id: a, run: 'touch a; {AWAIT} b; echo "v=1" >> "$GITHUB_OUTPUT"'}}
          - {{id: b, run: 'touch b; {AWAIT} a; echo "v=2" >> "$GITHUB_OUTPUT"'}}
          - {{id: c, if: false, run: echo no}}
        - run: |
            echo ${{{{ steps.a.outputs.v }}}}${{{{ steps.b.outputs.v }}}} ${{{{ steps.c.outcome }}}}
        - parallel: [{{id: soft, run: exit 1, continue-on-error: true}}]
        - parallel: [{{id: bad, run: exit 1}}, {{id: good, run: exit 0}}]
        - {{id: after, run: echo no}}
        """,
    )
    assert outcome.lines == ["12 skipped"]
    found = conclusions(outcome)["job"]
    assert (found["Parallel group"], found["good"], found["after"]) == (
        *("failure", "success"),
        "skipped",
    )
    assert [step.conclusion for step in outcome.steps if step.name == "Parallel group"] == [
        *("success", "success", "failure"),
    ]
    assert outcome.jobs == {"job": "failure"}


def test_the_end_waits_for_the_rest(project: Project) -> None:
    """§3.7.5: what nobody waited for is awaited after the last step, as a step of that name."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          good:
            runs-on: x
            outputs: {v: "${{ steps.b.outputs.v }}"}
            steps: [{id: b, background: true, run: 'sleep 0.1; echo "v=late" >> $GITHUB_OUTPUT'}]
          bad:
            runs-on: x
            steps: [{id: b, background: true, run: exit 1}, {id: on, run: echo on}]
          told:
            needs: [good, bad]
            if: always()
            runs-on: x
            steps: [{run: "echo ${{ needs.good.outputs.v }} ${{ needs.bad.result }}"}]
        """)
    )
    final = "Wait for all background steps"
    assert conclusions(outcome)["good"] == {"b": "success", final: "success"}
    assert conclusions(outcome)["bad"] == {"b": "failure", "on": "success", final: "failure"}
    assert "late failure" in outcome.lines


def test_ten_at_once_and_no_more(project: Project) -> None:
    """§3.7.1: at most ten run at the same time; the others wait for a slot."""
    script = 'touch "r$N"; while test ! -e go; do sleep 0.02; done'
    steps = "".join(
        f"- {{id: b{n}, background: true, env: {{N: {n}}}, run: '{script}'}}\n" for n in range(12)
    )
    steps += (
        "- run: |\n"
        '    while test "$(ls r* 2>/dev/null | wc -l)" -lt 10; do sleep 0.02; done\n'
        "    sleep 0.3; ls r* | wc -l; touch go\n"
        "- wait-all: true\n- run: ls r* | wc -l\n"
    )
    outcome = run_steps(project, steps)
    assert [line.strip() for line in outcome.lines] == ["10", "12"]


def test_a_job_out_of_time_ends_its_background_steps(project: Project) -> None:
    """§3.7.6, §6.3: waits are interrupted and background steps cancelled, `always()` or not."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          job:
            runs-on: x
            timeout-minutes: 0.01
            steps:
              - {id: b, background: true, if: always(), run: sleep 60}
              - {id: w, wait: b}
              - {id: no, run: echo no}
              - {id: clean, if: cancelled(), run: "echo ${{ steps.b.outcome }}"}
        """)
    )
    assert conclusions(outcome)["job"] == {
        "b": "cancelled",
        "w": "cancelled",
        "no": "skipped",
        "clean": "success",
    }
    assert outcome.lines == ["cancelled"]
    assert outcome.jobs == {"job": "cancelled"}


def test_an_interrupt_ends_background_steps(project: Project) -> None:
    """§3.7.6: Ctrl-C ends a wait and what it waits for; always() steps of the job still run."""
    project.write(
        {
            "ci.yml": "on: push\njobs:\n  job:\n    runs-on: x\n    steps:\n"
            "      - {id: b, background: true, if: always(), run: echo begun; sleep 60}\n"
            "      - {id: w, wait: b}\n      - {id: no, run: echo no}\n"
            "      - {id: late, if: always(), run: echo late}\n"
        }
    )
    process = project.start("run", "ci.yml")
    wait_for(process, "│ begun")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    outcome = project.outcome()
    assert process.returncode == 130
    assert "Traceback" not in out + err
    assert conclusions(outcome)["job"] == {
        "b": "cancelled",
        "w": "cancelled",
        "no": "skipped",
        "late": "success",
    }


def test_the_time_of_a_step_and_its_slot(project: Project) -> None:
    """§3.7.6: a background step out of time fails, and so does its wait."""
    outcome = run_steps(
        project,
        "- {id: b, background: true, run: sleep 60}\n- {id: w, wait: b}\n",
        *("--step-timeout", "400ms"),
    )
    assert conclusions(outcome)["job"] == {"b": "failure", "w": "failure"}
    assert outcome.steps[0].verdict == "timed_out"


def test_background_actions_publish_on_the_wait(project: Project) -> None:
    """§3.7.2, §6.9: outputs and GITHUB_ENV of a composite action are withheld like a step's."""
    project.write(
        {
            "act/action.yml": "name: a\noutputs: {v: {value: '${{ steps.s.outputs.v }}'}}\n"
            "runs:\n  using: composite\n  steps:\n"
            "    - id: s\n      shell: sh\n"
            "      run: echo v=1 >> $GITHUB_OUTPUT; echo E=env >> $GITHUB_ENV\n"
            "    - {run: 'test $E = env; touch done', shell: sh}\n"
        }
    )
    outcome = run_steps(
        project,
        f"""\
        - {{id: act, background: true, uses: ./act}}
        - {{run: '{AWAIT} done; sleep 0.1; echo "[$E][${{{{ steps.act.outputs.v }}}}]"'}}
        - wait: act
        - run: echo "[$E][${{{{ steps.act.outputs.v }}}}]"
        """,
    )
    said = [line for line in outcome.lines if not line.startswith("▸")]
    assert said == ["[][]", "[env][1]"]
