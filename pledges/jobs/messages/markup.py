"""The markup of each chat service. What comes from outside, such as a headline, is escaped or broken up here.

A headline must not forge a link, call everybody in a channel, or break out of its line. Where a service has no escapes
that all its programs understand, an invisible character (zero width space) takes the meaning away.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from pledges.domain.chat_addresses import Service
from pledges.domain.text import visible

_BREAK = "\u200b"
_MARKDOWN = re.compile(r"([\\`*_~|<>\[\]()#])")
# In a host's name or an IPv4 address; not that of "3.5" or at the end of a sentence.
_NAME_DOT = re.compile(r"(?<=[\w-])\.(?=[^\W\d_]|\d+\.\d|\d\w*[^\W\d_])")
_TEAMS_SIGNS = re.compile(r"([\[\]<{`\\])")


@dataclass(frozen=True)
class Item:
    """One thing that a message tells: what it is about, lines on it, and the page to open.

    Its texts are plain and may come from outside. `label` says what the page at `url` is.
    """

    heading: str
    lines: tuple[str, ...] = ()
    label: str = ""
    url: str = ""


@dataclass(frozen=True)
class Message:
    """A title in our own words, items, and a last line with a page of its own.

    `more` makes the last line of the number of things that are left out, which is at least `left_out`: 0 for none.
    """

    title: str
    items: tuple[Item, ...]
    more: Callable[[int], str]
    url: str = ""
    left_out: int = 0


@dataclass(frozen=True)
class Markup:
    """How a service writes text, titles, bold text and links; `longest` is the longest body, in UTF-16 units."""

    text: Callable[[str], str]
    title: Callable[[str], str]
    bold: Callable[[str], str]
    link: Callable[[str, str], str]
    newline: str
    longest: int


def one_line(text: str, longest: int = 0) -> str:
    """Text from outside on one line, without hidden characters, cut at `longest` characters (0: not cut)."""
    line = " ".join(visible(text).split())
    return line if not longest or len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def defused(text: str) -> str:
    """Text on one line in which no service sees a mention or an address, be it as bare as evil.example or 192.0.2.1."""
    line = _NAME_DOT.sub(f".{_BREAK}", one_line(text))
    return re.sub(r"@(?=\S)", f"@{_BREAK}", line).replace("://", f":{_BREAK}//")


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
    # An attachment of Slack's: its text has links, but neither bold nor other signs. Apprise escapes the title.
    Service.SLACK: Markup(
        text=_slack,
        title=defused,
        bold=_slack,
        link=lambda label, url: f"<{escape(url, quote=False)}|{_slack(label).replace('|', '¦')}>",
        newline="\n",
        longest=6000,
    ),
    Service.TEAMS: Markup(
        text=_teams,
        title=_teams,
        bold=lambda text: f"**{_teams(text)}**",
        link=_markdown_link(_teams),
        newline="\n\n",
        longest=6000,
    ),
    Service.DISCORD: Markup(
        text=_escaped_markdown,
        title=lambda text: f"### {_escaped_markdown(text)}",
        bold=lambda text: f"**{_escaped_markdown(text)}**",
        link=_markdown_link(_escaped_markdown),
        newline="\n",
        longest=1900,  # of 2,000, title included
    ),
    Service.TELEGRAM: Markup(
        text=_html,
        title=_html,
        bold=lambda text: f"<b>{_html(text)}</b>",
        link=lambda label, url: f'<a href="{escape(url)}">{_html(label)}</a>',
        newline="\n",
        longest=3900,  # of 4,096
    ),
    Service.MATTERMOST: Markup(
        text=_escaped_markdown,
        title=lambda text: f"#### {_escaped_markdown(text)}",
        bold=lambda text: f"**{_escaped_markdown(text)}**",
        link=_markdown_link(_escaped_markdown),
        newline="\n",
        longest=3900,  # of 4,000, after which it is cut
    ),
}


def length(text: str) -> int:
    """In UTF-16 units, as the services count."""
    return len(text.encode("utf-16-le")) // 2


def body(message: Message, markup: Markup) -> str:
    """The message in a service's markup, with as many items as fit; the last line says how many are left out."""
    between = markup.newline * 2
    blocks: list[str] = []
    left, size = len(message.items) + message.left_out, 0
    for item in message.items:
        block = _block(item, markup)
        size += length(block) + len(between)
        if blocks and size + length(_last_line(message, left - 1, markup)) > markup.longest:
            break
        blocks.append(block)
        left -= 1
    if last := _last_line(message, left, markup):
        blocks.append(last)
    return between.join(blocks)


def _block(item: Item, markup: Markup) -> str:
    lines = [markup.bold(item.heading), *map(markup.text, item.lines)]
    if item.url:
        lines.append(_linked(item.label, item.url, markup))
    return markup.newline.join(lines)


def _last_line(message: Message, left: int, markup: Markup) -> str:
    words = message.more(left)
    return _linked(words, message.url, markup) if words else ""


def _linked(words: str, url: str, markup: Markup) -> str:
    """A link; without SITE_URL the tracker knows only paths, and there is nothing to link to."""
    return markup.link(words, url) if url.startswith(("https://", "http://")) else markup.text(words)
