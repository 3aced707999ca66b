"""Modules from npm packages, against a registry that may be hostile."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from runner.errors import Denied, InvalidInput, RunnerError, Unavailable
from runner.plugins.manifest import Module
from runner.plugins.modules import obtain
from runner.plugins.sources import npm
from tests.plugins.registry import Registry, Reply, integrity, pack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WASM = b"\0asm\x01\0\0\0 tool"
NAME, VERSION = "@acme/tool", "1.2.3"


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Registry]:
    """Serve one sound package, and configure this process for that registry alone."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("npm_config_globalconfig", str(tmp_path / "none"))
    monkeypatch.setenv("npm_config_userconfig", str(tmp_path / "userconfig"))
    with Registry() as server:
        monkeypatch.setenv("npm_config_registry", server.url)
        server.publish(NAME, VERSION, pack({"package/dist/tool.wasm": WASM, "package/x": b""}))
        yield server


def _module(sha256: str = hashlib.sha256(WASM).hexdigest(), path: str = "dist/tool.wasm") -> Module:
    return Module(path, "npm", f"{NAME}@{VERSION}", sha256)


def _fetch(path: str = "dist/tool.wasm", reference: str = f"{NAME}@{VERSION}") -> bytes:
    return npm.fetch(reference, path, base="/nonexistent")


def _refusal(kind: type[RunnerError], path: str = "dist/tool.wasm") -> str:
    with pytest.raises(kind) as caught:
        _fetch(path)
    return str(caught.value.problems[0])


def test_a_module_is_fetched_once_and_then_used_offline(registry: Registry, tmp_path: Path) -> None:
    """The second use needs no registry; the file lies in the cache under its digest."""
    cache = str(tmp_path / "cache")
    first = obtain(_module(), folder="/", base="/", cache=cache)
    asked = len(registry.requests)
    registry.replies.clear()
    assert obtain(_module(), folder="/", base="/", cache=cache) == first
    assert len(registry.requests) == asked == 2
    assert first.path == f"{cache}/modules/{first.digest}.wasm"
    with open(first.path, "rb") as file:
        assert file.read() == WASM


def test_a_damaged_cache_is_mended(registry: Registry, tmp_path: Path) -> None:
    """A file that no longer has its digest is fetched again."""
    del registry
    module = obtain(_module(), folder="/", base="/", cache=str(tmp_path))
    with open(module.path, "wb") as file:
        file.write(b"damaged")
    obtain(_module(), folder="/", base="/", cache=str(tmp_path))
    with open(module.path, "rb") as file:
        assert file.read() == WASM


def test_the_pin_decides(registry: Registry, tmp_path: Path) -> None:
    """A file with another digest than the manifest's is refused, and both are shown."""
    del registry
    with pytest.raises(Denied) as caught:
        obtain(_module("ab" * 32), folder="/", base="/", cache=str(tmp_path))
    assert hashlib.sha256(WASM).hexdigest() in caught.value.problems[0].hint
    assert not list(tmp_path.glob("modules/*"))


def test_integrity_is_checked(registry: Registry) -> None:
    """A tarball that is not what the registry's own document says is refused."""
    registry.publish(NAME, VERSION, pack({"p/dist/tool.wasm": b"evil"}), integrity=integrity(b""))
    assert "does not have the integrity" in _refusal(Denied)
    registry.publish(NAME, VERSION, pack({"p/dist/tool.wasm": WASM}), integrity="sha1-abc")
    assert "no strong integrity" in _refusal(Denied)


def test_the_strongest_of_several_integrities_counts(registry: Registry) -> None:
    """Weak entries are ignored; one matching digest of the strongest is enough."""
    content = pack({"p/dist/tool.wasm": WASM})
    both = f"sha1-xyz sha256-wrong {integrity(b'other')} {integrity(content)}?opt"
    registry.publish(NAME, VERSION, content, integrity=both)
    assert _fetch() == WASM


def test_what_is_not_there_is_named(registry: Registry) -> None:
    """Unknown packages, versions and files each say so, with the nearest."""
    assert "has no file `dist/tol.wasm`" in _refusal(InvalidInput, "dist/tol.wasm")
    assert "dist/tool.wasm" in _refusal(InvalidInput, "x.wasm")
    with pytest.raises(InvalidInput, match=r"no version `1\.2\.4`.*nearest: 1\.2\.3"):
        _fetch(reference=f"{NAME}@1.2.4")
    with pytest.raises(InvalidInput, match="`@acme/none` is not in the registry"):
        _fetch(reference="@acme/none@1.0.0")
    with pytest.raises(InvalidInput, match="not an exact npm version"):
        _fetch(reference="@acme/tool@latest")
    registry.replies["/@acme%2ftool"] = Reply(b"[1]")
    assert "has no versions at all" in _refusal(InvalidInput)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_registry_that_cannot_answer_is_unavailable(registry: Registry, status: int) -> None:
    """An error of the registry is not the user's."""
    registry.replies["/@acme%2ftool"] = Reply(status=status)
    assert str(status) in _refusal(Unavailable)


def test_no_network_says_what_to_do(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry that cannot be reached is `Unavailable`, with a hint."""
    del registry
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    message = _refusal(Unavailable)
    assert "cannot fetch npm package `@acme/tool`" in message
    assert "npm_config_registry" in message


def test_nonsense_from_the_registry_is_no_crash(registry: Registry) -> None:
    """Documents of any shape lead to an error of ours."""
    for body in (b"", b"{", b"[" * 100_000, b"3", b"\xff", b'{"versions": {"1.2.3": 3}}'):
        registry.replies["/@acme%2ftool"] = Reply(body)
        with pytest.raises(RunnerError):
            _fetch()
    for dist in ({"tarball": "file:///etc/passwd"}, {"tarball": "::::"}, {"tarball": "http://["}):
        registry.publish(NAME, VERSION, b"", **dist)
        with pytest.raises(RunnerError):
            _fetch()


def test_tarball_addresses_are_asked_at_the_registry(registry: Registry) -> None:
    """A mirror that repeats its origin's addresses still serves the file itself."""
    content = pack({"p/dist/tool.wasm": WASM})
    registry.publish(
        NAME, VERSION, content, tarball="https://origin.invalid/@acme/tool/-/1.2.3.tgz"
    )
    assert _fetch() == WASM


def test_credentials_stay_with_the_registry(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A redirect to another host is followed without the token; the content is checked anyway."""
    monkeypatch.setenv(f"npm_config_//{registry.host}/:_authToken", "s3cret")
    content = pack({"p/dist/tool.wasm": WASM})
    with Registry() as other:
        other.replies["/blob"] = Reply(content)
        registry.publish(NAME, VERSION, content)
        location = ("Location", f"{other.url}blob")
        registry.replies["/@acme/tool/-/1.2.3.tgz"] = Reply(status=302, headers=(location,))
        assert _fetch() == WASM
        assert {headers.get("Authorization") for _, headers in registry.requests} == {
            "Bearer s3cret"
        }
        assert [headers.get("Authorization") for _, headers in other.requests] == [None]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a.invalid/", "/@acme%2ftool"])
def test_redirects_have_bounds(registry: Registry, target: str) -> None:
    """Other schemes and endless circles are refused."""
    registry.replies["/@acme%2ftool"] = Reply(status=301, headers=(("Location", target),))
    assert "redirect" in _refusal(Denied)


def test_answers_have_a_size_cap(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document or tarball beyond the cap is not read to its end."""
    monkeypatch.setattr(npm, "MAX_TARBALL", 1000)
    registry.publish(NAME, VERSION, b"x" * 2000)
    assert "is larger than" in _refusal(Denied)
