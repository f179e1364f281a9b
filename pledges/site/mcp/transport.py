"""How one of Django's requests gets through the package's Streamable HTTP transport, which is an ASGI application."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse
from mcp.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

Message = MutableMapping[str, Any]


def exchange(server: Server[Any], request: HttpRequest) -> HttpResponse:
    """Hand a POST request to the server and return its answer; errors of the protocol are answers, too.

    The event loop runs for this request only, in a thread of its own. The tools run in the thread of the caller, with
    its database connection and its language (see `sync_to_async` in `server`).
    """
    return async_to_sync(_exchange)(server, _scope(request), request.body)


async def _exchange(server: Server[Any], scope: Message, body: bytes) -> HttpResponse:
    sent: list[Message] = []
    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not unread:
            await asyncio.Event().wait()  # the client stays connected, until the exchange is over
        return unread.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
    async with manager.run():
        await manager.handle_request(scope, receive, send)
    start, *parts = sent
    return HttpResponse(
        b"".join(part.get("body", b"") for part in parts),
        status=start["status"],
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]},
    )


def _scope(request: HttpRequest) -> Message:
    """The request as ASGI describes it (asgi.readthedocs.io, "HTTP Connection Scope")."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers.items()
        ],
    }
