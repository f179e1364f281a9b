"""The addresses of the public site. The words in them are translated, so that each language has its own."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from pledges.views import site

urlpatterns = [
    path("", site.home, name="home"),
    path(_("pledges/"), site.pledges, name="pledges"),
    path(_("pledges/<slug:slug>/"), site.pledge, name="pledge"),
    path(_("mandates/"), site.mandates, name="mandates"),
    path(_("mandates/<slug:slug>/"), site.mandate, name="mandate"),
    path(_("methodology/"), site.methodology, name="methodology"),
    path(_("corrections/"), site.corrections, name="corrections"),
    path(_("editions/"), site.editions, name="editions"),
    path(_("editions/<int:number>/"), site.edition, name="edition"),
    path(_("editions/<int:number>.json"), site.edition_json, name="edition_json"),
    path("edition-line/", site.edition_line, name="edition_line"),
]
