"""Which npm registry this machine uses, and with what credentials: npm's own configuration.

Order: `npm_config_*` variables, the project's `.npmrc`, the user's, the global one, and at last
npm itself if it is installed.
"""

from __future__ import annotations

import base64
import os
import re
from urllib.parse import urlsplit

from runner.errors import InvalidInput, Problem, Unavailable
from runner.records import NamedTuple

_MAX_FILE = 2**20
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
# A project's file comes with the repository: it may name a registry and its token, but not send
# any variable of this machine anywhere, nor change how the network is reached.
_PROJECT_KEYS = re.compile(r"(@[^:]+:)?registry|//.*:(_authToken|_auth|username|_password)")
_PROJECT_VARIABLES = re.compile(r".*NPM.*|NODE_AUTH_TOKEN")


class Registry(NamedTuple):
    """`url` ends in a slash; `authorization` is the header's value for that origin, or empty."""

    url: str
    authorization: str = ""
    cafile: str = ""
    proxy: str = ""


def read(package: str, *, base: str) -> Registry:
    """Return the registry for `package`; `base` is the project's folder.

    Raises `Unavailable` if none is configured and npm is not installed.
    """
    layers = _layers(base)
    scope = package.partition("/")[0] if package.startswith("@") else ""
    url = (scope and _first(layers, f"{scope}:registry")) or _first(layers, "registry")
    url = _checked(url or _ask_npm(base))
    is_https = url.startswith("https:")
    return Registry(
        url,
        _authorization(layers, url),
        _first(layers, "cafile"),
        (is_https and _first(layers, "https-proxy")) or _first(layers, "proxy"),
    )


def parse(text: str, *, is_project: bool = False) -> dict[str, str]:
    """Read an `.npmrc`: `key = value` lines, `${NAME}` replaced by the environment's value."""
    allowed = _PROJECT_VARIABLES if is_project else re.compile(".*")
    values = {}
    for line in text.splitlines():
        key, equals, value = line.strip().partition("=")
        key, value = key.strip(), value.strip()
        if not equals or not key or key[0] in "#;[":
            continue
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        if not is_project or _PROJECT_KEYS.fullmatch(key):
            values[key] = _expand(value, allowed)
    return values


def _layers(base: str) -> list[dict[str, str]]:
    variables: dict[str, str] = {}
    for name, value in os.environ.items():
        if name.lower().startswith("npm_config_") and value:
            key = name[len("npm_config_") :]
            is_address = key.startswith(("@", "//"))
            variables[key if is_address else key.lower().replace("_", "-")] = value
    home = os.path.expanduser("~")
    user = variables.get("userconfig") or os.path.join(home, ".npmrc")
    project = os.path.join(base, ".npmrc")
    layers = [variables]
    if os.path.realpath(project) != os.path.realpath(user):
        layers.append(_read_file(project, is_project=True))
    return [*layers, _read_file(user), _read_file(variables.get("globalconfig") or _global_file())]


def _read_file(path: str, *, is_project: bool = False) -> dict[str, str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return parse(file.read(_MAX_FILE), is_project=is_project)
    except OSError:
        return {}


def _global_file() -> str:
    import shutil  # 8 ms; only when a package is fetched

    node = shutil.which("node")
    prefix = os.environ.get("PREFIX") or (
        os.path.dirname(os.path.dirname(os.path.realpath(node))) if node else ""
    )
    return os.path.join(prefix, "etc", "npmrc")


def _expand(value: str, allowed: re.Pattern[str]) -> str:
    def replace(found: re.Match[str]) -> str:
        known = os.environ.get(found[1]) if allowed.fullmatch(found[1]) else None
        return found[0] if known is None else known

    return _VARIABLE.sub(replace, value)


def _first(layers: list[dict[str, str]], key: str) -> str:
    return next((layer[key] for layer in layers if layer.get(key, "null") not in ("", "null")), "")


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and parts.hostname and not parts.query
    except ValueError:
        is_address = False
    if not is_address:
        message = f"`{url}` is not the address of a registry"
        raise InvalidInput([Problem("registry-invalid", message)])
    return url if url.endswith("/") else f"{url}/"


def _authorization(layers: list[dict[str, str]], url: str) -> str:
    """Return the header for the longest configured prefix of `url`, npm's `//host/path/` keys."""
    parts = urlsplit(url)
    path = parts.path
    while path:
        prefix = f"//{parts.netloc.rpartition('@')[2]}{path}"
        for key in {prefix, prefix.rstrip("/")}:
            if token := _first(layers, f"{key}:_authToken"):
                return f"Bearer {token}"
            if basic := _first(layers, f"{key}:_auth"):
                return f"Basic {basic}"
            user, password = (_first(layers, f"{key}:{name}") for name in ("username", "_password"))
            if user and password:
                return f"Basic {_basic(user, password)}"
        path = path.rstrip("/").rpartition("/")[0] + "/" if path != "/" else ""
    return ""


def _basic(user: str, password: str) -> str:
    """Join the two as HTTP wants them; the file holds the password base64-encoded."""
    return base64.b64encode(user.encode() + b":" + base64.b64decode(password)).decode()


def _ask_npm(base: str) -> str:
    """Return the default that no file states, and that npm knows."""
    import shutil  # 8 ms; only when nothing else names a registry
    import subprocess  # 12 ms; as above

    npm = shutil.which("npm")
    if npm:
        try:
            answer = subprocess.run(
                [npm, "config", "get", "registry"],
                cwd=base,
                capture_output=True,
                text=True,
                timeout=60,
                check=True,
            )
        except (OSError, subprocess.SubprocessError, UnicodeError):
            return _no_registry()
        if url := answer.stdout.strip():
            return url
    return _no_registry()


def _no_registry() -> str:
    raise Unavailable(
        [
            Problem(
                "registry-unknown",
                "no npm registry is configured on this machine",
                hint="set `npm_config_registry=URL`, or a `registry=URL` line in `~/.npmrc`",
            )
        ]
    )
