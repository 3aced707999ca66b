"""Reusable workflows: what passes in and out, results, levels (LANGUAGE 3.2, 6.2, 6.9)."""

from __future__ import annotations

import signal
import textwrap
from typing import TYPE_CHECKING

from tests.e2e.test_interrupts import wait_for
from tests.support.project import event_records

if TYPE_CHECKING:
    from tests.support.project import Outcome, Project

FOLDER = ".github/workflows"
CALLS = "on: workflow_call\njobs: {{c: {{uses: ./" + FOLDER + "/{}.yml}}}}\n"


def write(project: Project, **workflows: str) -> None:
    """Write workflows beside each other, each by its name without `.yml`."""
    project.write(
        {f"{FOLDER}/{name}.yml": textwrap.dedent(text) for name, text in workflows.items()}
    )


def run(project: Project, pipeline: str, *options: str) -> Outcome:
    return project.run(textwrap.dedent(pipeline), *options)


def simple(script: str, head: str = "on: workflow_call\n") -> str:
    """Return a workflow of one job `inner` that runs `script`."""
    steps = f"jobs: {{inner: {{runs-on: x, steps: [{{run: {script!r}}}]}}}}\n"
    return textwrap.dedent(head) + steps


def test_inputs_have_the_declared_types(project: Project) -> None:
    """§3.2: boolean and number inputs stay typed; absent ones are the default, '', false or 0."""
    write(
        project,
        typed="""\
        on:
          workflow_call:
            inputs:
              flag: {type: boolean}
              count: {type: number}
              text: {type: string}
              on: {type: boolean, default: true}
              three: {type: number, default: 3}
              who: {type: string, default: "${{ github.actor != '' && 'someone' }}"}
        jobs:
          inner:
            runs-on: x
            if: inputs.flag == false || inputs.flag == true
            steps:
              - run: echo '${{ toJSON(inputs) }}' | tr -d ' \\n'
        """,
    )
    outcome = run(
        project,
        f"""\
        on: push
        jobs:
          absent: {{uses: ./{FOLDER}/typed.yml}}
          given:
            needs: absent
            uses: ./{FOLDER}/typed.yml
            with: {{FLAG: true, count: "${{{{ fromJSON('7') }}}}", text: 1.10, three: 4}}
        """,
    )
    assert outcome.code == 0
    assert outcome.lines == [
        '{"flag":false,"count":0,"text":"","on":true,"three":3,"who":"someone"}',
        '{"flag":true,"count":7,"text":"1.1","on":true,"three":4,"who":"someone"}',
    ]


def test_values_of_the_wrong_type_fail_the_call(project: Project) -> None:
    """§6.9: an expression of the wrong type is told when it is known; nothing inside runs."""
    head = "on: {workflow_call: {inputs: {flag: {type: boolean}, n: {type: number}}}}\n"
    write(project, typed=simple("echo no", head))
    outcome = run(
        project,
        f"""\
        on: push
        jobs:
          text: {{uses: ./{FOLDER}/typed.yml, with: {{flag: "${{{{ 'true' }}}}"}}}}
          number: {{uses: ./{FOLDER}/typed.yml, with: {{n: "${{{{ github.job }}}}"}}}}
          broken: {{uses: ./{FOLDER}/typed.yml, with: {{n: "${{{{ fromJSON('') }}}}"}}}}
          told:
            needs: [text, number, broken]
            if: failure()
            runs-on: x
            steps: [{{run: "echo ${{{{ join(needs.*.result) }}}}"}}]
        """,
    )
    assert outcome.jobs == {
        "text": "failure",
        "number": "failure",
        "broken": "failure",
        "told": "success",
    }
    assert outcome.lines == ["failure,failure,failure"]
    assert "Unexpected value 'true'" in outcome.reasons["text"]
    assert "fromJson" in outcome.reasons["broken"]


