"""The pages of the indicators: the list, one of them, and its picture, specification and table to take along."""

import csv
import io
import re
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledges.actions import publishing
from pledges.models import Edition, Observation, Series
from pledges.queries import pulse
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client, address):
    """`read("indicator", "homicides", query="?edition=1")`: what is at an address."""

    def find(name, *args, query="", status=200, language="en"):
        response = client.get(address(name, *args, language=language) + query)
        assert response.status_code == status
        return response if name.startswith("indicator_") else response.content.decode()

    return find


def observe(indicator, year, value, **more):
    fields = {"period": str(year), "starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31)} | more
    return factories.ObservationFactory(indicator=indicator, value=value, **fields)


@pytest.fixture
def homicides():
    """Two series; the police's figure of 2023 was 8,004 in edition 2 and is 8,248 in edition 3."""
    factories.NewsroomFactory(name_en="The Record", name_es="El Registro")
    pledge = factories.PublishedPledgeFactory(
        slug="violence",
        made_on=date(2023, 12, 6),
        wording__title_en="Fewer homicides",
        wording__deadline=date(2025, 5, 24),
        wording__deadline_precision="day",
        mandate__person="Daniel Noboa",
        mandate__starts_on=date(2023, 11, 23),
    )
    indicator = factories.IndicatorFactory(slug="homicides", name_en="Homicides", name_es="Homicidios")
    indicator.pledges.add(pledge)
    observe(indicator, 2023, 8004, note_en="Provisional.", note_es="Provisional, según la Policía.")
    observe(indicator, 2024, 7063)
    observe(indicator, 2022, 4603, series="oeco", source="Plan V, quoting OECO")
    publishing.record_change(indicator, by=factories.EditorFactory())
    observe(indicator, 2023, 8248)
    publishing.record_change(indicator, by=factories.EditorFactory())
    return indicator


def test_an_indicator_has_its_charts_its_figures_and_its_pledges(homicides, read):
    text = read("indicator", "homicides")
    assert "Police: down from 8,248 (2023) to 7,063 (2024)." in text
    assert "Each line is a source or a definition of its own" in text
    assert "Promised, 6 Dec 2023" in text
    assert "6 December 2023: promised" in text
    assert "24 May 2025: deadline" in text
    assert "a mandate of Daniel Noboa begins" in text
    assert "Fewer homicides" in text
    assert text.count('role="img" aria-labelledby="said-homicides-1"') == 1
    assert 'id="said-homicides-1"' in text
    assert 'href="https://police.example/2024"' in text


def test_a_percentage_is_written_as_its_language_does(read):
    words = {"unit_en": "% of the labour force", "unit_es": "% de la población activa"}
    observe(factories.IndicatorFactory(slug="work", **words), 2025, 37.1)
    publishing.record_change(Observation.objects.get().indicator, by=factories.EditorFactory())
    assert "2025: 37.1% of the labour force" in read("indicator", "work")
    assert "2025: 37,1 % de la población activa" in read("indicator", "work", language="es")


def test_a_revised_figure_shows_what_it_was(homicides, read):
    text = read("indicator", "homicides")
    revised = text.partition('<details class="revised">')[2].partition("</details>")[0]
    assert "Revised in edition 3" in revised
    assert re.search(r"8,004 in edition 2, .*Provisional\.", revised, re.DOTALL)
    assert text.count('class="revised"') == 1


def test_as_of_an_edition_it_is_what_was_known_then(homicides, read):
    text = read("indicator", "homicides", query="?edition=2")
    assert "from 8,004 (2023)" in text
    assert "8,248" not in text
    read("indicator", "homicides", query="?edition=1", status=404)
    assert "Homicides" not in read("indicators", query="?edition=1")


def test_as_of_a_day_it_has_the_periods_that_had_ended(homicides, read):
    text = read("indicator", "homicides", query="?on=2024-06-01")
    assert "8,248" in text
    assert "7,063" not in text
    early = read("indicator", "homicides", query="?on=2001-01-01")
    assert "No figure is known of a period that had ended by then." in early
    assert "No figure is known" in read("indicators", query="?on=2001-01-01")
    assert "7,063" not in read("pledge", "violence", query="?on=2024-06-01")


def test_the_list_has_the_newest_figure_a_small_chart_and_the_pledges(homicides, read, address):
    factories.IndicatorFactory(slug="hidden", name_en="Never published")
    text = read("indicators")
    assert f'href="{address("indicator", "homicides")}"' in text
    assert "2024: <b>7,063</b> cases" in text
    assert text.count("<polyline") == 2
    assert "Fewer homicides" in text
    assert "Never published" not in text


def test_a_pledge_has_its_indicator_with_the_way_to_its_page(homicides, read, address):
    text = read("pledge", "violence")
    section = text.partition('<section class="indicator"')[2].partition("</section>")[0]
    assert f'href="{address("indicator", "homicides")}"' in section
    assert "Deadline, 24 May 2025" in section
    assert "8,248" in section
    assert f'href="{address("indicator", "homicides")}?edition=2"' in read("pledge", "violence", query="?edition=2")


def test_both_languages_have_their_numbers_names_and_addresses(homicides, read, address):
    Series.objects.filter(slug="police").update(name_es="Policía Nacional")
    publishing.record_change(homicides, by=factories.EditorFactory())
    text = read("indicator", "homicides", language="es")
    assert "Policía Nacional" in text
    assert "8.248" in text
    assert "8,248" not in text
    assert '<span lang="en">Oeco</span>' in text


# --- what can be taken along -----------------------------------------------------------------------------------------


def test_the_picture_is_a_png(homicides, read):
    response = read("indicator_png", "homicides")
    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")


def test_the_specification_says_where_it_comes_from(homicides, read):
    spec = read("indicator_json", "homicides").json()
    texts = [row["text"] for row in spec["datasets"]["texts"]]
    assert texts[:4] == ["Homicides", "cases", "Oeco", "Police"]
    assert texts[-2] == "Source: Plan V, quoting OECO; Police"
    assert re.fullmatch(r"The Record, edition 3, \d+ \w+ \d{4} · testserver/en/indicators/homicides/", texts[-1])
    then = read("indicator_json", "homicides", query="?edition=2").json()
    assert {row["value"] for row in then["datasets"]["figures"]} == {4603, 8004, 7063}


def rows_of(response):
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_has_every_figure_of_every_edition(homicides, read):
    rows = rows_of(read("indicator_csv", "homicides"))
    found = [
        (row["series"], row["period"], row["value"], row["edition"], row["revision"], row["holds"]) for row in rows
    ]
    assert found == [
        ("oeco", "2022", "4603", "2", "0", "yes"),
        ("police", "2023", "8004", "2", "0", "no"),
        ("police", "2023", "8248", "3", "1", "yes"),
        ("police", "2024", "7063", "2", "0", "yes"),
    ]
    assert (rows[1]["note_en"], rows[1]["note_es"]) == ("Provisional.", "Provisional, según la Policía.")
    assert len(rows_of(read("indicator_csv", "homicides", query="?edition=2"))) == 3


def test_no_cell_is_a_formula(homicides, read):
    observe(homicides, 2021, -5, note_en="=HYPERLINK(1)", source="@police", period="+2021")
    publishing.record_change(homicides, by=factories.EditorFactory())
    row = rows_of(read("indicator_csv", "homicides"))[0]
    assert (row["note_en"], row["source"], row["value"]) == ("'=HYPERLINK(1)", "'@police", "-5")
    assert row["period"] in ("+2021", "'+2021")


def test_a_series_can_be_taken_alone(homicides, read):
    spec = read("indicator_json", "homicides", query="?series=police").json()
    assert {row["series"] for row in spec["datasets"]["figures"]} == {"Police"}
    assert len(rows_of(read("indicator_csv", "homicides", query="?series=oeco"))) == 1
    assert len(rows_of(read("indicator_csv", "homicides", query="?series=oeco,police"))) == 4


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("indicator_png", "?series=oeco"),  # one figure is not drawn
        ("indicator_json", "?series=oeco"),
        ("indicator_csv", "?series=nobody"),
        ("indicator_csv", "?series="),
        ("indicator_csv", "?series=%00"),
        ("indicator_png", "?edition=1"),
    ],
)
def test_what_is_not_there_is_not_found(homicides, read, name, query):
    read(name, "homicides", query=query, status=404)


