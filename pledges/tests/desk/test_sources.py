"""Adding sources at the desk: any address is pasted, what is there is shown, one click keeps it."""

from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pledges.actions import publishing
from pledges.domain.messages import deferred_message
from pledges.jobs import find_source
from pledges.models import AddressLookup, Edition, Observation, Source
from pledges.tests.support import factories
from pledges.tests.support.watched import atom, entry, page
from pledges.watch import isolation

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[1] / "data"
FIND, ADOPT, ADD = (reverse(f"admin:pledges_source_{name}") for name in ("find", "adopt", "add"))
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def editor(client):
    user = factories.EditorFactory()
    client.force_login(user)
    return user


@pytest.fixture
def paste(client, editor):
    """Paste an address, press the button and wait for the worker: (what was found, the page)."""

    def press(address, **more):
        page = client.post(FIND, {"address": address, **more}).url
        find_source(AddressLookup.objects.latest("pk").pk)
        response = client.get(page)
        assert response.status_code == 200
        return [find for find, *_rest in response.context["finds"]], response.content.decode()

    return press


def home(*links: str, text: str = "News of the day, told at some length. " * 10) -> bytes:
    return f"<html><head><title>Daily</title>{''.join(links)}</head><body><p>{text}</p></body></html>".encode()


def link(href: str, kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}">'


