"""The files that browsers and crawlers request by convention: favicon, robots.txt and sitemaps."""

from django.contrib.sitemaps import views as sitemaps
from django.http import HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from pledges.site import sitemap
from pledges.site.shared.page_cache import PublicRequest, origin_of, page

# The second group is the watch itself (`watch.web.robots.AGENT`), which reads the sample newswire like any source.
ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /newswire/

User-agent: PledgeTracker
Disallow: /admin/

Sitemap: {sitemap}
"""


@require_safe
def favicon(request: PublicRequest) -> HttpResponseRedirect:
    """The icon, for pages that do not link one (the desk's)."""
    return HttpResponseRedirect(static("icon.svg"))


@require_safe
def robots(request: PublicRequest) -> HttpResponse:
    """Everything public may be indexed, but not the desk, nor, except by the watch, the sample newswire."""
    text = ROBOTS.format(sitemap=origin_of(request) + reverse("sitemap_index"))
    return HttpResponse(text, content_type="text/plain")


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
