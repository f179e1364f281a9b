"""What other sites show of a link to a page: Open Graph, Twitter cards, and the picture of pages without their own."""

from django import template
from django.template import Context
from django.utils.text import Truncator

from pledges.domain.languages import TERRITORIES
from pledges.site.cards.pictures import LONGEST_ALT, Picture
from pledges.site.shared.citations import printable
from pledges.site.shared.paths import path_of

register = template.Library()


@register.simple_tag(takes_context=True)
def preview_picture(context: Context) -> Picture:
    """The picture of the page, `picture` of its context; a page without one shows that of the tracker itself."""
    own: Picture | None = context.get("picture")
    if own is not None:
        return own
    newsroom, pulse = context["newsroom"], context["pulse"]
    text = printable(f"{newsroom.name}. {newsroom.about}")
    edition = f"?edition={pulse.edition}" if pulse.edition else ""
    address = f"{context['origin']}{path_of('newsroom_card')}{edition}"
    return Picture(address, Truncator(text).chars(LONGEST_ALT))


@register.filter
def with_territory(language: str) -> str:
    """The code of a language as Open Graph writes it: "es_ES"."""
    return f"{language}_{TERRITORIES[language]}"
