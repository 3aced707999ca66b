"""A small serverless host: HTTP in, a plugin of the kind `function`, HTTP out.

`/NAMESPACE/NAME/...` is answered by the plugin with that id. Requests and responses have the shape
of AWS Lambda function URLs (payload format 2.0). Functions are compiled when they are found, so
that no request waits for it, and replaced while they run when their folder changes.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import logging
import os
import re
from typing import TYPE_CHECKING, Any

import uvicorn
from metrics import Metrics
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from runner import ExecutionContext, Limits, ManagerConfig, PluginManager, RunnerError, Verdict

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from runner import PluginResult

KIND = "function"
FUNCTIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "functions")
METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
MAX_BODY = 1 << 20
TIMEOUT = 10.0

_LOG = logging.getLogger("uvicorn.error")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
# What belongs to the connection is the server's to say.
_CONNECTION = {"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"}


class Host:
    """The application; `folder` holds the functions, a folder each."""

    def __init__(self, folder: str, *, concurrency: int = 0) -> None:
        self._metrics = Metrics()
        self._config = ManagerConfig(
            concurrency=concurrency,
            kinds=(KIND,),
            folders=(folder,),
            is_hot_reload=True,
            limits=Limits(wall_time=TIMEOUT, memory=256 << 20, output=MAX_BODY),
            on_event=self._metrics.observe,
        )
        self._manager: PluginManager | None = None
        self.app = Starlette(
            routes=[
                Route("/metrics", self._show_metrics),
                Route("/{namespace}/{name}", self._call, methods=METHODS),
                Route("/{namespace}/{name}/{path:path}", self._call, methods=METHODS),
            ],
            lifespan=self._live,
        )

    @contextlib.asynccontextmanager
    async def _live(self, _app: Starlette) -> AsyncIterator[None]:
        with PluginManager(self._config) as self._manager:
            for problem in self._manager.problems:
                _LOG.warning("%s", problem)
            _LOG.info("functions: %s", ", ".join(one.id for one in self._manager.list()))
            yield

    async def _show_metrics(self, _request: Request) -> Response:
        return PlainTextResponse(self._metrics.render(), media_type=Metrics.MEDIA_TYPE)

    async def _call(self, request: Request) -> Response:
        assert self._manager, "requests come while the application lives"
        function = "{namespace}/{name}".format(**request.path_params)
        if function not in {one.id for one in self._manager.list()}:
            return _refuse(404, f"there is no function `{function}`")
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BODY:
                return _refuse(413, f"a body has at most {MAX_BODY} bytes")
        context = ExecutionContext(timeout=TIMEOUT)
        try:
            result = await self._manager.execute_async(
                function, context, {"request": _describe(request, body)}
            )
        except RunnerError as error:
            _LOG.error("%s: %s", function, error)
            return _refuse(500, "the function cannot be called")
        return _answer(result)


def _describe(request: Request, body: bytes) -> dict[str, Any]:
    """Return the event that stands for a request."""
    try:
        text, is_encoded = body.decode(), False
    except UnicodeDecodeError:
        text, is_encoded = base64.b64encode(body).decode(), True
    path = f"/{request.path_params.get('path', '')}"
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": request.url.query,
        "headers": dict(request.headers),
        "queryStringParameters": dict(request.query_params),
        "requestContext": {"http": {"method": request.method, "path": path}},
        "body": text,
        "isBase64Encoded": is_encoded,
    }


def _answer(result: PluginResult) -> Response:
    """Return the response that a result means; what went wrong is for the log, not the caller."""
    if result.is_success:
        try:
            response = _read(result.value)
        except ValueError as error:
            _LOG.error("%s: %s", result.plugin, error)
            response = _refuse(502, "the function gave no response")
    else:
        _LOG.error("%s: %s", result.plugin, "; ".join(map(str, result.errors)))
        is_late = result.verdict == Verdict.TIMED_OUT
        response = _refuse(504 if is_late else 502, "the function failed")
    response.headers["x-execution-id"] = result.execution_id
    return response


def _read(value: Any) -> Response:
    """Read a response; a value without a `statusCode` is the body itself, as JSON."""
    if not isinstance(value, dict) or "statusCode" not in value:
        return JSONResponse(value)
    status, headers = value["statusCode"], value.get("headers") or {}
    if type(status) is not int or not 200 <= status <= 599:
        raise ValueError(f"`statusCode` is {status!r}, not one of 200 to 599")
    if not isinstance(headers, dict):
        raise ValueError("`headers` is no mapping")
    body = value.get("body") or ""
    if not isinstance(body, str):
        body = json.dumps(body)
    content = base64.b64decode(body, validate=True) if value.get("isBase64Encoded") else body
    response = Response(content, status)
    for name, text in headers.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(str(text)):
            raise ValueError(f"header {name!r} is not allowed")
        if name.lower() not in _CONNECTION:
            response.headers[name] = str(text)
    return response


def _refuse(status: int, message: str) -> Response:
    return JSONResponse({"message": message}, status)


def main() -> None:
    """Serve a folder of functions."""
    parser = argparse.ArgumentParser(description="Serve plugins of the kind `function` over HTTP.")
    parser.add_argument("--folder", default=FUNCTIONS)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--concurrency", type=int, default=0, help="as many as cores by default")
    options = parser.parse_args()
    host = Host(options.folder, concurrency=options.concurrency)
    uvicorn.run(host.app, host=options.host, port=options.port, access_log=False)


if __name__ == "__main__":
    main()
