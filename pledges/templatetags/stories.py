"""What a pledge's page offers to who writes about it: citations, links to share, a frame, data and a feed."""

from datetime import date
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.rules import Status
from pledges.models import STATUS_LABELS
from pledges.queries import visibility
from pledges.queries.standings import Standing
from pledges.site.shared import citations, sharing

register = template.Library()
FRAME = '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" style="border:0;max-width:44rem"></iframe>'
FRAME_HEIGHT = 340  # pixels: room for a title of three lines in a narrow column


@register.simple_tag(takes_context=True)
def in_stories(context: dict) -> dict:
    """Addresses and texts of a pledge's page, by name, for its section for stories and its head.

    "lasting" is the address that always shows what stands here now, "picture" that of its card; both carry the edition.
    """
    standing = context["standing"]
    edition, as_of, name = context["edition_number"], context["as_of"], str(context["newsroom"].name)
    slug, title = standing.pledge.slug, str(standing.wording.title)
    asked = {"on": standing.day.isoformat()} if as_of and as_of.by_day else {}
    time = "?" + urlencode(asked | {"edition": edition})

    def at(route: str) -> str:
        return f"{context['origin']}{reverse(route, args=[slug])}"

    work = citations.Work(
        author=name,
        title=title,
        edition=edition,
        published=_published_on(context, edition),
        accessed=standing.day,
        url=at("pledge") + time,
        key=f"{slug}-edition-{edition}",
    )
    return {
        "lasting": work.url,
        "lasting_query": time,
        "living": at("pledge"),
        "picture": at("pledge_card") + time,
        "title": citations.printable(title),
        "sentence": sentence(standing, name),
        "citations": [
            ("plain", _("Plain"), citations.plain(work)),
            ("apa", "APA", citations.apa(work)),
            ("chicago", "Chicago", citations.chicago(work)),
            ("bibtex", "BibTeX", citations.bibtex(work)),
        ],
        "share": sharing.links(sentence(standing, name), work.url),
        "frames": [
            ("living", _("Always as it is now"), _frame(at("pledge_embed"), title, name)),
            (
                "lasting",
                _("Always as edition %(number)s has it") % {"number": edition},
                _frame(at("pledge_embed") + time, title, name),
            ),
        ],
        "feed": at("pledge_feed"),
    }


def sentence(standing: Standing, newsroom: str) -> str:
    """Where a pledge stands, in a line that says who says so and of which day."""
    since = (
        written(standing.since, standing.turning_update.happened_precision, in_sentence=True)
        if standing.turning_update
        else ""
    )
    words = _("%(title)s: %(status)s since %(since)s. %(name)s, as of %(day)s.")
    if not since:
        words = _("%(title)s: %(status)s. %(name)s, as of %(day)s.")
    return words % {
        "title": citations.printable(standing.wording.title),
        "status": str(STATUS_LABELS[Status(standing.status)]).lower(),
        "since": since,
        "name": citations.printable(newsroom),
        "day": written(standing.day, in_sentence=True),
    }


def _published_on(context: dict, edition: int) -> date:
    """The day of an edition in the newsroom's calendar."""
    pulse = context["pulse"]
    if edition == pulse.edition:
        return timezone.localdate(pulse.published_at)
    return timezone.localdate(visibility.public_editions().get(number=edition).published_at)


def _frame(address: str, title: str, newsroom: str) -> str:
    """The HTML of a frame: text to be shown and copied, not to be part of a page of ours."""
    named = citations.printable(f"{title} – {newsroom}")
    return FRAME.format(escape(address), escape(named), FRAME_HEIGHT)
