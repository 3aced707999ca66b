"""WASI 0.2 components as plugins."""

from __future__ import annotations

from runner import PluginManager
from tests.plugins.manager.conftest import describe
from tests.sandbox import built


def test_a_component_is_a_plugin_like_any_other() -> None:
    """One made by componentize-py leaves its outputs; what components cannot do is a warning."""
    code = "open('/runner/output', 'a').write('answer=42\\n')"
    main = {"module": "app.wasm", "arguments": [code, "you"]}
    manifest = describe(
        entry_points={"main": main},
        outputs={"answer": {"type": "number"}},
        permissions={"system": {"env_vars": ["NAME"]}},
    )
    with PluginManager(cache=str(built.cache())) as manager:
        plugin = manager.load(built.build_component(), manifest)
        result = manager.execute(plugin)
    assert result.is_success, result
    assert result.outputs == {"answer": 42}
    assert {problem.code for problem in result.errors} == {"execution-note"}