def test_secrets_pass_by_map_or_by_inherit(project: Project) -> None:
    """§6.9: a called workflow has the secrets it is given; empty ones are dropped."""
    head = "on: {workflow_call: {secrets: {A: {}, B: {required: true}}}}\n"
    script = "echo [${{ secrets.A == 'aaaa' }}] [${{ secrets.B }}] [${{ secrets.C == 'cccc' }}]"
    write(
        project,
        inner=simple(script, head),
        middle=f"""\
        on: workflow_call
        jobs:
          again: {{uses: ./{FOLDER}/inner.yml, secrets: inherit}}
          not: {{needs: again, uses: ./{FOLDER}/inner.yml, secrets: {{B: ''}}}}
        """,
    )
    pipeline = f"""\
        on: push
        jobs:
          map: {{uses: ./{FOLDER}/inner.yml, secrets: {{A: "${{{{ secrets.A }}}}", B: ''}}}}
          inherit: {{needs: map, uses: ./{FOLDER}/inner.yml, secrets: inherit}}
          levels: {{needs: inherit, uses: ./{FOLDER}/middle.yml, secrets: inherit}}
          cut:
            needs: levels
            uses: ./{FOLDER}/middle.yml
        """
    outcome = run(project, pipeline, "--secret", "A=aaaa", "--secret", "C=cccc")
    assert outcome.code == 0
    assert outcome.lines == [
        "[true] [] [false]",
        "[true] [] [true]",
        "[true] [] [true]",
        "[false] [] [false]",
        "[false] [] [false]",
        "[false] [] [false]",
    ]


def test_outputs_come_back(project: Project) -> None:
    """§3.2, §6.9: outputs are made of `jobs`, also after a failure; empty ones are dropped."""
    write(
        project,
        made="""\
        on:
          workflow_call:
            outputs:
              v: {value: "${{ jobs.make.outputs.v }}-${{ jobs.make.result }}"}
              skipped: {value: "${{ jobs.not.result }}"}
              none: {value: "${{ jobs.not.outputs.v }}"}
        jobs:
          make:
            runs-on: x
            outputs: {v: "${{ steps.s.outputs.v }}"}
            steps: [{id: s, run: 'echo "v=1" >> "$GITHUB_OUTPUT"'}, {run: exit 1}]
          not: {needs: make, runs-on: x, steps: [{run: echo no}]}
        """,
    )
    outcome = run(
        project,
        f"""\
        on: push
        jobs:
          call: {{uses: ./{FOLDER}/made.yml}}
          use:
            needs: call
            if: always()
            runs-on: x
            steps: [{{run: "echo '${{{{ toJSON(needs.call) }}}}' | tr -d ' \\n'"}}]
        """,
    )
    assert outcome.jobs == {
        "call/make": "failure",
        "call/not": "skipped",
        "call": "failure",
        "use": "success",
    }
    assert outcome.lines == ['{"result":"failure","outputs":{"v":"1-failure","skipped":"skipped"}}']


def test_calls_over_a_matrix(project: Project) -> None:
    """§6.2.5, §6.9: a matrix of calls: names, results and the last non-empty value of an output."""
    write(
        project,
        made="""\
        on:
          workflow_call:
            inputs: {n: {type: number}}
            outputs: {v: {value: "${{ jobs.make.outputs.v }}"}}
        jobs:
          make:
            name: n${{ inputs.n }}
            runs-on: x
            outputs: {v: "${{ inputs.n != 3 && inputs.n || '' }}"}
            steps: [{run: "echo ${{ inputs.n }} ${{ toJSON(matrix) }} ${{ strategy.job-total }}"}]
        """,
    )
    outcome = run(
        project,
        f"""\
        on: push
        jobs:
          call:
            strategy: {{max-parallel: 1, matrix: {{n: [1, 2, 3]}}}}
            uses: ./{FOLDER}/made.yml
            with: {{n: "${{{{ matrix.n }}}}"}}
          use: {{needs: call, runs-on: x, steps: [{{run: "echo ${{{{ needs.call.outputs.v }}}}"}}]}}
        """,
    )
    assert outcome.lines == ["1 null 1", "2 null 1", "3 null 1", "2"]
    done = [one for one in event_records(outcome) if one["event"] == "job.finished"]
    assert [one["name"] for one in done if one["job"] == "call/make"] == [
        "call (1) / n1",
        "call (2) / n2",
        "call (3) / n3",
    ]
    assert [one["leg"] for one in done if one["job"] == "call"] == [{"n": 1}, {"n": 2}, {"n": 3}]


