"""The URLs of the public site. Their words are translated, so that each language has its own."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter
from django.utils.translation import gettext_lazy as _

from pledges.domain.weeks import WeekConverter
from pledges.site import about, alerts, home
from pledges.site.api import reference as api_reference
from pledges.site.changes import edition_snapshots, editions, feed_views, week
from pledges.site.changes import views as change_views
from pledges.site.embeds import frames, picker
from pledges.site.indicators import views as indicator_views
from pledges.site.mandates import comparison_view
from pledges.site.mandates import views as mandate_views
from pledges.site.pledges import calendars, detail, exports, list_card, list_page, table


class NumberConverter(IntConverter):
    """The number of an edition, written in the one way that there is: other ways would be further addresses of it."""

    regex = "[1-9][0-9]{0,8}"


register_converter(WeekConverter, "week")
register_converter(NumberConverter, "number")

urlpatterns = [
    path("", home.home, name="home"),
    path("card.png", home.card, name="home_card"),
    path("newsroom-card.png", home.newsroom_card, name="newsroom_card"),
    path(_("pledges/card.png"), list_card.card, name="pledges_card"),
    path(_("mandates/<slug:slug>/card.png"), mandate_views.card, name="mandate_card"),
    path(_("pledges/"), list_page.pledges, name="pledges"),
    path(_("pledges.csv"), table.table_csv, name="pledges_csv"),
    path(_("pledges.json"), table.table_json, name="pledges_json"),
    path(_("pledges.jsonl"), table.table_json_lines, name="pledges_jsonl"),
    path(_("pledges/feed/"), feed_views.search_feed, {"kind": "atom"}, name="pledges_feed"),
    path(_("pledges/feed.json"), feed_views.search_feed, {"kind": "json"}, name="pledges_json_feed"),
    path(_("pledges.ics"), calendars.search_calendar, name="pledges_calendar"),
    path(_("pledges/<slug:slug>/"), detail.pledge, name="pledge"),
    path(_("pledges/<slug:slug>/embed/"), frames.pledge, name="pledge_embed"),
    path(_("pledges/<slug:slug>/card.png"), exports.card, name="pledge_card"),
    path(_("pledges/<slug:slug>/data.json"), exports.data_json, name="pledge_json"),
    path(_("pledges/<slug:slug>/data.csv"), exports.data_csv, name="pledge_csv"),
    path(_("pledges/<slug:slug>/feed/"), feed_views.pledge_feed, {"kind": "atom"}, name="pledge_feed"),
    path(_("pledges/<slug:slug>/feed.json"), feed_views.pledge_feed, {"kind": "json"}, name="pledge_json_feed"),
    path(_("pledges/<slug:slug>/calendar.ics"), calendars.pledge_calendar, name="pledge_calendar"),
    path(_("mandates/"), mandate_views.mandates, name="mandates"),
    path(_("mandates/compare/"), comparison_view.compare, name="compare"),
    path(_("mandates/<slug:slug>/"), mandate_views.mandate, name="mandate"),
    path(_("mandates/<slug:slug>/progress.csv"), mandate_views.progress_csv, name="mandate_progress_csv"),
    path(_("mandates/<slug:slug>/progress.json"), mandate_views.progress_json, name="mandate_progress_json"),
    path(_("indicators/"), indicator_views.indicators, name="indicators"),
    path(_("indicators/<slug:slug>/"), indicator_views.indicator, name="indicator"),
    path(_("indicators/<slug:slug>/chart.png"), indicator_views.picture, name="indicator_png"),
    path(_("indicators/<slug:slug>/chart.json"), indicator_views.specification, name="indicator_json"),
    path(_("indicators/<slug:slug>/data.csv"), indicator_views.data, name="indicator_csv"),
    path(_("methodology/"), about.methodology, name="methodology"),
    path(_("watch/"), about.watch, name="watch"),
    path(_("data/"), about.data, name="data"),
    path("api/", api_reference.reference, name="api"),
    path(_("accessibility/"), about.accessibility, name="accessibility"),
    path(_("contact/"), about.contact, name="contact"),
    path(_("corrections/"), editions.corrections, name="corrections"),
    path(_("editions/"), editions.editions, name="editions"),
    path(_("editions/<number:number>/"), editions.edition, name="edition"),
    path(_("editions/<number:number>.json"), editions.edition_json, name="edition_json"),
    path(_("editions/<number:number>.zip"), edition_snapshots.snapshot, name="edition_snapshot"),
    path(_("editions/latest.zip"), edition_snapshots.latest, name="latest_snapshot"),
    path(_("changes/"), change_views.changes, name="changes"),
    path(_("changes.json"), change_views.changes_json, name="changes_json"),
    path(_("changes/feed/"), feed_views.edition_feed, {"kind": "atom"}, name="changes_feed"),
    path(_("changes/feed.json"), feed_views.edition_feed, {"kind": "json"}, name="changes_json_feed"),
    path(_("week/"), week.this_week, name="this_week"),
    path(_("week/<week:week>/"), week.week, name="week"),
    path(_("week/<week:week>.txt"), week.week_text, name="week_text"),
    path(_("alerts/"), alerts.alert, name="alert"),
    path(_("alerts/asked/"), alerts.asked, name="alert_asked"),
    path(_("alerts/confirm/<slug:token>/"), alerts.confirm, name="alert_confirm"),
    path(_("alerts/end/<slug:token>/"), alerts.end, name="alert_end"),
    path(_("embed/"), picker.picker, name="embed"),
    path(_("embed/pledges/"), frames.pledges, name="pledges_embed"),
    path(_("mandates/<slug:slug>/embed/"), frames.mandate, name="mandate_embed"),
    path(_("indicators/<slug:slug>/embed/"), frames.indicator, name="indicator_embed"),
    path("edition-line/", editions.edition_line, name="edition_line"),
]
