"""The addresses of the public site. The words in them are translated, so that each language has its own."""

from django.urls import path, register_converter
from django.utils.translation import gettext_lazy as _

from pledges.isoweek import WeekConverter
from pledges.views import (
    about,
    alert,
    changes,
    comparison,
    feed,
    front,
    indicator,
    listing,
    log,
    mandate,
    pledge,
    pledge_parts,
    week,
)

register_converter(WeekConverter, "week")

urlpatterns = [
    path("", front.home, name="home"),
    path(_("pledges/"), listing.pledges, name="pledges"),
    path(_("pledges/feed/"), feed.search_feed, name="pledges_feed"),
    path(_("pledges/<slug:slug>/"), pledge.pledge, name="pledge"),
    path(_("pledges/<slug:slug>/embed/"), pledge_parts.embed, name="pledge_embed"),
    path(_("pledges/<slug:slug>/card.png"), pledge_parts.card, name="pledge_card"),
    path(_("pledges/<slug:slug>/data.json"), pledge_parts.data_json, name="pledge_json"),
    path(_("pledges/<slug:slug>/data.csv"), pledge_parts.data_csv, name="pledge_csv"),
    path(_("pledges/<slug:slug>/feed/"), feed.pledge_feed, name="pledge_feed"),
    path(_("mandates/"), mandate.mandates, name="mandates"),
    path(_("mandates/compare/"), comparison.compare, name="compare"),
    path(_("mandates/<slug:slug>/"), mandate.mandate, name="mandate"),
    path(_("mandates/<slug:slug>/progress.csv"), mandate.progress_csv, name="mandate_progress_csv"),
    path(_("mandates/<slug:slug>/progress.json"), mandate.progress_json, name="mandate_progress_json"),
    path(_("indicators/"), indicator.indicators, name="indicators"),
    path(_("indicators/<slug:slug>/"), indicator.indicator, name="indicator"),
    path(_("indicators/<slug:slug>/chart.png"), indicator.picture, name="indicator_png"),
    path(_("indicators/<slug:slug>/chart.json"), indicator.specification, name="indicator_json"),
    path(_("indicators/<slug:slug>/data.csv"), indicator.data, name="indicator_csv"),
    path(_("methodology/"), about.methodology, name="methodology"),
    path(_("watch/"), about.watch, name="watch"),
    path(_("data/"), about.data, name="data"),
    path(_("accessibility/"), about.accessibility, name="accessibility"),
    path(_("contact/"), about.contact, name="contact"),
    path(_("corrections/"), log.corrections, name="corrections"),
    path(_("editions/"), log.editions, name="editions"),
    path(_("editions/<int:number>/"), log.edition, name="edition"),
    path(_("editions/<int:number>.json"), log.edition_json, name="edition_json"),
    path(_("changes/"), changes.changes, name="changes"),
    path(_("changes.json"), changes.changes_json, name="changes_json"),
    path(_("changes/feed/"), feed.edition_feed, name="changes_feed"),
    path(_("week/"), week.this_week, name="this_week"),
    path(_("week/<week:week>/"), week.week, name="week"),
    path(_("week/<week:week>.txt"), week.week_text, name="week_text"),
    path(_("alerts/"), alert.alert, name="alert"),
    path(_("alerts/asked/"), alert.asked, name="alert_asked"),
    path(_("alerts/confirm/<slug:token>/"), alert.confirm, name="alert_confirm"),
    path(_("alerts/end/<slug:token>/"), alert.end, name="alert_end"),
    path("edition-line/", log.edition_line, name="edition_line"),
]
