"""npm's own configuration as we read it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from runner.errors import InvalidInput, Unavailable
from runner.plugins.sources.npm_config import Registry, parse, read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Make a machine without any npm: home/, project/ and global in an own folder."""
    import os

    for name in [*os.environ]:
        if name.lower().startswith("npm_config_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PREFIX", str(tmp_path / "prefix"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for folder in ("home", "project", "prefix/etc", "bin"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def _read(machine: Path, package: str = "tool") -> Registry:
    return read(package, base=str(machine / "project"))


def test_the_nearest_configuration_wins(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables come before the project, the project before the user, the user before all."""
    (machine / "prefix/etc/npmrc").write_text("registry=https://global.test")
    assert _read(machine).url == "https://global.test/"
    (machine / "home/.npmrc").write_text("registry = 'https://user.test/npm'")
    assert _read(machine).url == "https://user.test/npm/"
    (machine / "project/.npmrc").write_text("; comment\n# too\nregistry=https://project.test/")
    assert _read(machine).url == "https://project.test/"
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "https://variable.test")
    assert _read(machine).url == "https://variable.test/"


def test_scopes_may_have_a_registry_of_their_own(machine: Path) -> None:
    """`@scope:registry` beats `registry` for packages of that scope only."""
    (machine / "home/.npmrc").write_text(
        "registry=https://all.test\n@acme:registry=https://acme.test"
    )
    assert _read(machine, "@acme/tool").url == "https://acme.test/"
    assert _read(machine, "@other/tool").url == "https://all.test/"


def test_npm_itself_is_asked_last(machine: Path) -> None:
    """An installed npm knows the default; its answer is used."""
    npm = machine / "bin/npm"
    npm.write_text("#!/bin/sh\necho https://default.test/\n")
    npm.chmod(0o755)
    assert _read(machine).url == "https://default.test/"
    npm.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(Unavailable):
        _read(machine)


def test_without_any_registry_the_error_says_what_to_set(machine: Path) -> None:
    """No host is built in: the user has to name one."""
    with pytest.raises(Unavailable) as caught:
        _read(machine)
    assert "npm_config_registry=URL" in caught.value.problems[0].hint


@pytest.mark.parametrize("url", ["ftp://a.test", "a.test", "file:///x", "https://", "http://[x"])
def test_a_registry_must_be_an_address(machine: Path, url: str) -> None:
    """Anything but http and https is refused."""
    (machine / "home/.npmrc").write_text(f"registry={url}")
    with pytest.raises(InvalidInput, match="not the address of a registry"):
        _read(machine)


def test_tokens_belong_to_a_part_of_a_host(machine: Path) -> None:
    """The longest configured prefix of the registry's address gives the credentials."""
    (machine / "home/.npmrc").write_text(
        "registry=https://a.test/npm/team\n"
        "//a.test/:_authToken=outer\n//a.test/npm/:_authToken=inner\n//b.test/:_authToken=no"
    )
    assert _read(machine).authorization == "Bearer inner"


def test_basic_credentials(machine: Path) -> None:
    """A password is stored base64-encoded, or together with the name as `_auth`."""
    password = base64.b64encode(b"pass").decode()
    both = base64.b64encode(b"me:pass").decode()
    (machine / "home/.npmrc").write_text(
        f"registry=https://a.test\n//a.test/:username=me\n//a.test/:_password={password}"
    )
    assert _read(machine).authorization == f"Basic {both}"
    (machine / "home/.npmrc").write_text(f"registry=https://a.test\n//a.test/:_auth={both}")
    assert _read(machine).authorization == f"Basic {both}"


def test_variables_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """`${NAME}` stands for the environment's value; an unset one stays as it is."""
    monkeypatch.setenv("ACME", "x")
    assert parse("a=${ACME}/${ACME_UNSET}") == {"a": "x/${ACME_UNSET}"}


def test_a_project_cannot_read_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository's file names registries and tokens; it gets no other variable or setting."""
    monkeypatch.setenv("AWS_SECRET", "s3cret")
    monkeypatch.setenv("MY_NPM_TOKEN", "token")
    text = (
        "registry=https://a.test/${AWS_SECRET}\ncafile=/x\nproxy=http://p\n"
        "@s:registry=https://s.test\n//a.test/:_authToken=${MY_NPM_TOKEN}\n"
    )
    assert parse(text, is_project=True) == {
        "registry": "https://a.test/${AWS_SECRET}",
        "@s:registry": "https://s.test",
        "//a.test/:_authToken": "token",
    }


def test_network_settings_come_from_the_user(machine: Path) -> None:
    """Proxy and certificates are the user's; each scheme has its proxy."""
    (machine / "home/.npmrc").write_text(
        "registry=https://a.test\ncafile=/ca.pem\nproxy=http://p:1\nhttps-proxy=http://p:2"
    )
    assert _read(machine) == Registry("https://a.test/", "", "/ca.pem", "http://p:2")
