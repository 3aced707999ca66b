"""HTTP by the host, asked for by a real guest, with real servers on this machine."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from runner.abi import Denial, Verdict
from runner.plugins.host import make_host

if TYPE_CHECKING:
    from tests.plugins.host.conftest import Asker, Server


def _network(*servers: Server, **fields: Any) -> dict[str, Any]:
    ports = [server.port for server in servers]
    return {"allowed_domains": ["localhost", "127.0.0.1"], "allowed_ports": ports, **fields}


def test_what_is_allowed_succeeds(asker: Asker, https: Server) -> None:
    """Status, headers and body come back; method, headers and body arrive."""
    request = {
        "method": "POST",
        "url": f"https://localhost:{https.port}/echo?x=1",
        "headers": {"X-Mine": "yes"},
        "body": "hello",
    }
    answer = asker.ask("http", request, network=_network(https))
    assert answer.json["status"] == 200
    assert '"path": "/echo?x=1"' in answer.json["body"]
    method, path, headers, body = https.seen[0]
    assert (method, path, body) == ("POST", "/echo?x=1", b"hello")
    assert headers["x-mine"] == "yes"
    assert headers["Host"] == f"localhost:{https.port}"
    assert answer.result.denials == ()


def test_bodies_that_are_no_text_are_base64(asker: Asker, https: Server) -> None:
    """Both ways."""
    url = f"https://127.0.0.1:{https.port}/bytes"
    request = {"method": "PUT", "url": url, "body_base64": "/wA="}
    answer = asker.ask("http", request, network=_network(https))
    assert answer.json["body_base64"] == "/wA="
    assert https.seen[0][3] == b"\xff\x00"


@pytest.mark.parametrize(
    ("fields", "permission", "grant"),
    [
        (
            {"allowed_domains": ["*", "example.com"]},
            "network.allowed_domains",
            "grant: {network: {allowed_domains: [localhost]}}",
        ),
        (
            {"allowed_ports": [443]},
            "network.allowed_ports",
            "grant: {network: {allowed_ports: [443, %d]}}",
        ),
        (
            {"max_connections": 0},
            "network.max_connections",
            "grant: {network: {max_connections: 1}}",
        ),
    ],
)
def test_what_is_not_allowed_is_refused(
    asker: Asker, https: Server, fields: dict[str, Any], permission: str, grant: str
) -> None:
    """The guest is told, the result has the grant that is missing, and no request was made."""
    url = f"https://localhost:{https.port}/"
    answer = asker.ask("http", {"url": url}, network=_network(https) | fields)
    assert answer.code == permission
    (denial,) = answer.result.denials
    assert denial.permission == permission
    assert denial.grant == (grant % https.port if "%" in grant else grant)
    assert https.seen == []


def test_without_any_domain_there_is_no_http(asker: Asker) -> None:
    """The operation itself is refused before the host hears of it."""
    answer = asker.ask("http", {"url": "https://localhost/"})
    assert answer.text.startswith("!")


def test_https_is_required_unless_said_otherwise(asker: Asker, http_server: Server) -> None:
    """Plain http needs `require_https: false`."""
    request = {"url": f"http://localhost:{http_server.port}/"}
    answer = asker.ask("http", request, network=_network(http_server))
    assert answer.result.denials == (
        Denial(
            "network.require_https",
            f"a request to `http://localhost:{http_server.port}`",
            "grant: {network: {require_https: false}}",
        ),
    )
    answer = asker.ask("http", request, network=_network(http_server, require_https=False))
    assert answer.json["status"] == 200


@pytest.mark.parametrize("name", ["127.1", "2130706433", "0x7f000001", "017700000001"])
def test_addresses_are_checked_after_resolution(asker: Asker, https: Server, name: str) -> None:
    """A name that `*` covers and that turns out to be this machine is refused, unconnected."""
    network = {"allowed_domains": ["*"], "allowed_ports": ["1-65535"]}
    answer = asker.ask("http", {"url": f"https://{name}:{https.port}/"}, network=network)
    assert answer.result.denials[0].act == (
        f"connect to `{name}`, which is 127.0.0.1, an address that is not public"
    )
    assert answer.result.denials[0].grant == 'grant: {network: {allowed_domains: ["127.0.0.1"]}}'
    assert https.seen == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1"]
)
def test_private_addresses_must_be_named(asker: Asker, host: str) -> None:
    """`*` is the public internet only."""
    network = {"allowed_domains": ["*"]}
    answer = asker.ask("http", {"url": f"https://{host}/"}, network=network)
    assert answer.code == "network.allowed_domains"


def test_each_redirect_is_checked(asker: Asker, https: Server, other: Server) -> None:
    """One within what is allowed is followed, one out of it refused, at the second hop."""
    good = f"https://127.0.0.1:{other.port}/there"
    request = {"url": f"https://localhost:{https.port}/to/302/{good}"}
    answer = asker.ask("http", request, network=_network(https, other))
    assert (answer.json["status"], answer.json["url"]) == (200, good)
    network = _network(https, other, allowed_domains=["localhost"])
    answer = asker.ask("http", request, network=network)
    assert answer.result.denials[0].grant == 'grant: {network: {allowed_domains: ["127.0.0.1"]}}'
    for target in (f"https://localhost:{other.port}/", f"http://localhost:{https.port}/"):
        request = {"url": f"https://localhost:{https.port}/to/307/{target}"}
        answer = asker.ask("http", request, network=_network(https))
        assert answer.code in {"network.allowed_ports", "network.require_https"}
    assert len(other.seen) == 1


def test_redirects_can_be_left_alone_and_end(asker: Asker, https: Server) -> None:
    """Without any left the redirect itself is the reply; a relative one is followed."""
    url = f"https://localhost:{https.port}/to/302//to/302//end"
    answer = asker.ask("http", {"url": url, "redirects": 0}, network=_network(https))
    assert answer.json["status"] == 302
    answer = asker.ask("http", {"url": url, "redirects": 1}, network=_network(https))
    assert answer.json["status"] == 302
    answer = asker.ask("http", {"url": url}, network=_network(https))
    assert answer.json["status"] == 200
    assert answer.json["url"].endswith("/end")


def test_a_post_that_is_sent_elsewhere_becomes_a_get(asker: Asker, https: Server) -> None:
    """As everywhere: 303 drops method and body, 307 keeps both."""
    for code, expected in ((303, ("GET", b"")), (307, ("POST", b"data"))):
        url = f"https://localhost:{https.port}/to/{code}//end"
        asker.ask("http", {"method": "POST", "url": url, "body": "data"}, network=_network(https))
        method, _, _, body = https.seen[-1]
        assert (method, body) == expected


def test_secrets_are_sent_by_handle(asker: Asker, https: Server, other: Server) -> None:
    """The server gets the value, the guest neither has it nor gets it back."""
    headers = {"Authorization": "Bearer {{secret:token}}"}
    url = f"https://localhost:{https.port}/"
    answer = asker.ask("http", {"url": url, "headers": headers}, network=_network(https))
    assert https.seen[0][2]["authorization"] == "Bearer hunter2"
    assert "Bearer ***" in answer.json["body"]
    assert "hunter2" not in answer.text
    call = asker.prepare("http", {}, network=_network(https))
    assert "hunter2" not in repr(call.invocation)
    # Another origin is not who the credentials were for.
    url = f"https://localhost:{https.port}/to/307/https://localhost:{other.port}/"
    asker.ask("http", {"url": url, "headers": headers}, network=_network(https, other))
    assert "authorization" not in {name.lower() for name in other.seen[0][2]}


@pytest.mark.parametrize("target", ["/?token={}", "https://{}.example/", "https://[{}/"])
def test_a_redirect_does_not_tell_a_secret(asker: Asker, https: Server, target: str) -> None:
    """A server that puts it into a location tells it to nobody: no error, no reply, no next hop."""
    headers = {"Authorization": "Bearer {{secret:token}}"}
    url = f"https://localhost:{https.port}/to/302/{target.format('hunter2')}"
    answer = asker.ask("http", {"url": url, "headers": headers}, network=_network(https))
    assert "hunter2" not in answer.text
    assert "hunter2" not in repr(answer.result.denials)
    assert not any("hunter2" in path for _, path, *_ in https.seen[1:])


def test_secrets_stay_off_the_open_road(asker: Asker, http_server: Server) -> None:
    """Not by http, not of another step, and nowhere but in headers."""
    url = f"http://localhost:{http_server.port}/"
    network = _network(http_server, require_https=False)
    request = {"url": url, "headers": {"X": "{{secret:token}}"}}
    assert asker.ask("http", request, network=network).code == "host-request"
    request = {"url": url, "headers": {"X": "{{secret:other}}"}}
    assert "no secret `other`" in asker.ask("http", request, network=network).text
    assert http_server.seen == []
    asker.ask("http", {"method": "POST", "url": url, "body": "{{secret:token}}"}, network=network)
    assert http_server.seen[0][3] == b"{{secret:token}}"


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"url": 3},
        {"url": "ftp://localhost/"},
        {"url": "https://user:pass@localhost/"},
        {"url": "https://localhost:99999/"},
        {"url": "https://local host/"},
        {"url": "https://localhost/\r\nX: y"},
        {"url": "https://localhost/a b"},
        {"url": "https://löcalhost/"},
        {"url": "https://localhost/", "method": "CONNECT"},
        {"url": "https://localhost/", "headers": {"Host": "evil.test"}},
        {"url": "https://localhost/", "headers": {"X": "a\r\nY: b"}},
        {"url": "https://localhost/", "headers": {"X y": "a"}},
        {"url": "https://localhost/", "headers": {"Transfer-Encoding": "chunked"}},
        {"url": "https://localhost/", "headers": [["a", "b"]]},
        {"url": "https://localhost/", "body": "a", "body_base64": "YQ=="},
        {"url": "https://localhost/", "body_base64": "?"},
        {"url": "https://localhost/", "timeout": -1},
        {"url": "https://localhost/", "timeout": True},
        {"url": "https://localhost/", "redirect": 1},
        "[]",
        "{",
        "[" * 5000,
    ],
)
def test_wrong_requests_are_told(asker: Asker, request_: Any) -> None:
    """Whatever a guest sends, it gets an answer, and the host lives on."""
    answer = asker.ask("http", request_, network={"allowed_domains": ["localhost"]})
    assert answer.code == "host-request"
    assert answer.result.is_success


def test_replies_are_no_larger_than_messages(asker: Asker, https: Server) -> None:
    """More than `max_message_size` is refused, with what would do."""
    request = {"url": f"https://localhost:{https.port}/big"}
    answer = asker.ask("http", request, network=_network(https))
    assert answer.code == "communication.max_message_size"
    assert answer.result.denials[0].grant == "grant: {communication: {max_message_size: 2097152}}"


def test_a_server_that_drips_is_left_in_time(asker: Asker, https: Server) -> None:
    """The limit is for the whole request, not for each byte of it."""
    request = {"url": f"https://localhost:{https.port}/drip", "timeout": 0.5}
    answer = asker.ask("http", request, network=_network(https))
    assert answer.code == "http-timeout"


def test_the_step_ends_while_a_request_is_at_work(asker: Asker, https: Server) -> None:
    """A cancelled step does not wait for a server, and its request is given up."""
    request = {"url": f"https://localhost:{https.port}/drip"}
    call = asker.prepare("http", request, network=_network(https))
    kills: list[Any] = []

    def cancel() -> None:
        while not https.seen:
            https.is_over.wait(0.01)
        kills[0]()

    thread = threading.Thread(target=cancel)
    thread.start()
    assert asker.services.run is not None
    before = threading.active_count()
    with make_host("test/asker", call, asker.services) as host:
        result = asker.services.run(
            call.invocation, lambda _: None, on_start=kills.append, on_call=host
        )
    thread.join()
    assert result.verdict == Verdict.CANCELLED
    assert threading.active_count() <= before + 2


def test_who_does_not_answer_is_told(asker: Asker, https: Server) -> None:
    """Nobody there, an unknown name, a certificate that is not theirs: errors, not denials."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        network = {"allowed_domains": ["localhost"], "allowed_ports": [port]}
        answer = asker.ask("http", {"url": f"https://localhost:{port}/"}, network=network)
    assert answer.code == "http-failed"
    network = {"allowed_domains": ["nobody.invalid"]}
    answer = asker.ask("http", {"url": "https://nobody.invalid/"}, network=network)
    assert answer.code == "http-unknown-host"
    asker.services = asker.services._replace(tls=None)
    answer = asker.ask("http", {"url": f"https://localhost:{https.port}/"}, network=_network(https))
    assert "CERTIFICATE_VERIFY_FAILED" in answer.text
    assert answer.result.denials == ()
