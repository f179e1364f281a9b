"""The addresses of the whole site: pages in each language under its prefix, the rest without one."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from pledges.views import health, newswire, root

urlpatterns = [
    path("admin/account/", include("pledges.account_urls")),
    path("admin/exchange/", include(("pledges.admin.exchange", "exchange"))),
    path("admin/", admin.site.urls),
    path("favicon.ico", root.favicon),
    path("robots.txt", root.robots),
    path("sitemap.xml", root.sitemap_index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", root.sitemap_of, name="sitemap"),
    path("healthz", health.health, name="health"),
    # Answers only where SAMPLE_NEWSWIRE is set.
    path("newswire/", newswire.index, name="newswire"),
    path("newswire/feed.atom", newswire.feed, name="newswire_feed"),
    path("newswire/<slug:slug>/", newswire.article, name="newswire_article"),
    *i18n_patterns(path("", include("pledges.urls"))),
]