def messages(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_a_site_with_a_feed_is_pasted_and_kept(web, client, paste):
    web.serve("/", home(link("/feed.xml")), **HTML)
    web.serve("/feed.xml", atom(entry(web, "one"), entry(web, "two")))
    finds, html = paste(web.origin)
    assert [(find.kind, find.url, find.title, find.count, find.language) for find in finds] == [
        ("feed", f"{web.origin}/feed.xml", "The Daily Example", 2, "en"),
        ("page", f"{web.origin}/", "Daily", 0, finds[1].language),
    ]
    assert [title for title, _when in finds[0].newest] == ["Title of one", "Title of two"]
    for part in ("Title of one", "2 items", "English", "1 Jul 2024", "Watch this page for change"):
        assert part in html, part
    data = {"kind": "feed", "url": finds[0].url, "name": "Daily", "publisher": "Daily", "language": "en"}
    response = client.post(ADOPT, data, follow=True)
    source = Source.objects.get()
    assert (source.kind, source.url, source.active, source.interval_minutes, source.next_due_at) == (
        *("feed", finds[0].url, True, 15),
        None,
    )
    assert "is watched; it is read within a minute" in messages(response)
    assert "is a source already" in messages(client.post(ADOPT, data, follow=True))
    assert "This is a source already" in paste(f"{web.origin}/feed.xml")[1]
    assert Source.objects.count() == 1


def test_usual_places_are_tried_where_nothing_is_declared(web, paste):
    web.serve("/", home(), **HTML)
    web.serve("/index.xml", atom(entry(web, "one")))
    finds, _html = paste(web.origin)
    assert [(find.kind, find.url) for find in finds] == [
        ("feed", f"{web.origin}/index.xml"),
        ("page", f"{web.origin}/"),
    ]


def test_robots_txt_leads_to_the_news_sitemap_of_an_index(web, paste):
    web.serve("/", home(), **HTML)
    web.serve("/robots.txt", f"Sitemap: {web.origin}/index-of-maps.xml".encode())
    child = f"<sitemapindex><sitemap><loc>{web.origin}/news-map.xml</loc></sitemap></sitemapindex>"
    web.serve("/index-of-maps.xml", child.encode())
    web.serve("/news-map.xml", (DATA / "sitemaps/news.xml").read_bytes())
    finds, html = paste(web.origin)
    first = finds[0]
    assert (first.kind, first.url, first.count, first.language) == ("sitemap", f"{web.origin}/news-map.xml", 2, "es")
    assert "Avanzan las obras &amp; el puerto" in html


def test_a_page_without_feeds_is_offered_to_be_watched_for_change(web, client, paste):
    web.serve("/agenda", (DATA / "pages/agenda_before.html").read_bytes(), **HTML)
    finds, html = paste(f"{web.origin}/agenda")
    assert [find.kind for find in finds] == ["page"]
    assert "No feed and no sitemap was found here" in html
    data = {"kind": "page", "url": finds[0].url, "name": "Agenda", "publisher": "Asamblea", "language": "es"}
    response = client.post(ADOPT, {**data, "selector": "#gone"})
    assert response.status_code == 422
    assert "Nothing on the page matches “#gone”" in response.content.decode()
    assert not Source.objects.exists()
    client.post(ADOPT, {**data, "selector": "#agenda"})
    assert Source.objects.get().selector == "#agenda"


def test_a_file_of_figures_goes_on_to_the_long_form(web, client, paste):
    web.serve("/rate.csv", (DATA / "series/es.csv").read_bytes(), **{"Content-Type": "text/csv"})
    finds, html = paste(f"{web.origin}/rate.csv")
    assert [find.kind for find in finds] == ["data"]
    target = next(part.split('"')[0] for part in html.split('href="') if "by_hand=1&amp;kind" in part)
    form = client.get(target.replace("&amp;", "&"))
    assert form.context["adminform"].form.initial["url"] == f"{web.origin}/rate.csv"
    indicator = factories.IndicatorFactory()
    data = {"kind": "data", "url": f"{web.origin}/rate.csv", "name": "Rate", "publisher": "INEC", "language": "es"}
    data |= {"interval_minutes": 60, "slowest_minutes": 360, "active": "on"}
    response = client.post(ADD, data)
    assert response.content.decode().count("Figures need this.") == 4
    client.post(ADD, data | {"indicator": indicator.pk, "series": "r", "period_column": "A", "value_column": "B"})
    assert Source.objects.get().indicator == indicator


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://127.0.0.1:1/feed", "not allowed"),
        ("http://169.254.169.254/latest/meta-data/", "not allowed"),
        ("http://[::1]/", "not allowed"),
        ("file:///etc/passwd", "not a web address"),
        ("javascript:alert(1)", "not a web address|cannot be read|No site"),
        ("http://user:pw@daily.example/", "not a web address"),
        ("?", "not a web address|cannot be read"),
        ("http://", "not a web address"),
        ("x" * 900, "not a web address|cannot be read|No site"),
    ],
)
def test_what_is_refused_is_said_plainly(web, paste, address, says):
    finds, html = paste(address)
    assert finds == []
    assert any(words in html for words in says.split("|"))


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (404, b"", "nothing at this address (404)"),
        (403, b"", "refuses us (403)"),
        (500, b"", "error of its own (500)"),
        (200, b"", "nothing at all"),
        (200, b"\x89PNG\r\n\x1a\n\0\0", "not a feed"),
        (200, b"<html><body><input type=password></body></html>", "asks for a login"),
        (200, b"<" * 100_000, ""),
        (200, b"[" * 100_000, "JSON"),
        (200, b"PK\x03\x04" + b"x" * 100, ""),
        (200, b"\x1f\x8b\x08rubbish", ""),
        (200, b"<rss><channel><item>" * 3000, ""),
    ],
)
def test_hostile_and_broken_answers_are_never_an_error_of_ours(web, paste, status, body, says):
    web.serve("/x", body, status=status)
    _finds, html = paste(f"{web.origin}/x")
    assert says in html


def test_nothing_of_what_is_shown_is_markup(web, paste):
    web.serve("/f", atom(entry(web, "a", title="&lt;script&gt;alert(1)&lt;/script&gt;Told &amp;lt;b&amp;gt;")))
    _finds, html = paste(f"{web.origin}/f")
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;Told &lt;b&gt;" in html  # in Atom, a title is text unless it says so


