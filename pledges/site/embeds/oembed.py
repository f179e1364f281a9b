"""oEmbed 1.0 (https://oembed.com): the embed of a page's address as JSON, for programs that turn links into embeds."""

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from pledges.queries.asof import InvalidPeriod
from pledges.site.embeds import frames, targets
from pledges.site.embeds.heights import WIDE
from pledges.site.embeds.snippet import snippet
from pledges.site.embeds.targets import Description, Target
from pledges.site.shared.page_cache import PublicRequest, current_newsroom, in_json, origin_of, page

PARAMETERS = ("url", "maxwidth", "maxheight", "format", "lang", "theme")
CACHE_SECONDS = 3600  # for which the answer may be kept: what the frame shows follows by itself
LARGEST = 10_000  # pixels


@page(*PARAMETERS, dated=False, refused=in_json)
def oembed(request: PublicRequest) -> HttpResponse:
    """The embed of `url`; `maxwidth` and `maxheight` bound it.

    Beyond the standard, `lang` asks for another language than that of the address, and `theme` for another than light.
    JSON only: another `format` is answered with 501, an address that is not ours or has no embed with 404, a malformed
    parameter with 422.
    """
    if request.GET.get("format", "json") != "json":
        return JsonResponse({"errors": {"format": _("Only JSON is offered: format=json.")}}, status=501)
    if not request.GET.get("url"):
        raise InvalidPeriod("url", _("Name the address of the page to embed."))
    limits = {name: _pixels(request, name) for name in ("maxwidth", "maxheight")}
    theme = request.GET.get("theme") or frames.THEMES[0]
    frames.check_theme(theme)
    target = targets.read(request.GET["url"], request)
    try:
        if target is None:
            raise Http404("not a page with an embed")
        target = targets.in_language(target, request.GET.get("lang", ""))
        description = targets.describe(target, request.pulse)
    except Http404:
        text = _("No page that can be embedded has this address.")
        return JsonResponse({"errors": {"url": text}}, status=404)
    answer = _answer(target, description, theme, origin_of(request), **limits)
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def _answer(
    target: Target, description: Description, theme: str, origin: str, *, maxwidth: int, maxheight: int
) -> dict[str, object]:
    newsroom = current_newsroom()
    name = str(newsroom.name)
    width = min(WIDE, maxwidth)
    address = origin + target.embed_path(theme)
    answer: dict[str, object] = {
        "version": "1.0",
        "type": "rich",
        "title": description.title,
        "provider_name": name,
        "provider_url": f"{origin}/",
        "cache_age": CACHE_SECONDS,
        "width": width,
        "height": min(description.heights.at(width), maxheight),
        "html": snippet(
            address, description.title, description.heights, origin=origin, newsroom=name, most=width, highest=maxheight
        ),
    }
    picture = description.thumbnail
    # The standard bounds pictures as it bounds frames, and we have them in one size.
    if picture and picture.width <= maxwidth and picture.height <= maxheight:
        answer |= {
            "thumbnail_url": origin + picture.path,
            "thumbnail_width": picture.width,
            "thumbnail_height": picture.height,
        }
    return answer


def _pixels(request: PublicRequest, name: str) -> int:
    """A bound in pixels; LARGEST if there is none. Raises InvalidPeriod for what is not a number of them."""
    text = request.GET.get(name, "").strip()
    if not text:
        return LARGEST
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    if not number:
        raise InvalidPeriod(name, _("Write a number of pixels, such as 480."))
    return min(number, LARGEST)
