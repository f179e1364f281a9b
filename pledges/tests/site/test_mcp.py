"""The MCP server over HTTP."""
import asyncio
import pytest
from mcp import Client

pytestmark = pytest.mark.django_db

async def use(url, work):
    async with Client(url) as client:
        return await work(client)

def test_it(first_edition, db, live_server):
    async def work(client):
        tools = await client.list_tools()
        print([t.name for t in tools.tools])
        r = await client.call_tool("current_edition", {})
        print(r)
        return r
    r = asyncio.run(use(live_server.url + "/mcp", work))
    assert r.structured_content["edition"] > 0
