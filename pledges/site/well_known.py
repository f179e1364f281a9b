"""The small addresses that browsers and crawlers ask for without being told."""

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
    """The icon, for pages that name none (the desk's)."""
    return HttpResponseRedirect(static("icon.svg"))


@require_safe
def robots(request: PublicRequest) -> HttpResponse:
    """Everything public may be indexed; the desk and, but for the watch, the sample newswire may not."""
    text = ROBOTS.format(sitemap=origin_of(request) + reverse("sitemap_index"))
    return HttpResponse(text, content_type="text/plain")


@page(dated=False)
def sitemap_index(request: PublicRequest) -> HttpResponse:
    """The sitemaps that there are."""
    maps = sitemap.maps(request.as_of.edition, request.as_of.day)
    return sitemaps.index(request, maps, sitemap_url_name="sitemap").render()


@page("p", dated=False)
def sitemap_of(request: PublicRequest, section: str) -> HttpResponse:
    """One sitemap, or a further file of it (`p`): pages of today in each language; of other days there are none."""
    maps = sitemap.maps(request.as_of.edition, request.as_of.day)
    return sitemaps.sitemap(request, maps, section=section).render()