def test_an_impossible_day_is_answered_with_the_form_to_mend_it(homicides, read):
    assert "Write the day as" in read("indicator_png", "homicides", query="?on=soon", status=422).content.decode()


def test_an_indicator_without_figures_has_a_page(read):
    indicator = factories.IndicatorFactory(slug="empty")
    publishing.record_change(indicator, by=factories.EditorFactory())
    assert "No figure has been published yet." in read("indicator", "empty")
    assert "No figure has been published yet." in read("indicators")
    assert rows_of(read("indicator_csv", "empty")) == []


def test_the_first_data_set_names_its_series_in_both_languages():
    call_command("load_first_edition", verbosity=0)
    used = set(Observation.objects.values_list("indicator", "series"))
    assert {(row.indicator_id, row.slug) for row in Series.objects.all()} == used
    assert not Series.objects.filter(name_es="")
    assert publishing.verify() == []


# --- the desk --------------------------------------------------------------------------------------------------------


def test_an_editor_names_a_series_on_the_indicators_page(homicides, client, editor, read):
    row = Series.objects.get(slug="oeco")
    url = f"/admin/pledges/indicator/{homicides.pk}/change/"
    form = client.get(url).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields if name != "pledges"}
    data |= {"pledges": [pledge.pk for pledge in homicides.pledges.all()]}
    for prefix, rows in {"observations": [], "observations-2": [], "series": list(homicides.series.all())}.items():
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": len(rows)}
        for place, each in enumerate(rows):
            data |= {f"{prefix}-{place}-{name}": getattr(each, name) for name in ("id", "name_en", "name_es", "source")}
            data |= {f"{prefix}-{place}-indicator": homicides.pk, f"{prefix}-{place}-slug": "another-slug"}
    unchanged = client.post(url, data)
    assert unchanged.status_code == 302
    assert Edition.objects.count() == 3
    place = [each.pk for each in homicides.series.all()].index(row.pk)
    client.post(url, data | {f"series-{place}-name_en": "OECO", f"series-{place}-name_es": "OECO (es)"})
    pulse.refresh()
    row.refresh_from_db()
    assert (row.slug, row.name_en, row.name_es) == ("oeco", "OECO", "OECO (es)")
    assert "OECO (es)" in read("indicator", "homicides", language="es")


