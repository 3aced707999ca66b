"""Run every script of the corpus in the machine's bash and in `sh.wasm`, and compare."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.steps.sh.differences import DIFFERENCES
from tests.steps.sh.shells import CORPUS, Outcome, Script, read_script, run_on_host

if TYPE_CHECKING:
    from pathlib import Path

    from tests.steps.sh.shells import Guest

SCRIPTS = [read_script(path) for path in sorted(CORPUS.glob("*.sh"))]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_do_the_same_as_in_bash(script: Script, guest: Guest, tmp_path: Path) -> None:
    """Output, exit code and files left behind equal those of bash and coreutils."""
    expected = _truth(script, tmp_path / "host")
    ours = guest.run(script, tmp_path / "guest")
    if script.name in DIFFERENCES:
        assert expected != ours, f"stale: {DIFFERENCES[script.name]}"
    else:
        assert expected == ours


def test_differences_name_scripts_of_the_corpus() -> None:
    """The list of differences names no script that is not there."""
    assert set(DIFFERENCES) <= {script.name for script in SCRIPTS}


def _truth(script: Script, root: Path) -> Outcome:
    """Ask the real tools, or what they once said where this machine lacks them.

    `RECORD_TRUTH=1` writes their answers down.
    """
    if script.needs and not os.environ.get("RECORD_TRUTH"):
        return Outcome(**json.loads(script.expected.read_text()))
    if missing := [tool for tool in script.needs if shutil.which(tool) is None]:
        pytest.fail(f"cannot record without {missing}")
    outcome = run_on_host(script, root)
    if script.needs:
        script.expected.write_text(json.dumps(outcome._asdict(), indent=1) + "\n")
    return outcome
