"""The files that browsers and crawlers request by convention: icon, manifest, robots.txt, security.txt, sitemaps."""

from datetime import UTC, datetime, time, timedelta
from textwrap import shorten
from urllib.parse import quote

from django.conf import settings
from django.contrib.sitemaps import views as sitemaps
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from pledges.site import sitemap
from pledges.site.look import papers
from pledges.site.shared.page_cache import PublicRequest, newsroom_of, origin_of, page, today

SECURITY_VALID = timedelta(days=180)  # from each day on; RFC 9116 recommends less than a year
SHORT_NAME = 16  # characters: more do not fit below an icon
# Files in static/ with media type, size and purpose. A maskable icon keeps its edges empty: devices cut them off.
ICONS = (
    ("icon-192.png", "image/png", "192x192", "any"),
    ("icon-512.png", "image/png", "512x512", "any"),
    ("icon-maskable-512.png", "image/png", "512x512", "maskable"),
    ("icon.svg", "image/svg+xml", "any", "any"),
)
# The second group is the watch itself (`watch.web.robots.AGENT`), which reads the sample newswire like any source.
ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /newswire/
{snapshots}
User-agent: PledgeTracker
Disallow: /admin/
{snapshots}
Sitemap: {sitemap}
"""


@require_safe
def favicon(request: PublicRequest) -> HttpResponseRedirect:
    """The icon, for pages that do not link one (the desk's)."""
    return HttpResponseRedirect(static("icon.svg"))


@require_safe
def robots(request: PublicRequest) -> HttpResponse:
    """Everything public may be indexed, but not the desk, nor the ZIPs of editions, which a worker makes for whoever
    asks, nor, except by the watch, the sample newswire."""
    text = ROBOTS.format(sitemap=origin_of(request) + reverse("sitemap_index"), snapshots=_snapshots())
    return HttpResponse(text, content_type="text/plain")


def _snapshots() -> str:
    """A line for each language."""
    lines = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            latest = reverse("latest_snapshot")
        lines.append(f"Disallow: {latest.rpartition('/')[0]}/*.zip\n")
    return "".join(lines)


@require_safe
def manifest(request: PublicRequest) -> JsonResponse:
    """The web manifest: how the tracker looks among a device's apps, in the newsroom's main language and colour."""
    newsroom = newsroom_of(request)
    paper, _dark = papers()
    with translation.override(newsroom.main_language):
        name, start = str(newsroom.name), reverse("home")
    content = {
        "id": "/",
        "name": name,
        "short_name": shorten(name, SHORT_NAME, placeholder="") or name[:SHORT_NAME],
        "lang": newsroom.main_language,
        "start_url": start,
        "scope": "/",
        "display": "minimal-ui",
        "background_color": paper,
        "theme_color": newsroom.accent or paper,
        "icons": [
            {"src": static(file), "type": media_type, "sizes": sizes, "purpose": purpose}
            for file, media_type, sizes, purpose in ICONS
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
def security(request: PublicRequest) -> HttpResponse:
    """Who is to hear of a vulnerability (RFC 9116): the operator, then the newsroom; 404 if neither has an address."""
    newsroom = newsroom_of(request)
    contacts = list(dict.fromkeys(filter(None, [settings.CONTACT_EMAIL, newsroom.contact_email])))
    if not contacts:
        raise Http404("nobody can be written to")
    expires = datetime.combine(today() + SECURITY_VALID, time(), UTC)
    lines = [
        *(f"Contact: mailto:{quote(contact, safe='@')}" for contact in contacts),
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(newsroom.languages)}",
        f"Canonical: {origin_of(request)}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@page(dated=False)
def sitemap_index(request: PublicRequest) -> HttpResponse:
    """The index of the sitemaps."""
    maps = sitemap.maps(request.as_of.edition, request.as_of.day)
    return sitemaps.index(request, maps, sitemap_url_name="sitemap").render()


@page("p", dated=False)
def sitemap_of(request: PublicRequest, section: str) -> HttpResponse:
    """One sitemap, or a further file of it (`p`), of the current pages in each language."""
    maps = sitemap.maps(request.as_of.edition, request.as_of.day)
    return sitemaps.sitemap(request, maps, section=section).render()
