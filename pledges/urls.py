"""The addresses of the public site. The words in them are translated, so that each language has its own."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from pledges.views import about, front, listing, log, mandate, pledge

urlpatterns = [
    path("", front.home, name="home"),
    path(_("pledges/"), listing.pledges, name="pledges"),
    path(_("pledges/<slug:slug>/"), pledge.pledge, name="pledge"),
    path(_("mandates/"), mandate.mandates, name="mandates"),
    path(_("mandates/<slug:slug>/"), mandate.mandate, name="mandate"),
    path(_("methodology/"), about.methodology, name="methodology"),
    path(_("watch/"), about.watch, name="watch"),
    path(_("data/"), about.data, name="data"),
    path(_("accessibility/"), about.accessibility, name="accessibility"),
    path(_("contact/"), about.contact, name="contact"),
    path(_("corrections/"), log.corrections, name="corrections"),
    path(_("editions/"), log.editions, name="editions"),
    path(_("editions/<int:number>/"), log.edition, name="edition"),
    path(_("editions/<int:number>.json"), log.edition_json, name="edition_json"),
    path("edition-line/", log.edition_line, name="edition_line"),
]