def test_a_failing_leg_cancels_the_calls_beside_it(project: Project) -> None:
    """§6.2.2: fail-fast over a matrix of calls ends the jobs within the other legs."""
    write(
        project,
        made="""\
        on: {workflow_call: {inputs: {n: {type: string}}}}
        jobs:
          work: {runs-on: x, steps: [{run: "${{ inputs.n }}"}]}
          after: {needs: work, runs-on: x, steps: [{run: echo no}]}
          clean: {needs: work, if: cancelled(), runs-on: x, steps: [{run: echo clean}]}
        """,
    )
    outcome = run(
        project,
        f"""\
        on: push
        jobs:
          call:
            strategy: {{matrix: {{n: [sleep 60, sleep 0.3; exit 1]}}}}
            uses: ./{FOLDER}/made.yml
            with: {{n: "${{{{ matrix.n }}}}"}}
        """,
        "-j",
        "2",
    )
    slow, bad = '{"call.n": "sleep 60"}', '{"call.n": "sleep 0.3; exit 1"}'
    assert outcome.jobs == {
        f"call/work {bad}": "failure",
        f"call/after {bad}": "skipped",
        f"call/clean {bad}": "skipped",
        'call {"n": "sleep 0.3; exit 1"}': "failure",
        f"call/work {slow}": "cancelled",
        f"call/after {slow}": "cancelled",
        f"call/clean {slow}": "success",
        'call {"n": "sleep 60"}': "cancelled",
    }
    assert outcome.lines == ["clean"]


def test_env_and_defaults_of_the_caller_stay_there(project: Project) -> None:
    """§6.9: env and defaults are not passed on, `vars` and the caller's `github` are."""
    write(
        project,
        inner="""\
        on: workflow_call
        env: {OWN: own}
        jobs:
          job:
            runs-on: x
            steps:
              - run: |
                  echo "[$CALLER] [$OWN] [${{ env.CALLER }}] $PWD"
                  echo "${{ github.workflow }} ${{ github.event_name }} ${{ github.job }}"
                  echo "${{ job.workflow_file_path }} [${{ vars.V }}]"
        """,
    )
    outcome = run(
        project,
        f"""\
        name: outside
        on: push
        env: {{CALLER: leak}}
        defaults: {{run: {{working-directory: sub}}}}
        jobs: {{call: {{uses: ./{FOLDER}/inner.yml}}}}
        """,
        *("--var", "V=variable"),
    )
    assert outcome.lines == [
        "[] [own] [] /workspace",
        "outside push job",
        f"{FOLDER}/inner.yml [variable]",
    ]


def test_results_of_calls_are_merged(project: Project) -> None:
    """§6.1, §6.9: a call is what its jobs come to; it is skipped only if all of them are."""
    write(
        project,
        mixed="""\
        on: workflow_call
        jobs:
          good: {runs-on: x, steps: [{run: exit 0}]}
          skipped: {if: false, runs-on: x, steps: [{run: exit 1}]}
        """,
        none="""\
        on: workflow_call
        jobs: {skipped: {if: false, runs-on: x, steps: [{run: exit 1}]}}
        """,
        tolerant="""\
        on: workflow_call
        jobs: {soft: {runs-on: x, continue-on-error: true, steps: [{run: exit 1}]}}
        """,
    )
    outcome = run(
        project,
        f"""\
        on: push
        jobs:
          mixed: {{uses: ./{FOLDER}/mixed.yml}}
          none: {{uses: ./{FOLDER}/none.yml}}
          tolerant: {{uses: ./{FOLDER}/tolerant.yml}}
          unwanted: {{if: "github.actor == ''", uses: ./{FOLDER}/mixed.yml}}
          after: {{needs: none, runs-on: x, steps: [{{run: echo no}}]}}
          told:
            needs: [mixed, none, tolerant, unwanted]
            if: always()
            runs-on: x
            steps: [{{run: "echo ${{{{ join(needs.*.result) }}}}"}}]
        """,
    )
    assert outcome.code == 0
    assert outcome.lines == ["success,skipped,success,skipped"]
    assert outcome.jobs["after"] == "skipped"
    assert not any(job.startswith("unwanted/") for job in outcome.jobs)
    assert outcome.reasons["after"] == "ancestor `none` was skipped"


def test_conditions_within_do_not_look_outside(project: Project) -> None:
    """§6.2.1: success() and failure() of a called job are about the jobs of its workflow."""
    write(
        project,
        inner="""\
        on: workflow_call
        jobs:
          plain: {runs-on: x, steps: [{run: echo plain}]}
          failed: {if: failure(), runs-on: x, steps: [{run: echo no}]}
        """,
    )
    outcome = run(
        project,
        f"""\
        on: push
        jobs:
          bad: {{runs-on: x, steps: [{{run: exit 1}}]}}
          call: {{needs: bad, if: failure(), uses: ./{FOLDER}/inner.yml}}
          skipped: {{needs: bad, uses: ./{FOLDER}/inner.yml}}
        """,
    )
    assert outcome.jobs == {
        "bad": "failure",
        "call/plain": "success",
        "call/failed": "skipped",
        "call": "success",
        "skipped": "skipped",
    }


