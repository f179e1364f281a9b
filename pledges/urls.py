"""The addresses of the public site. The words in them are translated, so that each language has its own."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from pledges.views import about, front, indicator, listing, log, mandate, pledge

urlpatterns = [
    path("", front.home, name="home"),
    path(_("pledges/"), listing.pledges, name="pledges"),
    path(_("pledges/<slug:slug>/"), pledge.pledge, name="pledge"),
    path(_("mandates/"), mandate.mandates, name="mandates"),
    path(_("mandates/<slug:slug>/"), mandate.mandate, name="mandate"),
    path(_("indicators/"), indicator.indicators, name="indicators"),
    path(_("indicators/<slug:slug>/"), indicator.indicator, name="indicator"),
    path(_("indicators/<slug:slug>/chart.png"), indicator.picture, name="indicator_png"),
    path(_("indicators/<slug:slug>/chart.json"), indicator.specification, name="indicator_json"),
    path(_("indicators/<slug:slug>/data.csv"), indicator.data, name="indicator_csv"),
    path(_("methodology/"), about.methodology, name="methodology"),
    path(_("corrections/"), log.corrections, name="corrections"),
    path(_("editions/"), log.editions, name="editions"),
    path(_("editions/<int:number>/"), log.edition, name="edition"),
    path(_("editions/<int:number>.json"), log.edition_json, name="edition_json"),
    path("edition-line/", log.edition_line, name="edition_line"),
]
