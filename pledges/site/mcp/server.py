"""The MCP server: what it says of itself, its list of tools, and how a call becomes an answer or an error."""

import logging
from typing import Any

from asgiref.sync import sync_to_async
from django.utils import translation
from django.utils.translation import gettext as _
from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from pledges.queries import pulse
from pledges.queries.asof import InvalidPeriod, NoSuchEdition
from pledges.site.mcp.arguments import cleaned, problems
from pledges.site.mcp.tools import TOOLS, Definition
from pledges.site.shared.page_cache import current_newsroom
from tracker import __version__

log = logging.getLogger(__name__)
NAME = "pledge-tracker"
INSTRUCTIONS = (
    "This tracker says of each pledge of a government where it stands, since when, and on what evidence. Its editors "
    "rate pledges by criteria that were written before: cite their rating, and do not make one of your own. Name the "
    "edition, and give the address (url_en, url_es) of the pledge, which will always say the same. Give evidence "
    "with its publisher and its link, or its archived copy where the link is dead. Texts are in English (…_en) and "
    "Spanish (…_es), and empty where the newsroom wrote only the other. Begin with search_pledges; list_filters says "
    "what can be searched by."
)


def make_server(origin: str) -> Server[Any]:
    """A server whose answers have addresses of this origin, such as https://pledges.example.org.

    It keeps nothing between two calls. Reads the newsroom, which may take a query.
    """
    newsroom = current_newsroom()

    async def list_tools(
        _context: ServerRequestContext[Any], _params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=LISTED)

    async def call_tool(_context: ServerRequestContext[Any], params: CallToolRequestParams) -> CallToolResult:
        # In the thread that waits for this event loop: Django's database connections belong to threads.
        return await sync_to_async(call)(params.name, params.arguments or {}, origin)

    return Server(
        NAME,
        version=__version__,
        title=str(newsroom.name),
        instructions=INSTRUCTIONS,
        website_url=origin,
        get_tool_input_schema=lambda name: TOOLS[name].takes if name in TOOLS else None,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def call(name: str, arguments: dict[str, Any], origin: str) -> CallToolResult:
    """Answer a call of a tool, in structured form and in words.

    What is wrong with the arguments is a result too, one that says what to do, so that the assistant can mend it.
    Raises MCPError if there is no such tool.
    """
    if name not in TOOLS:
        raise MCPError(INVALID_PARAMS, f"Unknown tool {name[:80]!r}. There are: {', '.join(TOOLS)}.")
    tool = TOOLS[name]
    try:
        arguments = cleaned(arguments)
        if wrong := problems(tool.takes, arguments):
            return _error("\n".join(wrong))
        answer = tool.answer(arguments, origin)
        return CallToolResult(content=_in_words(tool, answer), structured_content=answer)
    except InvalidPeriod as error:
        return _error(f"{error.field}: {error}")
    except NoSuchEdition:
        return _error(
            "edition: " + _("There is no such edition: the newest is %(number)s.") % {"number": pulse.current().edition}
        )
    except Exception:
        log.exception("The tool %s failed", name)
        return _error(_("The tracker cannot answer now. Try again later."))


def _error(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=text)], is_error=True)


def _in_words(tool: Definition, answer: dict[str, Any]) -> list[Any]:
    """The answer in each language that the newsroom writes."""
    texts = []
    for code in current_newsroom().languages:
        with translation.override(code):
            texts.append(TextContent(text=tool.words(answer)))
    return texts


LISTED = [
    Tool(
        name=name,
        title=tool.title,
        description=tool.purpose,
        input_schema=tool.takes,
        output_schema=tool.gives,
        # What it reads is one tracker, and not the open web.
        annotations=ToolAnnotations(
            title=tool.title, read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    )
    for name, tool in TOOLS.items()
]
