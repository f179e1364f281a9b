"""The markup of each chat service. What comes from outside, such as a headline, is escaped or broken up here.

A headline must not forge a link, call everybody in a channel, or break out of its line. Where a service has no escapes
that all its programs understand, an invisible character (zero width space) takes the meaning away.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from pledges.domain.chat_addresses import Service
from pledges.domain.text import visible

_BREAK = "\u200b"
_MARKDOWN = re.compile(r"([\\`*_~|<>\[\]()#])")
_TEAMS_SIGNS = re.compile(r"([\[\]<{`\\])")


@dataclass(frozen=True)
class Item:
    """One thing that a message tells: what it is about, lines on it, and the page to open ("" for none).

    Its texts are plain and may come from outside. `label` says what the page is.
    """

    heading: str
    lines: tuple[str, ...] = ()
    label: str = ""
    path: str = ""


@dataclass(frozen=True)
class Message:
    """A title in our own words, items, and at most one last line with a page of its own, such as "and 7 more"."""

    title: str
    items: tuple[Item, ...]
    label: str = ""
    path: str = ""
    more: Callable[[int], str] = field(default=str)


@dataclass(frozen=True)
class Markup:
    """How a service writes text, bold text and links; `longest` is the longest body, in UTF-16 units."""

    text: Callable[[str], str]
    bold: Callable[[str], str]
    link: Callable[[str, str], str]
    newline: str
    longest: int


def one_line(text: str, longest: int = 0) -> str:
    """Text from outside on one line, without hidden characters, cut at `longest` characters (0: not cut)."""
    line = " ".join(visible(text).split())
    return line if not longest or len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def defused(text: str) -> str:
    """Text on one line in which no service sees a mention or an address."""
    return re.sub(r"@(?=\S)", f"@{_BREAK}", one_line(text)).replace("://", f":{_BREAK}//")


def _escaped_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", defused(text))


def _slack(text: str) -> str:
    return escape(defused(text), quote=False)


def _html(text: str) -> str:
    return escape(defused(text))


def _teams(text: str) -> str:
    # Not every program of Teams knows backslash escapes; an asterisk is written as the operator that looks like one.
    return _TEAMS_SIGNS.sub(rf"\1{_BREAK}", defused(text)).replace("*", "∗").replace("_", f"_{_BREAK}")


def _markdown_link(text: Callable[[str], str]) -> Callable[[str, str], str]:
    return lambda label, url: f"[{text(label)}]({url.replace('(', '%28').replace(')', '%29')})"


MARKUPS = {
    # An attachment of Slack's: its text has links, but neither bold nor other signs.
    Service.SLACK: Markup(
        _slack, _slack, lambda label, url: f"<{escape(url, quote=False)}|{_slack(label).replace('|', '¦')}>", "\n", 6000
    ),
    Service.TEAMS: Markup(_teams, lambda text: f"**{_teams(text)}**", _markdown_link(_teams), "\n\n", 6000),
    Service.DISCORD: Markup(
        _escaped_markdown,
        lambda text: f"**{_escaped_markdown(text)}**",
        _markdown_link(_escaped_markdown),
        "\n",
        1900,  # of 2,000, title included
    ),
    Service.TELEGRAM: Markup(
        _html,
        lambda text: f"<b>{_html(text)}</b>",
        lambda label, url: f'<a href="{escape(url)}">{_html(label)}</a>',
        "\n",
        3900,  # of 4,096
    ),
    Service.MATTERMOST: Markup(
        _escaped_markdown,
        lambda text: f"**{_escaped_markdown(text)}**",
        _markdown_link(_escaped_markdown),
        "\n",
        3900,  # of 4,000, from which on it becomes a file
    ),
}


def length(text: str) -> int:
    """In UTF-16 units, as the services count."""
    return len(text.encode("utf-16-le")) // 2


def body(message: Message, markup: Markup, address: Callable[[str], str]) -> str:
    """The message in a service's markup, with as many items as fit; the last line says how many are left out.

    `address` makes an absolute URL of a path, or "" if the tracker does not know its own.
    """
    blocks: list[str] = []
    left, size = len(message.items), 0
    for item in message.items:
        block = _block(item, markup, address)
        last = _last_line(message, left - 1, markup, address)
        if blocks and size + length(block) + length(last) + 2 * len(markup.newline) > markup.longest:
            break
        blocks.append(block)
        size += length(block) + 2 * len(markup.newline)
        left -= 1
    if last := _last_line(message, left, markup, address):
        blocks.append(last)
    return (markup.newline * 2).join(blocks)


def _block(item: Item, markup: Markup, address: Callable[[str], str]) -> str:
    lines = [markup.bold(item.heading), *map(markup.text, item.lines)]
    if url := address(item.path):
        lines.append(markup.link(item.label, url))
    return markup.newline.join(lines)


def _last_line(message: Message, left: int, markup: Markup, address: Callable[[str], str]) -> str:
    words = message.more(left) if left else message.label
    url = address(message.path)
    return markup.link(words, url) if words and url else markup.text(words)
