"""`manage.py mcp`: the MCP server over standard input and output, for an assistant on this machine."""

import asyncio
import signal
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections, connections


class Command(BaseCommand):
    help = "Answer an assistant on this machine (Model Context Protocol): it starts this command, which only reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--site",
            default=settings.SITE_URL or ("http://127.0.0.1:8000" if settings.EMBEDDED else ""),
            help="the site to which the answers lead, such as https://pledges.example.org (default: SITE_URL)",
        )

    def handle(self, *, site: str, **options: object) -> None:
        if not site:
            raise CommandError("Set SITE_URL, or give --site: the address to which the answers lead.")
        # Imported late: it takes a second, and `manage.py help` reads this file.
        from mcp.server.stdio import stdio_server

        from pledges.site.mcp.server import make_server

        server = make_server(site.rstrip("/"))
        connections.close_all()  # the calls are answered in another thread, with a connection of its own

        async def with_fresh_connection(ctx: Any, call_next: Any) -> Any:
            # As Django does for each request: the database may have been restarted since the last message.
            await sync_to_async(close_old_connections)()
            return await call_next(ctx)

        async def serve() -> None:
            async with stdio_server() as (received, sent):
                await server.run(received, sent, server.create_initialization_options())

        server.middleware.append(with_fresh_connection)
        # Ctrl-C ends it at once: nothing is written, and Python would wait for the thread that reads the next line.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        asyncio.run(serve())
