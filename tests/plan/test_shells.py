"""The shell forms of LANGUAGE 6.8."""

from __future__ import annotations

import pytest

from runner.plan.shells import INVALID, parse_shell


@pytest.mark.parametrize(
    ("shell", "command", "plugin"),
    [
        ("", "bash -e S", "steps/sh"),
        ("bash", "bash --noprofile --norc -e -o pipefail S", "steps/sh"),
        ("sh", "sh -e S", "steps/sh"),
        ("python", "python S", "steps/python"),
        ("bash -euxo pipefail {0}", "bash -euxo pipefail S", "steps/sh"),
        ("perl -w '{0}'", "perl -w S", "steps/perl"),
        ("/usr/bin/python3 -u {0}", "/usr/bin/python3 -u S", "steps/python"),
        ("/usr/bin/env bash -e {0}", "bash -e S", "steps/sh"),
        ("dash -e {0}", "dash -e S", "steps/sh"),
        ('bash -c "echo x; . {0}"', "bash -c echo x; . S", "steps/sh"),
    ],
)
def test_each_form_starts_its_program(shell: str, command: str, plugin: str) -> None:
    """The command line is exactly the specification's, with the script in place of `{0}`."""
    form = parse_shell(shell)
    assert (" ".join(form.command("S")), form.plugin) == (command, plugin)


@pytest.mark.parametrize(
    ("shell", "extension"), [("", ".sh"), ("bash", ".sh"), ("python", ".py"), ("bash {0}", "")]
)
def test_only_built_in_shells_give_the_script_an_extension(shell: str, extension: str) -> None:
    """A custom form gets a file without one."""
    assert parse_shell(shell).extension == extension


@pytest.mark.parametrize("shell", ["fish", "bash -c", "{0}", "bash '{0}", "   "])
def test_a_form_without_a_place_for_the_script_is_refused(shell: str) -> None:
    """The message is GitHub's."""
    with pytest.raises(ValueError, match="Invalid shell option") as caught:
        parse_shell(shell)
    assert str(caught.value) == INVALID


@pytest.mark.parametrize("shell", ["pwsh", "pwsh -File {0}", "/usr/bin/PowerShell.exe {0}", "cmd"])
def test_6_8_windows_shells_are_refused_by_name(shell: str) -> None:
    """§6.8: what we have not is said, with what to use instead."""
    with pytest.raises(ValueError, match=r"shell `.*` is not supported.*use bash, sh or python"):
        parse_shell(shell)
