"""What the shell says about things a sandbox cannot do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.steps.sh.shells import Guest


def test_an_unknown_command_says_how_to_bring_it_in(guest: Guest, tmp_path: Path) -> None:
    """It fails with 127 like in bash, and names plugins as the way."""
    outcome = guest.run_text("kubectl apply 2>&1", tmp_path)
    assert outcome.code == 127
    assert "line 1: kubectl: command not found\n" in outcome.stdout
    assert "`uses:`" in outcome.stdout


def test_a_script_for_an_absent_interpreter_names_it(guest: Guest, tmp_path: Path) -> None:
    """`#!/usr/bin/env python3` cannot run in the shell and says so with 126."""
    script = "printf '#!/usr/bin/env python3\\nprint(1)\\n' > x.py; ./x.py 2>&1"
    outcome = guest.run_text(script, tmp_path)
    assert outcome.code == 126
    assert "/usr/bin/env python3: bad interpreter" in outcome.stdout


def test_a_wasm_module_is_no_command(guest: Guest, tmp_path: Path) -> None:
    """A module is not run as a script: it is a plugin of its own."""
    outcome = guest.run_text("printf '\\0asm\\1\\0\\0\\0' > x.wasm; ./x.wasm 2>&1", tmp_path)
    assert outcome.code == 126
    assert "cannot execute a WebAssembly module as a command" in outcome.stdout


def test_all_commands_the_readme_promises_are_there(guest: Guest, tmp_path: Path) -> None:
    """`command -v` finds every tool of the list."""
    tools = (
        "bash sh awk base64 basename cat chmod cmp comm cp cut date diff dirname du env expr find "
        "fold grep egrep fgrep gzip gunzip zcat head id jq ln ls md5sum mkdir mktemp mv nl nproc "
        "od paste printenv readlink realpath rm rmdir sed seq sha1sum sha256sum sha512sum sleep "
        "sort split stat tac tail tar tee touch tr truncate uname uniq unzip wc which whoami xargs "
        "yes zip"
    )
    script = f"for t in {tools}; do command -v $t >/dev/null || echo missing $t; done"
    assert guest.run_text(script, tmp_path).stdout == ""


def test_syntax_errors_name_line_and_end_with_2(guest: Guest, tmp_path: Path) -> None:
    """What stands before the error still runs, as in bash."""
    outcome = guest.run_text("echo before\nif true; then\n", tmp_path)
    assert (outcome.stdout, outcome.code) == ("before\n", 2)


def test_a_closed_pipe_ends_an_endless_writer(guest: Guest, tmp_path: Path) -> None:
    """A loop that nobody reads stops with SIGPIPE's status, in builtins and tools alike."""
    script = (
        "set +e +o pipefail\n"
        "while :; do echo y; done | head -1; echo ${PIPESTATUS[0]}\n"
        "yes | head -1; echo ${PIPESTATUS[0]}"
    )
    assert guest.run_text(script, tmp_path).stdout == "y\n141\ny\n141\n"
