"""A plugin looked at before it is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from runner.plugins.reader import read
from tests.plugins.manager.conftest import compiled, describe
from tests.sandbox import wat

if TYPE_CHECKING:
    from pathlib import Path

    from runner import PluginManager
    from tests.plugins.manager.conftest import MakeManager

GOOD = compiled(wat.say((1, "hello")))
ONLINE = {"network": {"allowed_domains": ["example.com"]}}


def test_a_sound_plugin_is_valid(manager: PluginManager, tmp_path: Path) -> None:
    """Whatever way it is handed over; and it is not loaded by being looked at."""
    (tmp_path / "plugin.wasm").write_bytes(GOOD)
    file = tmp_path / "step.yml"
    file.write_text(describe())
    record = read(str(file), file.read_bytes())
    for wasm, manifest in ((None, tmp_path), (GOOD, describe()), (GOOD, record)):
        report = manager.validate(wasm, manifest)
        assert report.is_valid, report
    assert manager.list() == ()
    file.write_text(describe("1.0.1"))
    (finding,) = manager.validate(GOOD, record).findings
    assert finding.code == "manifest-changed"


@pytest.mark.parametrize(
    ("wasm", "manifest", "code"),
    [
        (b"no module", describe(), "module-malformed"),
        (compiled(wat.NO_START), describe(), "export-missing"),
        (compiled(wat.PREVIEW_0), describe(), "import-unknown"),
        (GOOD, describe(inputs={"a": {"type": "text"}}), "schema.unexpected-value"),
        (None, describe(), "module-not-found"),
        (GOOD, "no/such/step.yml", "manifest-not-found"),
        (GOOD, describe(permissions=ONLINE), "permission-denied"),
    ],
)
def test_what_is_wrong_is_a_finding(
    manager: PluginManager, wasm: Any, manifest: str, code: str
) -> None:
    """It has a code and makes the report invalid; nothing is raised."""
    report = manager.validate(wasm, manifest)
    assert not report.is_valid
    assert code in [finding.code for finding in report.findings if finding.severity == "error"]


def test_more_than_the_loaded_version_requests_is_told(make_manager: MakeManager) -> None:
    """The growth of a plugin's permissions is among the findings."""
    manager = make_manager()
    reads = {"filesystem": {"read_paths": ["docs"]}}
    writes = {"filesystem": {"read_paths": ["docs"], "write_paths": ["out"]}}
    manager.load(GOOD, describe(permissions=reads))
    assert manager.validate(GOOD, describe("1.1.0", permissions=reads)).is_valid
    findings = manager.validate(GOOD, describe("1.1.0", permissions=writes)).findings
    assert any("out" in finding.message + finding.hint for finding in findings), findings
