"""The addresses of the public site. The words in them are translated, so that each language has its own."""

from django.urls import path, register_converter
from django.utils.translation import gettext_lazy as _

from pledges.isoweek import WeekConverter
from pledges.views import about, changes, front, listing, log, mandate, pledge, week

register_converter(WeekConverter, "week")

urlpatterns = [
    path("", front.home, name="home"),
    path(_("pledges/"), listing.pledges, name="pledges"),
    path(_("pledges/<slug:slug>/"), pledge.pledge, name="pledge"),
    path(_("mandates/"), mandate.mandates, name="mandates"),
    path(_("mandates/<slug:slug>/"), mandate.mandate, name="mandate"),
    path(_("methodology/"), about.methodology, name="methodology"),
    path(_("corrections/"), log.corrections, name="corrections"),
    path(_("editions/"), log.editions, name="editions"),
    path(_("editions/<int:number>/"), log.edition, name="edition"),
    path(_("editions/<int:number>.json"), log.edition_json, name="edition_json"),
    path(_("changes/"), changes.changes, name="changes"),
    path(_("changes.json"), changes.changes_json, name="changes_json"),
    path(_("changes/feed/"), changes.feed, name="changes_feed"),
    path(_("week/"), week.this_week, name="this_week"),
    path(_("week/<week:week>/"), week.week, name="week"),
    path(_("week/<week:week>.txt"), week.week_text, name="week_text"),
    path("edition-line/", log.edition_line, name="edition_line"),
]
