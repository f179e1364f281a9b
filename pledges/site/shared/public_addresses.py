"""Where each row stands on the public site, and which row a public address is about."""

from collections.abc import Iterable
from functools import singledispatch
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import translation

from pledges.domain.languages import LANGUAGES
from pledges.models import (
    Edition,
    Indicator,
    Institution,
    Mandate,
    Newsroom,
    Pledge,
    Retraction,
    Source,
    SourceDocument,
    Topic,
    Update,
    Wording,
)
from pledges.queries import visibility
from pledges.queries.asof import AsOf

# The pages about one row: the name of the address, and the field that the address holds.
OWN_PAGES: dict[type[Model], tuple[str, str]] = {
    Pledge: ("pledge", "slug"),
    Mandate: ("mandate", "slug"),
    Indicator: ("indicator", "slug"),
    Edition: ("edition", "number"),
}


@singledispatch
def public_address(row: Model) -> str:
    """The path of the row's public page in the active language; "" if readers see no page of it.

    Lists prefetch what it reads: the wordings of pledges, the pledges of what is written about them.
    """
    page = OWN_PAGES.get(type(row))
    return reverse(page[0], args=[getattr(row, page[1])]) if page else ""


@public_address.register
def _(row: Pledge) -> str:
    is_public = any(wording.is_published for wording in row.wordings.all())
    return reverse("pledge", args=[row.slug]) if is_public else ""


@public_address.register(Wording)
@public_address.register(Retraction)
def _(row: Wording | Retraction) -> str:
    return reverse("pledge", args=[row.pledge.slug]) if row.is_published else ""


@public_address.register
def _(row: Update) -> str:
    return f"{reverse('pledge', args=[row.pledge.slug])}#u{row.pk}" if row.is_published else ""


@public_address.register(Topic)
@public_address.register(Institution)
def _(row: Topic | Institution) -> str:
    """The list of its pledges; without a public one there is none."""
    if not visibility.public_pledges().filter(pk__in=row.pledges.values("pk")).exists():
        return ""
    return f"{reverse('pledges')}?{urlencode({type(row).__name__.lower(): row.slug})}"


@public_address.register
def _(row: SourceDocument) -> str:
    """The page of a pledge that was made in it, which shows the document."""
    pledge = visibility.public_pledges().filter(source_document=row).first()
    return reverse("pledge", args=[pledge.slug]) if pledge else ""


@public_address.register
def _(row: Source) -> str:
    """The list of all that is read, which leaves out the searches for one pledge."""
    return "" if row.pledge_id else reverse("watch")


@public_address.register
def _(row: Newsroom) -> str:
    return reverse("home")


def in_each_language(name: str, *args: object, origin: str, query: str = "") -> dict[str, str]:
    """The full address of a page, by the name of its URL, in each language: {"url_en": …, "url_es": …}."""
    addresses = {}
    for code in LANGUAGES:
        with translation.override(code):
            addresses[f"url_{code}"] = f"{origin}{reverse(name, args=args)}{query}"
    return addresses


def pinned_query(as_of: AsOf, asked: Iterable[tuple[str, str]] = ()) -> str:
    """The query string of a page that always shows what this edition says, on the day that was asked for, if any, with
    the parameters `asked` first. Before the first edition there is none to name; "" if nothing is asked then."""
    pinned = dict(as_of.asked) | ({"edition": str(as_of.edition)} if as_of.edition else {})
    query = urlencode([*asked, *pinned.items()])
    return f"?{query}" if query else ""


def page_at(path: str) -> tuple[str, ResolverMatch] | None:
    """The language and the URL match of the public page at this path, in either language; None if there is none."""
    language = path.strip("/").partition("/")[0]
    if language not in LANGUAGES:
        return None
    with translation.override(language):
        try:
            return language, resolve(f"/{path.strip('/')}/")
        except Resolver404:
            return None


def row_of(path: str) -> Model | None:
    """The row that the public page at this path is about, in either language; None for other pages and addresses."""
    page = page_at(path)
    if page is None:
        return None
    _language, match = page
    if match.url_name == "home":
        return Newsroom.objects.first()
    for model, (name, field) in OWN_PAGES.items():
        if match.url_name == name:
            return model._default_manager.filter(**{field: match.kwargs[field]}).first()
    return None