def test_ten_levels_of_workflows_on_one_slot(project: Project) -> None:
    """§6.9: ten levels incl. the caller run, also with `-j 1`; outputs come all the way back."""
    for level in range(2, 10):
        write(
            project,
            **{
                f"w{level}": f"""\
                on:
                  workflow_call:
                    inputs: {{n: {{type: string}}}}
                    outputs: {{v: {{value: "${{{{ jobs.c.outputs.v }}}}"}}}}
                jobs:
                  c:
                    uses: ./{FOLDER}/w{level + 1}.yml
                    with: {{n: "${{{{ inputs.n }}}}{level}"}}
                """
            },
        )
    write(
        project,
        w10="""\
        on:
          workflow_call:
            inputs: {n: {type: string}}
            outputs: {v: {value: "${{ jobs.c.outputs.v }}"}}
        jobs: {c: {runs-on: x, outputs: {v: "${{ inputs.n }}"}, steps: [{run: echo deep}]}}
        """,
    )
    outcome = run(
        project,
        f"""\
        on: push
        jobs:
          c: {{uses: ./{FOLDER}/w2.yml, with: {{n: n}}}}
          end: {{needs: c, runs-on: x, steps: [{{run: "echo ${{{{ needs.c.outputs.v }}}}"}}]}}
        """,
        "-j",
        "1",
    )
    assert outcome.code == 0
    assert outcome.lines == ["deep", "n23456789"]
    assert outcome.jobs["c/c/c/c/c/c/c/c/c/c"] == "success"


def test_eleven_levels_and_loops_are_refused(project: Project) -> None:
    """§2, §6.9: an eleventh level and calls that go round are refused before anything runs."""
    for level in range(2, 11):
        write(
            project,
            **{f"w{level}": CALLS.format(f"w{level + 1}")},
        )
    write(
        project,
        w11=simple("echo no"),
        one=CALLS.format("two"),
        two=CALLS.format("one"),
    )
    project.write(
        {
            "ci.yml": f"on: push\njobs:\n  a:\n    uses: ./{FOLDER}/w2.yml\n"
            f"  b:\n    uses: ./{FOLDER}/one.yml\n"
        }
    )
    done = project.call("run", "ci.yml")
    assert done.code == 2
    assert "w10.yml:2:18: " in done.stderr
    assert "two.yml:2:18: " in done.stderr
    assert "the calls go round" in done.stderr
    assert not (project.folder / ".runner").exists()


def test_what_is_wrong_with_a_call_is_told_at_its_place(project: Project) -> None:
    """§2: missing, unknown and ill-typed inputs and secrets, and files that cannot be called."""
    head = """\
        on:
          workflow_call:
            inputs: {must: {type: string, required: true}, n: {type: number}}
            secrets: {key: {required: true}}
        """
    write(project, called=simple("echo no", head), plain=simple("echo no", "on: push\n"))
    project.write(
        {
            "ci.yml": textwrap.dedent(f"""\
            on: push
            jobs:
              a:
                uses: ./{FOLDER}/called.yml
                with:
                  n: five
                  typo: 1
                secrets:
                  other: x
              b:
                uses: ./{FOLDER}/plain.yml
              c:
                uses: ./{FOLDER}/none.yml
            """)
        }
    )
    done = project.call("run", "ci.yml")
    assert done.code == 2
    for text in (
        "ci.yml:4:11: Input must is required, but not provided while calling.",
        "ci.yml:6:10: Unexpected value 'five'",
        "ci.yml:7:7: Invalid input, typo is not defined in the referenced workflow.",
        "ci.yml:4:11: Secret key is required, but not provided while calling.",
        "ci.yml:9:7: Invalid secret, other is not defined in the referenced workflow.",
        "ci.yml:11:11: workflow_call key is not defined in the referenced workflow.",
        "ci.yml:13:11: cannot read",
    ):
        assert text in done.stderr, (text, done.stderr)


