"""The addresses of cards, as pages and other sites link them, and the answers at these addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.queries.asof import InvalidPeriod
from pledges.site.cards.drawing import LANDSCAPE, PORTRAIT, SHAPES, Drawing, Shape, Source
from pledges.site.shared.citations import printable
from pledges.site.shared.page_cache import PublicRequest, newsroom_of, origin_of

PARAMETER = "shape"
LONGEST_ALT = 420  # characters: what social networks take of a text alternative


@dataclass(frozen=True)
class Picture:
    """A card for link previews: its absolute address, which has a query, and its text alternative."""

    address: str
    alt: str
    shape: Shape = LANDSCAPE
    media_type: str = "image/png"

    @property
    def portrait(self) -> str:
        """The address of the same card in the portrait shape."""
        return f"{self.address}&{urlencode({PARAMETER: PORTRAIT.name})}"


def picture(
    request: PublicRequest,
    route: str,
    text: str,
    *,
    args: Iterable[object] = (),
    query: Iterable[tuple[str, str]] = (),
) -> Picture:
    """The card at a route as of the edition and the day of the page that is requested: the address names the edition,
    and the day where the page's address does. `text` says what it shows; the newsroom and the day are added."""
    time = dict(request.as_of.asked) | {"edition": str(request.as_of.edition)}
    address = f"{origin_of(request)}{reverse(route, args=list(args))}?{urlencode([*query, *time.items()])}"
    words = {
        "headline": printable(text),
        "name": printable(str(newsroom_of(request).name)),
        "day": written(request.as_of.day, in_sentence=True),
    }
    alt = _("%(headline)s %(name)s, as of %(day)s.") % words
    return Picture(address, Truncator(alt).chars(LONGEST_ALT))


def shape_of(request: PublicRequest) -> Shape:
    """The shape that the address asks for, `?shape=portrait` or the default. Raises InvalidPeriod for another one."""
    name = request.GET.get(PARAMETER) or LANDSCAPE.name
    if name not in SHAPES:
        text = _("A picture has one of these shapes: %(shapes)s.") % {"shapes": ", ".join(SHAPES)}
        raise InvalidPeriod(PARAMETER, text)
    return SHAPES[name]


def source_of(request: PublicRequest) -> Source:
    """What each card says of where it is from."""
    return Source(
        newsroom=str(newsroom_of(request).name),
        host=urlsplit(origin_of(request)).netloc,
        edition=request.as_of.edition,
        day=request.as_of.day,
    )


def answer(drawing: Drawing) -> HttpResponse:
    """The card as PNG."""
    return HttpResponse(drawing.png(), content_type="image/png")


def refused(request: HttpRequest, error: InvalidPeriod) -> HttpResponse:
    """The answer to an impossible parameter: what to do, as text, with status 422."""
    return HttpResponse(f"{error.field}: {error}\n", content_type="text/plain; charset=utf-8", status=422)
