"""From `uses:` to a manifest and its module."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from runner.errors import Denied, InvalidInput
from runner.plugins.resolve import find, find_id, resolve

if TYPE_CHECKING:
    from pathlib import Path

WASM = b"\0asm\x01\0\0\0"
MANIFEST = "{id: a/b, version: 1.0.0, entry_points: {main: {module: b.wasm}}}"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository with one plugin."""
    folder = tmp_path / "repo/plugins/greet"
    folder.mkdir(parents=True)
    (folder / "step.yml").write_text(MANIFEST)
    (folder / "b.wasm").write_bytes(WASM)
    return tmp_path / "repo"


def _cache(repository: Path) -> str:
    return str(repository.parent / "cache")


def _message(uses: str, repository: Path) -> str:
    with pytest.raises(InvalidInput) as caught:
        resolve(uses, base=str(repository), cache=_cache(repository))
    return str(caught.value.problems[0])


def test_local_plugin_is_found_with_its_module(repository: Path) -> None:
    """The record has absolute places and the module's digest."""
    plugin = resolve("./plugins/greet", base=str(repository), cache=_cache(repository))
    assert plugin.folder == str(repository / "plugins/greet")
    assert plugin.manifest.file == "plugins/greet/step.yml"
    module = plugin.modules["main"]
    assert module.path == str(repository / "plugins/greet/b.wasm")
    assert module.digest == hashlib.sha256(WASM).hexdigest()
    assert plugin.is_trusted


def test_a_manifest_is_found_without_its_module(repository: Path) -> None:
    """Validation and planning need no module."""
    (repository / "plugins/greet/b.wasm").unlink()
    plugin = find("./plugins/greet", base=str(repository), cache=_cache(repository))
    assert plugin.modules == {}
    assert "cannot read module `b.wasm`" in _message("./plugins/greet", repository)


def test_unknown_names_get_the_nearest(repository: Path) -> None:
    """Siblings of a local plugin and the standard steps are offered."""
    assert "did you mean `./plugins/greet`?" in _message("./plugins/great", repository)
    assert "did you mean `steps/sh`?" in _message("steps/shh", repository)
    assert "has no `step.yml`" in _message("./plugins", repository)
    assert "done by the host" in _message("actions/checkout@v4", repository)


def test_links_out_of_the_repository_are_refused(repository: Path) -> None:
    """Neither the folder nor the module may be a link to somewhere else."""
    (repository / "out").symlink_to(repository.parent)
    assert "link out of the repository" in _message("./out", repository)
    module = repository / "plugins/greet/b.wasm"
    module.unlink()
    module.symlink_to("/etc/passwd")
    with pytest.raises(Denied, match="link out of the plugin's folder"):
        resolve("./plugins/greet", base=str(repository), cache=_cache(repository))


def test_nobody_takes_the_id_of_a_standard_step(repository: Path) -> None:
    """A policy that trusts `runner/*`, or a script that `runner/sh` runs, would get another one."""
    manifest = repository / "plugins/greet/step.yml"
    manifest.write_text(MANIFEST.replace("a/b", "runner/sh"))
    assert "is that of the standard steps" in _message("./plugins/greet", repository)
    found = find_id(
        "runner/sh",
        near=str(repository / "plugins/other"),
        base=str(repository),
        cache=_cache(repository),
    )
    assert found.reference == "steps/sh"


def test_standard_steps_resolve(repository: Path) -> None:
    """Each shipped manifest is valid."""
    for name in ("sh", "esbuild", "python"):
        plugin = find(f"steps/{name}", base=str(repository), cache=_cache(repository))
        assert plugin.manifest.id == f"runner/{name}"
        assert plugin.manifest.file == f"steps/{name}/step.yml"


def test_huge_manifests_are_refused(repository: Path) -> None:
    """A file larger than a manifest can be is not read."""
    (repository / "plugins/greet/step.yml").write_bytes(b"#" * (2**20 + 1))
    assert "larger than 1 MiB" in _message("./plugins/greet", repository)


def _add(repository: Path, name: str, manifest: str) -> None:
    folder = repository / "plugins" / name
    folder.mkdir()
    (folder / "step.yml").write_text(manifest)
    (folder / "b.wasm").write_bytes(WASM)


RUNS = """\
id: a/script
version: 1.0.0
entry_points: {main: {interpreter: a/base, script: x.sh}}
dependencies: {a/base: ^1}
"""
BASE = """\
id: a/base
version: 1.4.0
entry_points:
  main: {module: b.wasm}
  shell: {module: b.wasm}
"""


def test_plugins_are_found_by_id(repository: Path) -> None:
    """Beside the one that asks, whatever their folder's name, then among the standard steps."""
    near = str(repository / "plugins/greet")
    _add(repository, "odd-name", BASE)
    _add(repository, "broken", "not: valid")
    options = {"near": near, "base": str(repository), "cache": _cache(repository)}
    assert find_id("a/base", **options).reference == "./plugins/odd-name"
    assert find_id("runner/sh", **options).reference == "steps/sh"
    with pytest.raises(InvalidInput, match="no plugin with the id `a/basis`") as caught:
        find_id("a/basis", **options)
    assert "did you mean `a/base`?" in caught.value.problems[0].hint
    with pytest.raises(InvalidInput, match="Required property is missing"):
        find_id("a/broken", **options)


def test_a_script_has_its_interpreters_module(repository: Path) -> None:
    """Found by id, and known to the plugin."""
    _add(repository, "base", BASE)
    _add(repository, "script", RUNS)
    plugin = resolve("./plugins/script", base=str(repository), cache=_cache(repository))
    assert plugin.modules["main"].path == str(repository / "plugins/base/b.wasm")
    assert plugin.interpreters["a/base"].manifest.version == "1.4.0"


@pytest.mark.parametrize(
    ("base", "message"),
    [
        (BASE.replace("1.4.0", "2.0.0"), r"needed as `\^1`, and `./plugins/base` is 2.0.0"),
        (BASE.replace("  shell: {module: b.wasm}\n", ""), "`a/base` is no interpreter"),
        (
            BASE + "dependencies: {a/none: '*', host/htp: ^1}",
            "no plugin with the id `a/none`",
        ),
    ],
)
def test_what_is_lacking_is_told(repository: Path, base: str, message: str) -> None:
    """Also what a dependency lacks itself."""
    _add(repository, "base", base)
    _add(repository, "script", RUNS)
    with pytest.raises(InvalidInput, match=message):
        resolve("./plugins/script", base=str(repository), cache=_cache(repository))


def test_features_are_told_by_version_and_name(repository: Path) -> None:
    """The nearest name, or the version that this host has."""
    text = RUNS.replace("{interpreter: a/base, script: x.sh}", "{module: b.wasm}")
    _add(repository, "x", text.replace("{a/base: ^1}", "{host/htp: ^1, host/abi: ^9}"))
    with pytest.raises(InvalidInput) as caught:
        find("./plugins/x", base=str(repository), cache=_cache(repository))
    unknown, old = caught.value.problems
    assert "did you mean `http`?" in unknown.hint
    assert "needed as `^9`, and this host has 1.0.0" in old.message


def test_plugins_may_need_each_other(repository: Path) -> None:
    """A circle is looked at once; calling each other is for the run to bound."""
    text = MANIFEST.replace("a/b", "a/%s")[:-1] + ", dependencies: {a/%s: '*'}}"
    _add(repository, "one", text % ("one", "two"))
    _add(repository, "two", text % ("two", "one"))
    assert find("./plugins/one", base=str(repository), cache=_cache(repository))