# --- at scale --------------------------------------------------------------------------------------------------------


def test_the_list_and_a_page_take_the_same_queries_with_one_and_with_many(read):
    def cost(*name):
        read(*name)  # what a process remembers of an edition is read once
        empty_caches()
        with CaptureQueriesContext(connection) as queries:
            read(*name)
        return len(queries)

    def more(start, count):
        rows = [factories.IndicatorFactory(slug=f"i{number}") for number in range(start, start + count)]
        for row in rows:
            for year in (2021, 2022, 2023):
                observe(row, year, year)
                observe(row, year, year + 1, series="other")
        publishing.record_change(*rows, by=factories.EditorFactory())
        pulse.refresh()

    more(0, 1)
    few = cost("indicators"), cost("indicator", "i0")
    more(1, 34)
    assert (cost("indicators"), cost("indicator", "i0")) == few
    assert read("indicators").count("<article") == 30
    assert "Page 1 of 2" in read("indicators")


@pytest.mark.parametrize("series", [("abroad", "here"), ("here", "abroad")])
def test_series_of_one_time_stand_as_they_were_entered(read, series):
    indicator = factories.IndicatorFactory(slug="seizures")
    for slug in series:
        observe(indicator, 2025, 10, series=slug)
    publishing.record_change(indicator, by=factories.EditorFactory())
    assert re.findall("<dt>(Abroad|Here)", read("indicator", "seizures")) == [slug.capitalize() for slug in series]
