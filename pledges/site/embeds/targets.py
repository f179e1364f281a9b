"""What can be embedded: which page an address is of, and what its embed is called, how high it is and its picture."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import Timeliness
from pledges.models import Mandate
from pledges.queries import asof
from pledges.queries import indicators as reading
from pledges.queries.asof import AsOf, InvalidPeriod
from pledges.queries.pulse import Pulse
from pledges.queries.search import filters
from pledges.queries.search.filters import Pairs
from pledges.queries.standings import Standing, present_address, standing_of, standings_uncached
from pledges.site.cards.drawing import LANDSCAPE
from pledges.site.charts import render as charts_render
from pledges.site.embeds import heights, lists
from pledges.site.embeds.heights import Heights
from pledges.site.mandates import context as mandate_context
from pledges.site.mandates import pictures
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
    data = QueryDict(parts.query)
    return Target(
        kind,
        page[0],
        tuple(map(str, page[1].kwargs.values())),
        tuple((name, value) for name in kind.parameters for value in data.getlist(name) if value),
        tuple((name, data[name]) for name in asof.PARAMETERS if data.get(name)),
    )


def in_language(target: Target, language: str) -> Target:
    """The same in another language. Raises InvalidPeriod at `lang` if there is no such language; "" changes nothing."""
    if language and language not in LANGUAGES:
        words = {"languages": ", ".join(LANGUAGES)}
        raise InvalidPeriod("lang", _("A frame has one of these languages: %(languages)s.") % words)
    return replace(target, language=language) if language else target


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
    title = str(standing.wording.title)
    return Description(title, heights.of_pledge(title, _newsroom()), _card("pledge_card", as_of, slug))


def _pledges(target: Target, as_of: AsOf, data: QueryDict) -> Description:
    standings = standings_uncached(as_of.edition, as_of.day)
    filter = filters.parse(data, standings, as_of=as_of.asked)
    filters.refuse_unknown(filter)
    title = lists.heading(filter, standings) or _("Pledges")
    matching = lists.matching(filter, standings)
    rows = [(str(standing.wording.title), _beside_status(standing)) for standing in matching[: lists.MOST_ROWS]]
    statuses = len(summaries.counts(matching))
    card = _card("pledges_card", as_of, query=target.query)
    return Description(title, heights.of_list(title, rows, statuses, _newsroom()), card)


def _mandate(target: Target, as_of: AsOf, _data: QueryDict) -> Description:
    row = get_object_or_404(Mandate, slug=target.args[0])
    of = summaries.of_mandate(standings_uncached(as_of.edition, as_of.day), row)
    progress = mandate_context.progress_of(of.standings, row, as_of.day)
    drawn = pictures.areas(progress)
    texts = [str(row.office), of.headline + of.carried, mandate_context.tally_sentence(progress, progress.known)]
    title = f"{row.person}, {row.years}"
    height = heights.of_picture(title, texts, drawn.narrow if drawn else "", 0, _newsroom())
    return Description(title, height, _card("mandate_card", as_of, row.slug))


def _indicator(target: Target, as_of: AsOf, data: QueryDict) -> Description:
    row = get_object_or_404(reading.public(as_of.edition), slug=target.args[0])
    (known,) = reading.known([row], edition=as_of.edition, until=as_of.asked_day)
    series = data.getlist("series")
    known = known.only(",".join(series).split(",")) if series else known
    if series and not known.lines:
        raise Http404("no figure of such a series was published")
    marks = reading.marks(reading.of_pledges(standings_uncached(as_of.edition, as_of.day))[row.pk])
    chart = charts_render.chart(known, marks)
    picture = chart.pictures[0] if chart.pictures else None
    legend = [str(line.name) for line in picture.lines] if picture and known.many_series else []
    texts = [f"{figure.period}: {figure.label} {row.unit} ({line.name})" for line, figure in known.newest[:4]]
    texts += [str(row.caveat)[:220], charts_render.sources(picture.lines)[:230] if picture else "x" * 120]
    drawing = picture.narrow if picture else ""
    title = str(row.name)
    spec = charts_render.download(known, marks, credit="")
    address = f"{reverse('indicator_png', args=[row.slug])}{_time(as_of, *(('series', each) for each in series))}"
    return Description(
        title,
        heights.of_picture(title, texts, drawing, len(legend), _newsroom()),
        Thumbnail(address, *charts_render.png_size(spec)) if spec else None,
    )


def _beside_status(standing: Standing) -> int:
    """About how many characters a list has beside the status of a pledge: since when, how overdue, whose."""
    return 24 + (40 if standing.timeliness == Timeliness.OVERDUE else 0) + len(standing.pledge.mandate.person)


_DESCRIBE = {"pledge": _pledge, "pledges": _pledges, "mandate": _mandate, "indicator": _indicator}


def _newsroom() -> str:
    return str(current_newsroom().name)


def _card(name: str, as_of: AsOf, *args: str, query: Pairs = ()) -> Thumbnail:
    return Thumbnail(f"{reverse(name, args=args)}{_time(as_of, *query)}", LANDSCAPE.width, LANDSCAPE.height)


def _time(as_of: AsOf, *query: tuple[str, str]) -> str:
    pairs: Iterable[tuple[str, str]] = (*query, *as_of.asked)
    return f"?{urlencode(list(pairs))}" if pairs else ""
