"""Modules that are files of npm packages: one exact version, integrity checked, nothing run.

The registry is the one this machine is configured for; no host is built in.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from runner.errors import Denied, InvalidInput, Problem, Unavailable
from runner.plugins.sources import npm_config, tarball

if TYPE_CHECKING:
    import httpx

    from runner.plugins.sources.npm_config import Registry

MAX_DOCUMENT = 64 * 2**20
MAX_TARBALL = 256 * 2**20
_TIMEOUT = 60.0
_MAX_REDIRECTS = 5
_REFERENCE = re.compile(
    r"(?P<name>(?:@[a-z0-9~][a-z0-9._~-]*/)?[a-z0-9~][a-z0-9._~-]*)@(?P<version>[0-9][0-9A-Za-z.+-]*)"
)
_STRENGTH = ("sha512", "sha384", "sha256")


def fetch(reference: str, path: str, *, base: str) -> bytes:
    """Return the bytes of the file `path` in the package `NAME@VERSION`.

    `base` is the folder whose `.npmrc` counts as the project's.

    Raises `InvalidInput` (no such package, version or file), `Denied` (integrity, size, an unsafe
    archive) or `Unavailable` (no registry configured, or it cannot be reached).
    """
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise _invalid(f"`{reference}` is not an exact npm version", "write `name@1.2.3`")
    name, version = found["name"], found["version"]
    registry = npm_config.read(name, base=base)
    with _client(registry) as client:
        url = f"{registry.url}{name.replace('/', '%2f')}"
        document = _get(client, url, registry, MAX_DOCUMENT, f"npm package `{name}`")
        location, integrity = _read_dist(document, name, version)
        what = f"npm package `{reference}`"
        content = _get(client, _rehost(location, registry), registry, MAX_TARBALL, what)
    _check_integrity(content, integrity, what)
    return tarball.extract(content, path, origin=what)


def _client(registry: Registry) -> httpx.Client:
    import ssl  # 10 ms; only when a package is fetched

    import httpx  # 70 ms; only when a package is fetched

    verify = ssl.create_default_context(cafile=registry.cafile) if registry.cafile else True
    return httpx.Client(
        verify=verify,
        proxy=registry.proxy or None,
        timeout=_TIMEOUT,
        headers={"User-Agent": "wasi-runner", "Accept-Encoding": "identity"},
    )


def _get(client: httpx.Client, url: str, registry: Registry, limit: int, what: str) -> bytes:
    """GET with a cap, following redirects by hand: credentials stay with the registry's host."""
    import httpx  # imported already

    try:
        for _ in range(_MAX_REDIRECTS + 1):
            headers = {"Accept": "application/vnd.npm.install-v1+json, application/json, */*"}
            if registry.authorization and _same_origin(url, registry.url):
                headers["Authorization"] = registry.authorization
            with client.stream("GET", url, headers=headers) as response:
                if response.has_redirect_location:
                    url = _follow(response, what)
                    continue
                return _read_body(response, limit, what)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _unavailable(what, f"{type(error).__name__}: {error}") from error
    raise _denied(f"{what}: more than {_MAX_REDIRECTS} redirects")


def _follow(response: httpx.Response, what: str) -> str:
    target = response.url.join(response.headers["location"])
    if target.scheme not in ("https", response.url.scheme):
        raise _denied(f"{what}: the registry redirects to `{target.scheme}:`, which is refused")
    return str(target)


def _read_body(response: httpx.Response, limit: int, what: str) -> bytes:
    if response.status_code == 404:
        raise _invalid(f"{what} is not in the registry `{response.url.host}`")
    if response.status_code != 200:
        raise _unavailable(what, f"the registry answers {response.status_code}")
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > limit:
            raise _denied(f"{what} is larger than {limit // 2**20} MiB")
    return bytes(body)


def _read_dist(document: bytes, name: str, version: str) -> tuple[str, str]:
    """Return the tarball's address and integrity of one version."""
    versions = _mapping(_mapping(_parse(document, name)).get("versions"))
    if version not in versions:
        raise _invalid(f"npm package `{name}` has no version `{version}`", _near(version, versions))
    dist = _mapping(_mapping(versions[version]).get("dist"))
    location, integrity = dist.get("tarball"), dist.get("integrity")
    if not isinstance(location, str) or not isinstance(integrity, str):
        raise _denied(f"npm package `{name}@{version}` has no tarball with an integrity")
    return location, integrity


def _parse(document: bytes, name: str) -> Any:
    try:
        return json.loads(document)
    except (ValueError, RecursionError) as error:
        raise _unavailable(f"npm package `{name}`", "the registry's answer is not JSON") from error


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _near(version: str, versions: dict[str, Any]) -> str:
    import difflib  # 5 ms; only on the way to an error

    close = difflib.get_close_matches(version, [*versions], n=5, cutoff=0.0)
    return f"nearest: {', '.join(close)}" if close else "it has no versions at all"


def _rehost(location: str, registry: Registry) -> str:
    """Return `location` on the registry: a mirror repeats the origin's addresses."""
    try:
        if _same_origin(location, registry.url):
            return location
        own, path = urlsplit(registry.url), urlsplit(location).path
    except ValueError as error:
        raise _denied(f"the registry names `{location}`, which is not an address") from error
    if not path.startswith(own.path):
        path = own.path + path.lstrip("/")
    return urlunsplit((own.scheme, own.netloc, path, "", ""))


def _same_origin(one: str, other: str) -> bool:
    left, right = urlsplit(one), urlsplit(other)
    return (left.scheme, left.netloc.lower()) == (right.scheme, right.netloc.lower())


def _check_integrity(content: bytes, integrity: str, what: str) -> None:
    """Check the strongest algorithm of a Subresource Integrity text; any of its digests will do."""
    known = [entry.partition("-") for entry in integrity.split()]
    for algorithm in _STRENGTH:
        wanted = {digest.partition("?")[0] for name, _, digest in known if name == algorithm}
        if wanted:
            digest = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
            if digest not in wanted:
                raise _denied(
                    f"{what} does not have the integrity its registry states",
                    f"expected {algorithm}-{min(wanted)}, got {algorithm}-{digest}",
                )
            return
    raise _denied(f"{what} has no strong integrity, only `{integrity[:100]}`")


def _invalid(message: str, hint: str = "") -> InvalidInput:
    return InvalidInput([Problem("module-not-found", message, hint=hint)])


def _denied(message: str, hint: str = "") -> Denied:
    return Denied([Problem("module-refused", message, hint=hint)])


def _unavailable(what: str, reason: str) -> Unavailable:
    return Unavailable(
        [
            Problem(
                "source-unavailable",
                f"cannot fetch {what}: {reason}",
                hint="check the network and the registry (`npm_config_registry`); "
                "once fetched, a module is used from the cache without any network",
            )
        ]
    )
