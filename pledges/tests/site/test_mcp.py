"""The MCP server over HTTP."""

import asyncio
import json
import pytest
from mcp import Client

pytestmark = pytest.mark.django_db


async def use(url, work):
    async with Client(url) as client:
        return await work(client)


def test_it(own_first_edition, live_server):
    async def work(client):
        tools = await client.list_tools()
        print([t.name for t in tools.tools])
        for name, args in [
            ("current_edition", {}),
            ("list_filters", {}),
            ("list_mandates", {}),
            ("search_pledges", {"q": "prison", "limit": 2}),
            ("read_pledge", {"slug": "new-prisons", "limit": 1}),
            ("what_changed", {"from_edition": 0, "limit": 2}),
            ("what_changed", {"since": "2025-01-01", "limit": 1}),
            ("search_pledges", {"topic": ["moon"]}),
            ("search_pledges", {"status": ["finished"]}),
            ("read_pledge", {"slug": "x"}),
            ("read_pledge", {"slug": "x", "edition": 99}),
            ("search_pledges", {"since": "2999-01-01"}),
            ("search_pledges", {"on": "tomorrow"}),
            ("what_changed", {"topic": "moon"}),
        ]:
            r = await client.call_tool(name, args)
            print("=====", name, args, r.is_error)
            print(r.content[0].text)
            print("--", r.content[-1].text[:600])
            print(json.dumps(r.structured_content, ensure_ascii=False)[:1500])
        return r

    r = asyncio.run(use(live_server.url + "/mcp", work))