def test_an_empty_field_and_other_methods(client, editor):
    response = client.post(FIND, {"address": " "})
    assert response.status_code == 422
    assert "Paste the address of a site" in response.content.decode()
    assert client.get(FIND).url == ADD
    assert client.get(ADOPT).status_code == 405
    assert "Paste any address" in client.get(ADD).content.decode()
    assert 'name="kind"' in client.get(ADD, {"by_hand": 1}).content.decode()


@pytest.mark.parametrize(
    "data", [{}, {"kind": "x"}, {"kind": "data", "url": "https://a.example/"}, {"kind": "feed", "url": "javascript:x"}]
)
def test_what_cannot_be_kept_is_said(client, editor, data):
    response = client.post(ADOPT, {"name": "N", "publisher": "P", "language": "en", **data})
    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert not Source.objects.exists()


def test_only_editors_and_only_with_the_token(web, client, editor):
    web.serve("/f", atom(entry(web, "one")))
    client.force_login(factories.ReporterFactory())
    pledge = factories.PublishedPledgeFactory()
    searches = reverse("admin:pledges_source_searches", args=[pledge.pk])
    assert [client.post(url, {"address": f"{web.origin}/f"}).status_code for url in (FIND, ADOPT)] == [403, 403]
    assert client.get(searches).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(FIND, {"address": f"{web.origin}/f"}).status_code == 403
    assert web.requests == []


def test_searches_are_made_of_a_pledges_words(client, editor):
    pledge = factories.PublishedPledgeFactory(also_called_en=["Manta port"], also_called_es=["puerto de Manta"])
    pledge.watch_terms.create(language="es", rule="never", phrase="crucero")
    assert (
        reverse("admin:pledges_source_searches", args=[pledge.pk])
        in client.get(reverse("admin:pledges_pledge_change", args=[pledge.pk])).content.decode()
    )
    response = client.get(reverse("admin:pledges_source_searches", args=[pledge.pk]))
    found = [search for search, _form, _known in response.context["searches"]]
    assert [(search.kind, search.language, search.publisher) for search in found] == [
        ("feed", "en", "Google News"),
        ("feed", "es", "Google News"),
        ("gdelt", "en", "GDELT"),
        ("gdelt", "es", "GDELT"),
    ]
    asked = [parse_qs(urlsplit(search.url).query) for search in found]
    assert asked[1]["q"] == ['"puerto de Manta" -crucero when:7d']
    assert asked[3]["query"] == ['"Manta port" sourcelang:spanish sourcecountry:ecuador']
    form = response.context["searches"][3][1]
    client.post(ADOPT, dict(form.initial))
    source = Source.objects.get()
    assert (source.pledge, source.kind, source.interval_minutes) == (pledge, "gdelt", 60)
    assert (
        "This is a source already"
        in client.get(reverse("admin:pledges_source_searches", args=[pledge.pk])).content.decode()
    )


def test_fields_are_shown_only_where_they_apply(client, editor):
    for kind, has in ((Source.Kind.FEED, set()), (Source.Kind.PAGE, {"selector"}), (Source.Kind.DATA, {"series"})):
        fields = {"indicator": factories.IndicatorFactory(), "series": "s", "period_column": "A", "value_column": "B"}
        source = factories.SourceFactory(kind=kind, **(fields if kind == Source.Kind.DATA else {}))
        html = client.get(reverse("admin:pledges_source_change", args=[source.pk])).content.decode()
        assert {name for name in ("selector", "series") if f'name="{name}"' in html} == has
    assert "Web page watched for change" in client.get(reverse("admin:pledges_source_changelist")).content.decode()