def test_permissions_may_only_shrink(project: Project) -> None:
    """§6.9: a called job that asks for more of the token than its caller has is refused."""
    write(
        project,
        asks="""\
        on: workflow_call
        jobs:
          less: {runs-on: x, permissions: {contents: read}, steps: [{run: echo}]}
          more: {runs-on: x, permissions: {contents: write, issues: read}, steps: [{run: echo}]}
        """,
    )
    project.write(
        {
            "ci.yml": textwrap.dedent(f"""\
            on: push
            permissions: {{contents: read}}
            jobs:
              call:
                uses: ./{FOLDER}/asks.yml
              own:
                permissions: write-all
                uses: ./{FOLDER}/asks.yml
            """)
        }
    )
    done = project.call("run", "ci.yml")
    assert done.code == 2
    assert (
        f"ci.yml:4:3: Error calling workflow './{FOLDER}/asks.yml'. The nested job 'more' is "
        "requesting 'contents: write, issues: read', but is only allowed "
        "'contents: read, issues: none'." in done.stderr
    )
    assert done.stderr.count("Error calling workflow") == 1


def test_other_repositories_are_called(project: Project) -> None:
    """§3.3, §3.6: remote workflows and actions; `./` in them is the workspace, `$/` their own."""
    project.write(
        {
            f"other/{FOLDER}/w.yml": textwrap.dedent("""\
            on: workflow_call
            jobs:
              inner:
                runs-on: x
                steps:
                  - uses: $/act
                    id: own
                  - uses: ./act
                  - run: echo "${{ job.workflow_repository }} [${{ steps.own.outputs.v }}]"
              beside: {uses: ./.github/workflows/x.yml, needs: inner}
            """),
            f"other/{FOLDER}/x.yml": simple("echo x of theirs"),
            "other/act/action.yml": textwrap.dedent("""\
            name: theirs
            outputs: {v: {value: "${{ github.action_ref }}"}}
            runs:
              using: composite
              steps:
                - run: |
                    echo "${{ github.action_repository }}@${{ github.action_ref }}"
                    cat "$GITHUB_ACTION_PATH/data.txt"
                  shell: sh
            """),
            "other/act/data.txt": "theirs\n",
            "act/action.yml": textwrap.dedent("""\
            name: ours
            runs: {using: composite, steps: [{run: "echo ours [$GITHUB_ACTION_REF]", shell: sh}]}
            """),
        }
    )
    outcome = run(
        project,
        f"""\
        on: push
        jobs:
          call: {{uses: Some/Repo/{FOLDER}/w.yml@v1}}
          step:
            needs: call
            runs-on: x
            steps: [{{uses: some/repo/act@v1}}, {{uses: some/repo/act@main}}]
        """,
        *("--local-repository", "some/repo@v1=other"),
        *("--local-repository", "some/repo@main=other"),
    )
    said = [line for line in outcome.lines if not line.startswith("▸")]
    assert said == [
        *("Some/Repo@v1", "theirs", "ours []", "Some/Repo [v1]", "x of theirs"),
        *("some/repo@v1", "theirs", "some/repo@main", "theirs"),
    ]
    assert outcome.code == 0


def test_an_interrupt_reaches_called_jobs(project: Project) -> None:
    """§6.3, §6.9: Ctrl-C ends the jobs of called workflows; always() jobs within still run."""
    write(
        project,
        inner="""\
        on: workflow_call
        jobs:
          slow: {runs-on: x, steps: [{run: echo begun; sleep 60}, {if: always(), run: echo late}]}
          next: {needs: slow, runs-on: x, steps: [{run: echo no}]}
          clean: {needs: slow, if: always(), runs-on: x, steps: [{run: echo clean}]}
        """,
        middle=f"on: workflow_call\njobs: {{m: {{uses: ./{FOLDER}/inner.yml}}}}\n",
    )
    project.write(
        {
            "ci.yml": f"on: push\njobs:\n  call: {{uses: ./{FOLDER}/middle.yml}}\n"
            f"  queued: {{needs: call, uses: ./{FOLDER}/inner.yml}}\n"
        }
    )
    process = project.start("run", "ci.yml")
    wait_for(process, "│ begun")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    outcome = project.outcome()
    assert process.returncode == 130
    assert "Traceback" not in out + err
    assert outcome.jobs == {
        "call/m/slow": "cancelled",
        "call/m/next": "cancelled",
        "call/m/clean": "success",
        "call/m": "cancelled",
        "call": "cancelled",
        "queued": "cancelled",
    }
    assert outcome.lines == ["begun", "late", "clean"]
