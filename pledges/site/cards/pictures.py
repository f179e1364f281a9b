"""The addresses of cards, as pages and other sites link them, and the answers at these addresses."""

import functools
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.queries.asof import AsOf, InvalidPeriod
from pledges.site.cards.drawing import LANDSCAPE, PORTRAIT, SHAPES, Drawing, Shape, Source
from pledges.site.shared import limits
from pledges.site.shared.citations import printable
from pledges.site.shared.page_cache import PublicRequest, newsroom_of, origin_of, page
from pledges.site.shared.paths import path_of

log = logging.getLogger(__name__)
PARAMETER = "shape"
LONGEST_ALT = 420  # characters: what social networks take of a text alternative
DRAWN_FOR_ONE, DRAWN_FOR_ALL = 40, 90  # pictures in a minute: each takes up to 0.2 seconds of one core
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Picture:
    """A card for link previews: its absolute address, and its text alternative."""

    address: str
    alt: str
    shape: ClassVar[Shape] = LANDSCAPE

    @property
    def portrait(self) -> str:
        """The address of the same card in the portrait shape."""
        sign = "&" if "?" in self.address else "?"
        return f"{self.address}{sign}{urlencode({PARAMETER: PORTRAIT.name})}"


def path(route: str, as_of: AsOf, *, args: Iterable[object] = (), query: Iterable[tuple[str, str]] = ()) -> str:
    """The path and query of the picture at a route as of the edition and the day of `as_of`: it names the edition, if
    there is one yet, and the day where the page's address does."""
    edition = {"edition": str(as_of.edition)} if as_of.edition else {}
    parameters = urlencode([*query, *(dict(as_of.asked) | edition).items()])
    return path_of(route, *args) + (f"?{parameters}" if parameters else "")


def picture(
    request: PublicRequest,
    route: str,
    text: str,
    *,
    args: Iterable[object] = (),
    query: Iterable[tuple[str, str]] = (),
) -> Picture:
    """The card at a route as of the edition and the day of the page that is requested (see `path`). `text` says what it
    shows; the newsroom and the day are added."""
    address = f"{origin_of(request)}{path(route, request.as_of, args=args, query=query)}"
    words = {
        "headline": printable(text),
        "name": printable(str(newsroom_of(request).name)),
        "day": written(request.as_of.day, in_sentence=True),
    }
    alt = _("%(headline)s %(name)s, as of %(day)s.") % words
    return Picture(address, Truncator(alt).chars(LONGEST_ALT))


def card_page(*parameters: str, once: Iterable[str] = ()) -> Callable[[View], View]:
    """Decorator of the view of a card, with the parameters that it reads beside the shape and the time: a public page
    (see `page`) that refuses what it cannot show as text, and is drawn a limited number of times in a minute (429)."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def limited(request: PublicRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            shape_of(request)  # what is refused does not count
            if seconds := _seconds_to_wait(request):
                text = _("Too many pictures were asked for. Try again in a minute.")
                headers = {"Retry-After": str(seconds)}
                return HttpResponse(f"{text}\n", status=429, content_type="text/plain; charset=utf-8", headers=headers)
            return view(request, *args, **kwargs)

        return page(*parameters, PARAMETER, once=tuple(once), slots="cards", refused=refused)(limited)

    return decorate


def _seconds_to_wait(request: PublicRequest) -> int:
    """0 while one network and all together are within the limits of pictures that are drawn. A picture that is in the
    cache does not count: `page` answers before the view is called."""
    return limits.seconds_to_wait(request, "card", for_one=DRAWN_FOR_ONE, for_all=DRAWN_FOR_ALL)


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