def test_what_changed_on_a_page_capture_by_capture(client, editor, django_assert_max_num_queries):
    source = factories.SourceFactory(kind=Source.Kind.PAGE, name="Agenda")
    for hour, text in enumerate(("One line.\nOld <b>line</b>.", "One line.\nNew line.")):
        source.snapshots.create(capture=factories.CaptureFactory(), taken_at=f"2026-01-01T0{hour}:00Z", text=text)
    url = reverse("admin:pledges_source_changes", args=[source.pk])
    with django_assert_max_num_queries(10):
        html = client.get(url).content.decode()
    for part in ("New in this capture", "New line.", "Absent from this capture", "Old &lt;b&gt;line&lt;/b&gt;."):
        assert part in html, part
    assert html.index("New line.") < html.index("The first capture.")
    assert url in client.get(reverse("admin:pledges_source_change", args=[source.pk])).content.decode()


# --- figures of an indicator


@pytest.fixture
def indicator():
    row = factories.IndicatorFactory()
    factories.ObservationFactory(indicator=row, series="rate", period="2023", value=20, **span(2023))
    publishing.record_change(row, by=factories.EditorFactory())
    return row


def span(year: int) -> dict:
    return {"starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}


def upload(client, indicator, body: bytes, **fields):
    data = {"series": "rate", "period_column": "Year", "value_column": "Rate", "source": "INEC"}
    data |= {"url": "https://inec.example/", "file": SimpleUploadedFile("rate.csv", body), **fields}
    return client.post(reverse("admin:pledges_indicator_figures", args=[indicator.pk]), data)


def test_an_uploaded_file_is_shown_then_waits_then_is_published(client, editor, indicator):
    response = upload(client, indicator, b"Year;Rate\n2023;20,0\n2024;31,5\n")
    html = response.content.decode()
    assert ("31.5" in html, "1 more stands here already" in html) == (True, True)
    assert Observation.objects.filter(edition=None).count() == 0
    url = reverse("admin:pledges_indicator_figures", args=[indicator.pk])
    change = reverse("admin:pledges_indicator_change", args=[indicator.pk])
    response = client.post(url, {"figures": response.context["kept"]}, follow=True)
    assert "One figure waits for publication" in response.content.decode()
    row = Observation.objects.get(edition=None)
    assert (row.period, str(row.value), row.source, row.imported_from) == ("2024", "31.5000", "INEC", None)
    assert Edition.objects.count() == 1
    form = response.context["adminform"].form
    data = {name: form.initial.get(name) or "" for name in form.fields if name != "pledges"}
    for prefix, total in (("observations", 1), ("observations-2", 1), ("series", 0)):
        data |= {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": total}
    figure = {name: getattr(row, name) for name in ("series", "period", "starts_on", "ends_on", "source", "url")}
    data |= {f"observations-0-{name}": value for name, value in figure.items()}
    data |= {"observations-0-id": row.pk, "observations-0-value": "32", "observations-0-indicator": indicator.pk}
    client.post(change, data)
    row.refresh_from_db()
    assert (row.value, row.edition_id) == (32, 2)
    assert publishing.verify() == []


def test_columns_are_chosen_from_the_files_own_headings(client, editor, indicator):
    body = "Homicides in Ecuador\nYear;Rate;Who says so;Remark\n2023;20,0;INEC;\n2024;31,5;Police;Provisional.\n"
    response = upload(client, indicator, body.encode(), period_column="", value_column="")
    assert response.status_code == 200
    form = response.context["form"]
    assert [name for name, _label in form.fields["period_column"].widget.choices] == [
        *("", "Year", "Rate", "Who says so", "Remark")
    ]
    assert (form["period_column"].value(), form["value_column"].value()) == ("Year", "Rate")  # what looks like it
    data = {name: form[name].value() or "" for name in form.fields if name != "file"}
    chosen = {"source_column": "Who says so", "note_en_column": "Remark"}
    url = reverse("admin:pledges_indicator_figures", args=[indicator.pk])
    shown = client.post(url, data | chosen)  # without uploading the file again
    assert "Provisional." in shown.content.decode()
    client.post(url, {"figures": shown.context["kept"]})
    row = Observation.objects.get(edition=None)
    assert (row.period, str(row.value), row.source, row.note_en) == ("2024", "31.5000", "Police", "Provisional.")
    client.force_login(factories.EditorFactory())
    refused = client.post(url, data | chosen)  # somebody else's file
    assert refused.status_code == 422
    assert "upload the file again" in refused.content.decode()


def test_many_figures_that_wait_can_be_seen_and_discarded(client, editor, indicator):
    rows = "\n".join(f"{year},{year}.5" for year in range(1900, 2000))
    response = upload(client, indicator, f"Year,Rate\n{rows}".encode())
    client.post(reverse("admin:pledges_indicator_figures", args=[indicator.pk]), {"figures": response.context["kept"]})
    response = client.get(reverse("admin:pledges_indicator_change", args=[indicator.pk]))
    html = response.content.decode()
    assert "100 figures wait for publication" in html
    assert len(response.context["inline_admin_formsets"][0].formset.initial_forms) == 12  # the first, one by one
    client.post(reverse("admin:pledges_indicator_discard", args=[indicator.pk]))
    assert Observation.objects.filter(edition=None).count() == 0
    assert Observation.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "fields", "says"),
    [
        (b"Year,Rate\n2024,many\n", {}, "Row 2, column “Rate”: “many” is no number."),
        (b"Year,Rate\n2024,1\n", {"value_column": "Tasa"}, "no column “Tasa”; there are “Year”, “Rate”"),
        (b"", {}, "The file is empty"),
        (b"\x89PNG", {}, "not a table"),
        (b"Year,Rate\n2024,1\n", {"url": "javascript:x", "series": "a b"}, "Enter a valid"),
        (b"x" * 5_000_001, {}, "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_taken_is_said_plainly(client, editor, indicator, body, fields, says):
    response = upload(client, indicator, body, **fields)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert Observation.objects.count() == 1


def test_what_is_left_out_of_an_uploaded_file_is_told_before_it_is_kept(client, editor, indicator):
    response = upload(client, indicator, "Year;Rate\n(año);(%)\n2024;31,5\n2025;n.d.\n".encode())
    html = response.content.decode()
    assert response.status_code == 200
    assert "Left out, since they stand above the figures: rows 2." in html
    assert "Left out, since they hold no value: rows 4." in html


def test_an_uploaded_file_past_the_limits_is_refused_and_says_what_to_do(client, editor, indicator, monkeypatch):
    def call(function, *args, **kwargs):
        raise isolation.Crashed(deferred_message("It needs too much memory."))

    monkeypatch.setattr(isolation, "call", call)
    response = upload(client, indicator, b"Year,Rate\n2024,1\n")
    assert response.status_code == 422
    assert "save the one worksheet as CSV" in response.content.decode()


def test_figures_cannot_be_forged_or_carried_over(client, editor, indicator):
    other = factories.IndicatorFactory()
    kept = upload(client, indicator, b"Year,Rate\n2024,1\n").context["kept"]
    for row, figures in ((other, kept), (indicator, kept[:-3] + "abc"), (indicator, "")):
        response = client.post(reverse("admin:pledges_indicator_figures", args=[row.pk]), {"figures": figures})
        assert response.status_code == 422
    assert Observation.objects.filter(edition=None).count() == 0
    client.force_login(factories.ReporterFactory())
    for name in ("figures", "discard"):
        assert client.post(reverse(f"admin:pledges_indicator_{name}", args=[indicator.pk])).status_code == 403


def test_a_page_is_pasted_that_does_not_answer_in_html(web, paste):
    web.serve(
        "/p", page("A title", "Told in a few words, and then in some more, so that it is long enough to be read.")
    )
    finds, _html = paste(f"{web.origin}/p#part")
    assert [(find.kind, find.url) for find in finds] == [("page", f"{web.origin}/p")]
