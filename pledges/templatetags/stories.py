"""The section for reporters on a pledge's page: citations, share links, embed codes and the feed."""

from datetime import date
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.rules import Status
from pledges.models import STATUS_LABELS
from pledges.queries import visibility
from pledges.queries.standings import Standing
from pledges.site.cards.pictures import Picture
from pledges.site.embeds import heights
from pledges.site.embeds.snippet import snippet
from pledges.site.shared import citations, sharing

register = template.Library()


@register.simple_tag(takes_context=True)
def in_stories(context: Context) -> dict[str, object]:
    """Addresses and texts for the section for reporters and the head of a pledge's page.

    "lasting" is the permanent address of the page as it is now, "pinned" the same if the page is as of another time,
    else "", and "picture" the card; all of these addresses name the edition.
    """
    standing = context["standing"]
    edition, as_of, name = context["edition_number"], context["as_of"], str(context["newsroom"].name)
    slug, title = standing.pledge.slug, str(standing.wording.title)
    day = {"on": standing.day.isoformat()} if as_of and as_of.by_day else {}
    time = "?" + urlencode(day | {"edition": str(edition)})

    def at(route: str) -> str:
        return f"{context['origin']}{reverse(route, args=[slug])}"

    def frame(query: str) -> str:
        address = f"{at('pledge_embed')}?{query}"
        return snippet(address, title, heights.of_pledge(standing, name), origin=context["origin"], newsroom=name)

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
        "pinned": work.url if as_of and as_of.asked else "",
        "picture": Picture(at("pledge_card") + time, sentence(standing, name)),
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
            ("living", _("Always as it is now"), frame("theme=light")),
            (
                "lasting",
                _("Always as edition %(number)s has it") % {"number": edition},
                frame(f"{time[1:]}&theme=light"),
            ),
        ],
        "feed": at("pledge_feed"),
    }


def sentence(standing: Standing, newsroom: str) -> str:
    """A pledge's status in a sentence, with the newsroom and the day."""
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


def _published_on(context: Context, edition: int) -> date:
    """The day of an edition in the newsroom's calendar."""
    pulse = context["pulse"]
    if edition == pulse.edition:
        return timezone.localdate(pulse.published_at)
    return timezone.localdate(visibility.public_editions().get(number=edition).published_at)
