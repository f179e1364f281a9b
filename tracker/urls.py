"""The URLs of the whole site: pages in each language under its prefix, the rest without one."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from pledges.desk.writing import review_calendar
from pledges.site import health, look, sample_newswire, well_known
from pledges.site.embeds import oembed
from pledges.site.mcp import endpoint as mcp

admin.autodiscover()
handler500 = "pledges.site.errors.server_error"

urlpatterns = [
    path("admin/account/", include("pledges.accounts.urls")),
    path("admin/exchange/", include(("pledges.desk.exchange.pages", "exchange"))),
    path("admin/review-days/<str:token>.ics", review_calendar.review_days, name="review_days"),
    path("admin/", admin.site.urls),
    path("favicon.ico", well_known.favicon),
    path("look/<slug:accent>.css", look.style_sheet, name="look"),
    path("look/<slug:sha256>", look.logo, name="logo"),
    path("robots.txt", well_known.robots),
    path("manifest.webmanifest", well_known.manifest, name="manifest"),
    path(".well-known/security.txt", well_known.security, name="security_txt"),
    path("sitemap.xml", well_known.sitemap_index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", well_known.sitemap_of, name="sitemap"),
    path("oembed", oembed.oembed, name="oembed"),
    path("healthz", health.live, name="live"),
    path("readyz", health.ready, name="ready"),
    path("api/v1/", include("pledges.site.api.urls")),
    path("mcp", mcp.endpoint, name="mcp"),
    # Answers only where SAMPLE_NEWSWIRE is set.
    path("newswire/", sample_newswire.index, name="newswire"),
    path("newswire/feed.atom", sample_newswire.feed, name="newswire_feed"),
    path("newswire/<slug:slug>/", sample_newswire.article, name="newswire_article"),
    *i18n_patterns(path("", include("pledges.site.urls"))),
]
