"""The links of the masthead and the foot of every page, and those of the page of data and feeds."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pledges.site.shared.paths import path_of


@dataclass(frozen=True)
class Link:
    """A page by the name of its URL; `dated` if it can be shown as of a day or an edition (see `queries.asof`). A
    download of all pledges has its media type. Where programs send requests there is no page to open (`opens`)."""

    name: str
    label: object
    dated: bool = False
    args: tuple[object, ...] = ()
    media_type: str = ""
    opens: bool = True
    example: str = ""  # the name of the page whose path stands for `?url=`

    @property
    def address(self) -> str:
        """The path in the active language."""
        return path_of(self.name, *self.args) + (f"?url={path_of(self.example)}" if self.example else "")


MASTHEAD = (
    Link("pledges", _("Pledges"), dated=True),
    Link("mandates", _("Mandates"), dated=True),
    Link("changes", _("What changed")),
    Link("this_week", _("This week")),
    Link("indicators", _("Indicators"), dated=True),
)
FOOT = (
    Link("editions", _("Editions"), dated=True),
    Link("corrections", _("Corrections"), dated=True),
    Link("methodology", _("Methodology")),
    Link("watch", _("About the watch")),
    Link("alert", _("Alerts by e-mail")),
    Link("data", _("Data and feeds")),
    Link("accessibility", _("Accessibility")),
    Link("contact", _("Contact")),
)
# Feeds, downloads and embeds, by kind. SLUG is a placeholder for the slug in a page's address.
SLUG = ("SLUG",)
EDITION = (1,)  # likewise for the number of an edition
EMBEDS = _("To embed and to show")
OFFERS = (
    (
        _("Feeds"),
        (
            Link("changes_feed", _("everything that is published")),
            Link("changes_json_feed", _("the same as JSON Feed; so for each feed")),
            Link("pledges_feed", _("the pledges that fit a search: add to it what follows the “?” of the list")),
            Link("pledge_feed", _("one pledge"), args=SLUG),
            Link("pledges_calendar", _("deadlines for a calendar: add to it what follows the “?” of the list")),
            Link("pledge_calendar", _("the deadline of one pledge, for a calendar"), args=SLUG),
        ),
    ),
    (
        _("Data"),
        (
            Link("api", _("the API: everything public, in parts, with filters; its reference")),
            Link("api:openapi", _("the same for programs, as an OpenAPI document")),
            Link(
                "pledges_csv",
                _("all pledges, a row each, as CSV: add to it what follows the “?” of the list"),
                media_type="text/csv",
            ),
            Link("pledges_json", _("the same as JSON"), media_type="application/json"),
            Link("pledges_jsonl", _("the same as JSON Lines"), media_type="application/jsonl"),
            Link("changes_json", _("what changed between two days or editions, as JSON")),
            Link("pledge_json", _("a pledge with its updates and evidence, as JSON"), args=SLUG),
            Link("pledge_csv", _("the updates and evidence of a pledge, as CSV"), args=SLUG),
            Link("mandate_progress_csv", _("the progress of a mandate day by day, as CSV"), args=SLUG),
            Link("mandate_progress_json", _("the same as JSON"), args=SLUG),
            Link("indicator_csv", _("the figures of an indicator, as CSV"), args=SLUG),
            Link("indicator_json", _("the chart of an indicator, as a Vega-Lite specification"), args=SLUG),
            Link(
                "latest_snapshot",
                _("everything in the newest edition: a ZIP with CSV tables and one SQLite file"),
            ),
            Link(
                "edition_snapshot",
                _("everything as of edition 1; so for each"),
                args=EDITION,
                media_type="application/zip",
            ),
            Link("edition_json", _("what edition 1 sealed, and its hash, as JSON; so for each"), args=EDITION),
        ),
    ),
    (
        _("For assistants"),
        (
            Link(
                "mcp",
                _("search and read pledges from an assistant: add this address to it as an MCP server"),
                opens=False,
            ),
        ),
    ),
    (
        EMBEDS,
        (
            Link("embed", _("choose an embed for your page, see it, and copy its HTML")),
            Link("pledge_embed", _("where a pledge stands, for a frame in a story"), args=SLUG),
            Link("pledges_embed", _("a list of pledges, for a frame: add to it what follows the “?” of the list")),
            Link("mandate_embed", _("the progress of a mandate, for a frame"), args=SLUG),
            Link("indicator_embed", _("the chart of an indicator, for a frame"), args=SLUG),
            Link("pledge_card", _("the same as a picture"), args=SLUG),
            Link("home_card", _("where the pledges of the newest mandate stand, as a picture")),
            Link("mandate_card", _("the pledges of a mandate, as a picture"), args=SLUG),
            Link("pledges_card", _("the list, or with what follows its “?” any search, as a picture")),
            Link("newsroom_card", _("the tracker itself, as a picture")),
            Link("indicator_png", _("the chart of an indicator, as a picture"), args=SLUG),
            Link("oembed", _("oEmbed: the embed of a page of which one knows the address"), example="pledges"),
        ),
    ),
)


def downloads() -> list[Link]:
    """The offered downloads of all pledges."""
    return [link for _kind, links in OFFERS for link in links if link.media_type]


def place(path: str) -> tuple[str, str]:
    """The address of the link that leads to the page at `path` or to its nearest parent page, and which of the two
    that is, for aria-current: "page" or "true". Two empty texts if there is none."""
    parents = [link.address for link in (*MASTHEAD, *FOOT) if path.startswith(link.address)]
    address = max(parents, key=len, default="")
    return address, "page" if address == path else "true" if address else ""
