"""What can be embedded: which page an address is of, and what its embed is called, how high it is and its picture."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from pledges.queries import asof
from pledges.queries.asof import AsOf, InvalidPeriod
from pledges.queries.pulse import Pulse
from pledges.queries.search.filters import Pairs
from pledges.queries.standings import present_address, standing_of
from pledges.site.cards import pictures
from pledges.site.cards.drawing import LANDSCAPE
from pledges.site.charts import render as charts_render
from pledges.site.embeds import charts, heights, lists
from pledges.site.embeds.heights import Heights
from pledges.site.shared import summaries
from pledges.site.shared.page_cache import current_newsroom, origin_of, today
from pledges.site.shared.public_addresses import page_at

LONGEST = 2000  # characters of an address


@dataclass(frozen=True)
class Kind:
    """A kind of page that has an embed: the URL names of both, and the parameters that both read."""

    page: str
    embed: str
    parameters: tuple[str, ...] = ()


KINDS = (
    Kind("pledge", "pledge_embed"),
    Kind("pledges", "pledges_embed", lists.PARAMETERS),
    Kind("mandate", "mandate_embed"),
    Kind("indicator", "indicator_embed", ("series",)),
)
OF_PAGE = {kind.page: kind for kind in KINDS}
_OF_EITHER = OF_PAGE | {kind.embed: kind for kind in KINDS}


@dataclass(frozen=True)
class Target:
    """A page that can be embedded. `query` are its own parameters, `asked` those of the time that it is pinned to."""

    kind: Kind
    language: str
    args: tuple[str, ...] = ()
    query: Pairs = ()
    asked: Pairs = ()

    def page_path(self) -> str:
        """The path and query of the page."""
        return self._path(self.kind.page, (*self.query, *self.asked))

    def embed_path(self, theme: str) -> str:
        """The path and query of its embed in one of the themes."""
        return self._path(self.kind.embed, (*self.query, *self.asked, ("theme", theme)))

    def _path(self, name: str, query: Pairs) -> str:
        with translation.override(self.language):
            return reverse(name, args=self.args) + (f"?{urlencode(query)}" if query else "")

    def pinned(self, edition: int) -> "Target":
        """The same as this edition has it; unchanged if it is pinned already."""
        return self if self.asked else replace(self, asked=(("edition", str(edition)),))


@dataclass(frozen=True)
class Thumbnail:
    """A picture of the page: its path and query, and its size in pixels."""

    path: str
    width: int
    height: int


@dataclass(frozen=True)
class Description:
    """What is known of an embed before it is shown."""

    title: str
    heights: Heights
    thumbnail: Thumbnail | None = None


def read(address: str, request: HttpRequest) -> Target | None:
    """The page at an address of this site, absolute or from "/" on; that of an embed counts as that of its page.

    None if the address is another site's, or of a page that cannot be embedded. Whether there is such a row is not
    asked here (see `describe`).
    """
    try:
        parts = urlsplit(address.strip()) if len(address) <= LONGEST else None
    except ValueError:  # such as http://[
        return None
    if parts is None or not _is_ours(parts.scheme, parts.netloc, request):
        return None
    page = page_at(parts.path)
    kind = _OF_EITHER.get(page[1].url_name or "") if page else None
    if page is None or kind is None:
        return None
    try:
        data = QueryDict(parts.query)
    except TooManyFieldsSent:
        return None
    return Target(
        kind,
        page[0],
        tuple(map(str, page[1].kwargs.values())),
        tuple((name, value) for name in kind.parameters for value in data.getlist(name) if value),
        tuple((name, data[name]) for name in asof.PARAMETERS if data.get(name)),
    )


def in_language(target: Target, language: str) -> Target:
    """The same in another language. Raises InvalidPeriod as `check_language` does; "" changes nothing."""
    check_language(language)
    return replace(target, language=language) if language else target


def check_language(language: str) -> None:
    """Raise InvalidPeriod at `lang` for a language that the newsroom does not write; "" is none."""
    languages = current_newsroom().languages
    if language and language not in languages:
        words = {"languages": ", ".join(languages)}
        raise InvalidPeriod("lang", _("A frame has one of these languages: %(languages)s.") % words)


def describe(target: Target, pulse: Pulse) -> Description:
    """The title, height and picture of an embed, in its language.

    Raises Http404 if there is nothing to show, and InvalidPeriod if its address asks for what cannot be shown.
    """
    data = QueryDict(urlencode((*target.query, *target.asked)))
    as_of = asof.read(data, pulse, today())
    with translation.override(target.language):
        return _DESCRIBE[target.kind.page](target, as_of, data)


def _is_ours(scheme: str, host: str, request: HttpRequest) -> bool:
    if not scheme and not host:
        return True
    own = {request.get_host(), urlsplit(origin_of(request)).netloc}
    return scheme in ("http", "https") and host.lower() in own


def _pledge(target: Target, as_of: AsOf, _data: QueryDict) -> Description:
    slug = present_address(target.args[0])
    standing, _near = standing_of(slug, edition=as_of.edition, day=as_of.day)
    if standing is None:
        raise Http404("no public pledge has this address")
    thumbnail = _card(pictures.path("pledge_card", as_of, args=[slug]))
    return Description(str(standing.wording.title), heights.of_pledge(standing, _newsroom()), thumbnail)


def _pledges(_target: Target, as_of: AsOf, data: QueryDict) -> Description:
    listed = lists.listed(data, as_of)
    title = listed.heading or _("Pledges")
    statuses = len(summaries.counts(listed.matching))
    height = heights.of_list(title, listed.note, listed.rows, statuses, _newsroom())
    return Description(title, height, _card(pictures.path("pledges_card", as_of, query=listed.filter.saved.pairs)))


def _mandate(target: Target, as_of: AsOf, _data: QueryDict) -> Description:
    chart = charts.of_mandate(target.args[0], as_of)
    texts = [str(chart.mandate.office), chart.of.headline + chart.of.carried, chart.sentence]
    height = heights.of_picture(chart.title, texts, chart.drawing, 0, _newsroom())
    return Description(chart.title, height, _card(pictures.path("mandate_card", as_of, args=[chart.mandate.slug])))


def _indicator(target: Target, as_of: AsOf, data: QueryDict) -> Description:
    series = data.getlist("series")
    chart = charts.of_indicator(target.args[0], as_of, series)
    row, picture = chart.known.indicator, chart.picture
    legend = len(picture.lines) if picture and chart.known.many_series else 0
    texts = [f"{figure.period}: {figure.label} {row.unit} ({line.name})" for line, figure in chart.newest]
    sources = chart.sources[: charts.LONGEST_SOURCES]
    texts += [str(row.caveat)[: charts.LONGEST_CAVEAT], f"{sources}. {_('Every figure with its source')}"]
    title = str(row.name)
    spec = charts_render.download(chart.known, chart.marks, credit="")
    address = pictures.path("indicator_png", as_of, args=[row.slug], query=[("series", each) for each in series])
    return Description(
        title,
        heights.of_picture(title, texts, chart.drawing, legend, _newsroom()),
        Thumbnail(address, *charts_render.png_size(spec)) if spec else None,
    )


_DESCRIBE = {"pledge": _pledge, "pledges": _pledges, "mandate": _mandate, "indicator": _indicator}


def _newsroom() -> str:
    return str(current_newsroom().name)


def _card(path: str) -> Thumbnail:
    return Thumbnail(path, LANDSCAPE.width, LANDSCAPE.height)
