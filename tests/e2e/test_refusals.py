"""What is refused before anything runs, and the exit codes."""

from __future__ import annotations

import json
import os
import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.project import Project

HEAD = "on: push\njobs:\n  job:\n    runs-on: x\n    steps:\n"


def test_what_is_not_supported_is_refused_by_name(project: Project) -> None:
    """Every step that we cannot run is named at its place, before the first one runs."""
    project.write(
        {
            "node/action.yml": "name: a\nruns: {using: node20, main: index.js}\n",
            "image/action.yml": "name: a\nruns: {using: docker, image: Dockerfile}\n",
            "built/Dockerfile": "FROM scratch\n",
            "empty/x": "",
        }
    )
    project.write(
        {
            "ci.yml": textwrap.dedent("""\
            on: push
            jobs:
              job:
                runs-on: x
                steps:
                  - run: echo no
                  - uses: actions/setup-node@v4
                  - uses: actions/chekout@v4
                  - uses: ./node
                  - uses: ./image
                  - uses: ./built
                  - uses: ./empty
                  - uses: steps/pythn
              call:
                uses: ./.github/workflows/other.yml
            """)
        }
    )
    done = project.call("run", "ci.yml")
    assert done.code == 2
    for text in (
        "ci.yml:7:15: the action `actions/setup-node` is not supported",
        "ci.yml:8:15: the action `actions/chekout` is not supported",
        "did you mean `actions/checkout`?",
        "node/action.yml:2:15: `using: node20` is not supported",
        "image/action.yml:2:15: `using: docker` is not supported",
        "ci.yml:11:15: `./built` is a docker action",
        "ci.yml:12:15: `./empty` has no `step.yml` and no `action.yml`",
        "ci.yml:13:15: there is no standard step `steps/pythn`",
        "did you mean `steps/python`?",
        "ci.yml:15:11: cannot read `.github/workflows/other.yml`: No such file",
    ):
        assert text in done.stderr, (text, done.stderr)
    assert not (project.folder / ".runner").exists()


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ("on: push\njobs: [", "ci.yml:3:1", ""),
        ("on: push\njobs: {}\n", "ci.yml:2:7", "at least one job with no dependencies"),
        (HEAD + "      - run: x\n        shel: y\n", "ci.yml:7:9", "Unexpected value 'shel'"),
        (HEAD + "      - run: ${{ secret.X }}\n", "ci.yml:6:14", "Unrecognized named-value"),
        (HEAD.replace("x\n", "x\n    container: node\n") + "      - run: x\n", "ci.yml:5", "node"),
        (HEAD + "      - uses: docker://alpine\n", "ci.yml:6:15", "docker"),
        ("\x00\xff", "ci.yml", ""),
    ],
    ids=["yaml", "no jobs", "key", "context", "container", "docker", "bytes"],
)
def test_invalid_pipelines_are_not_run(
    project: Project, content: str, place: str, message: str
) -> None:
    """Exit code 2, with file, line and column, and without a traceback."""
    project.write({"ci.yml": content.encode("latin-1")})
    done = project.call("run", "ci.yml")
    assert done.code == 2
    assert place in done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project.folder / ".runner").exists()


def test_usage_that_is_wrong_is_invalid_input(project: Project) -> None:
    """A missing file, a missing source and an unknown option exit with 2."""
    project.write({"ci.yml": HEAD + "      - run: echo x\n"})
    for arguments, word in (
        (("run", "none.yml"), "none.yml: cannot read the pipeline: No such file"),
        (("run", "."), "cannot read the pipeline"),
        (("run", "ci.yml", "--source", "none"), "`none` is not a folder"),
        (("run", "ci.yml", "--frobnicate"), "frobnicate"),
        (("run", "ci.yml", "-j", "0"), "0"),
        (("run", "ci.yml", "--step-timeout", "soon"), "`soon` is not a time"),
    ):
        done = project.call(*arguments)
        assert (done.code, word in done.stderr) == (2, True), done


def test_validate_prints_json(project: Project) -> None:
    """`--format json`: `valid` and `problems`, each with code, message, place, hint, severity."""
    project.write({"good.yml": HEAD + "      - run: x\n", "bad.yml": HEAD + "      - uses: ./x\n"})
    good = project.call("validate", "good.yml", "--format", "json")
    assert (good.code, json.loads(good.stdout)) == (0, {"valid": True, "problems": []})
    bad = project.call("validate", "bad.yml", "--format", "json")
    report = json.loads(bad.stdout)
    assert (bad.code, report["valid"]) == (2, False)
    (problem,) = report["problems"]
    assert (problem["file"], problem["line"], problem["column"]) == ("bad.yml", 6, 15)
    assert problem.keys() == {
        *("code", "message", "file", "line", "column", "hint", "severity"),
    }
    text = project.call("validate", "good.yml", "bad.yml")
    assert text.code == 2
    assert "1 problem in 2 pipelines" in text.stdout


def test_what_is_not_the_pipelines_fault_exits_with_3(project: Project) -> None:
    """A cache or a run folder that cannot be used is told in one line, without a traceback."""
    project.write({"ci.yml": HEAD + "      - run: echo x\n", "elsewhere/x": ""})
    os.symlink("elsewhere", project.folder / ".runner")
    done = project.call("run", "ci.yml")
    assert done.code == 3
    assert "it is a link" in done.stderr
    assert "Traceback" not in done.stderr
    assert os.listdir(project.folder / "elsewhere") == ["x"]
    (project.folder / ".runner").unlink()
    project.write({"cache": "a file"})
    path = str(project.folder / "cache" / "below")
    done = project.call("run", "ci.yml", environment={"WASI_RUNNER_CACHE": path})
    assert done.code == 3
    assert "Traceback" not in done.stderr


def test_a_repository_out_of_reach_is_nobodys_fault(project: Project) -> None:
    """Exit code 3, with the way out, if all that is wrong is that it cannot be fetched."""
    steps = "on: push\njobs: {a: {runs-on: x, steps: [{uses: o/r@v1}]}, b: {uses: %s}}\n"
    project.write({"ci.yml": steps % "o/r/.github/workflows/x.yml@v1"})
    nobody = {"GITHUB_SERVER_URL": "http://127.0.0.1:9"}
    for verb in ("run", "validate", "plan"):
        done = project.call(verb, "ci.yml", environment=nobody)
        assert (done.code, done.stderr.count("--local-repository OWNER/REPO@REF=DIR")) == (3, 2)
    project.write({"ci.yml": steps % "./none.yml"})
    assert project.call("run", "ci.yml", environment=nobody).code == 2
