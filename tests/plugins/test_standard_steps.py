"""The manifests of the standard steps: what they ask for and how they call their tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner import permissions
from runner.errors import InvalidInput
from runner.plugins.invoke import Call, Places, prepare
from runner.plugins.manifest import SHELL
from runner.plugins.modules import ModuleFile
from runner.plugins.resolve import Plugin, find

if TYPE_CHECKING:
    from pathlib import Path

PLACES = Places("/ws", "/cmd", "/tmp", "/empty")


def _find(name: str, cache: Path) -> Plugin:
    plugin = find(f"steps/{name}", base=str(cache), cache=str(cache))
    entry_points = plugin.manifest.entry_points
    return plugin._replace(modules=dict.fromkeys(entry_points, ModuleFile("/m.wasm", "d")))


def _call(name: str, cache: Path, **inputs: str) -> Call:
    given = {key.replace("_", "-"): text for key, text in inputs.items()}
    return prepare(_find(name, cache), given, places=PLACES)


def test_esbuild_takes_all_its_inputs(tmp_path: Path) -> None:
    """Each input becomes its flag, and lists become one flag a member."""
    call = _call(
        "esbuild",
        tmp_path,
        entry_points="a.ts\nb.ts",
        outdir="dist",
        minify="true",
        sourcemap="inline",
        format="esm",
        platform="node",
        target="es2020",
        external="fs path",
        loader=".png=file",
        define="DEBUG=false",
        args="--legal-comments=none --banner:js='/* x */'",
    )
    assert call.invocation.arguments == (
        "esbuild",
        "a.ts",
        "b.ts",
        "--outdir=dist",
        "--bundle",
        "--minify",
        "--sourcemap=inline",
        "--format=esm",
        "--platform=node",
        "--target=es2020",
        "--external:fs",
        "--external:path",
        "--loader:.png=file",
        "--define:DEBUG=false",
        "--legal-comments=none",
        "--banner:js=/* x */",
    )


def test_esbuild_may_write_its_output_only(tmp_path: Path) -> None:
    """The workspace is read-only, but for the folder of `outdir` or `outfile`."""
    call = _call("esbuild", tmp_path, entry_points="a.ts", outfile="web/dist/a.js", bundle="false")
    assert call.invocation.arguments == (
        "esbuild",
        "a.ts",
        "--outfile=web/dist/a.js",
        "--platform=browser",
    )
    writable = [one.guest for one in call.invocation.directories if one.writable]
    assert writable == ["/workspace/web/dist", "/runner"]
    assert call.folders == ("web/dist",)


def test_esbuild_refuses_other_values(tmp_path: Path) -> None:
    """A wrong choice and a missing entry point are reported together."""
    with pytest.raises(InvalidInput) as caught:
        _call("esbuild", tmp_path, format="umd", outfile="/etc/x")
    assert len(caught.value.problems) == 3


def test_python_passes_a_program_to_its_driver(tmp_path: Path) -> None:
    """Script, module and code each have the interpreter's own form."""

    def argv(**inputs: str) -> tuple[str, ...]:
        return _call("python", tmp_path, **inputs).invocation.arguments[1:]

    assert argv(script="a.py", args="x 'y z'") == ("/plugin/main.py", "a.py", "x", "y z")
    assert argv(module="unittest", working_directory="app") == (
        "/plugin/main.py",
        "--directory=app",
        "-m",
        "unittest",
    )
    assert argv(code="print(1)\n") == ("/plugin/main.py", "-c", "print(1)\n")


@pytest.mark.parametrize(
    ("name", "arguments"), [("sh", ("sh",)), ("python", ("python", "/plugin/main.py"))]
)
def test_shells_need_no_input(tmp_path: Path, name: str, arguments: tuple[str, ...]) -> None:
    """The entry point for scripts is called without `with`; the script's words follow its argv."""
    call = prepare(_find(name, tmp_path), None, places=PLACES, entry_point=SHELL)
    assert call.invocation.arguments == arguments


def test_no_standard_step_asks_for_more_than_files_and_variables(tmp_path: Path) -> None:
    """What a person would read about each is short."""
    asked = {
        name: permissions.describe(_find(name, tmp_path).manifest.permissions)
        for name in ("sh", "esbuild", "python")
    }
    whole = [
        "read the whole workspace",
        "write the whole workspace (files up to 4GiB)",
        "use a temporary folder",
        "see environment variables: all",
    ]
    assert asked["sh"] == asked["python"] == whole
    assert asked["esbuild"][0] == "read the whole workspace"
    assert len(asked["esbuild"]) == 2
