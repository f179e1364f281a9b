"""Charts of indicators: what is drawn, what is not, what is said of it in words, and that nothing breaks them."""

import itertools
import json
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from pledges.actions import figures as figure_actions
from pledges.actions import publishing
from pledges.models import Edition, Indicator, Observation, Series
from pledges.queries import indicators
from pledges.queries.indicators import IndicatorFigure, Known, Line, Mark
from pledges.site.charts import layout, render
from pledges.site.charts import spec as charts_spec
from pledges.tests.support import factories

HOSTILE = "</text><script>alert(1)</script>\"'&"
NUMBERS = itertools.count(1)
PROMISED = Mark(date(2023, 12, 6), "promised", "Fewer homicides", "violence")


def figure(year, value, **fields):
    """A figure that no database knows."""
    span = {"period": str(year), "starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}
    return IndicatorFigure(
        Observation(pk=next(NUMBERS), series="police", value=Decimal(str(value)), source="Police", **span | fields)
    )


def known(**lines):
    """An indicator with these lines; `police=[(2023, 8248), (2024, 7063)]`."""
    indicator = Indicator(slug="homicides", name_en="Homicides", unit_en="cases", unit_es="casos")
    made = [
        Line(slug, tuple(each if isinstance(each, IndicatorFigure) else figure(*each) for each in figures))
        for slug, figures in lines.items()
    ]
    return Known(indicator, tuple(made))


def spec_of(what, *marks, **size):
    """The specification of its first chart."""
    size = {"width": 640, "height": 200} | size
    return charts_spec.spec(render.panels(what)[0], marks, look=render.ON_PAPER, **size)


def written(svg):
    """The texts in a picture."""
    return re.findall(r">([^<>]+)</text>", svg)


@pytest.fixture
def indicator(db):
    return factories.IndicatorFactory(slug="homicides", name_en="Homicides")


def observe(indicator, year, value, **more):
    fields = {"period": str(year), "starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31)} | more
    return factories.ObservationFactory(indicator=indicator, value=value, **fields)


def publish(indicator):
    return publishing.record_change(indicator, by=factories.EditorFactory())


def read(indicator, **when):
    (found,) = indicators.known([indicator], **{"edition": Edition.objects.count()} | when)
    return found


def values(what):
    return [(line.slug, int(one.now.value)) for line, one in what.rows]


# --- which figures ---------------------------------------------------------------------------------------------------


def test_a_figure_is_drawn_and_stands_in_the_table_only_once_it_is_published(indicator):
    observe(indicator, 2023, 8248)
    assert read(indicator).rows == ()
    publish(indicator)
    observe(indicator, 2024, 7063)
    assert values(read(indicator)) == [("police", 8248)]


def test_a_revision_is_drawn_and_what_it_replaced_stays_beside_it(indicator):
    observe(indicator, 2023, 8000)
    observe(indicator, 2024, 7063)
    publish(indicator)
    observe(indicator, 2023, 8248)
    publish(indicator)
    (first, second) = read(indicator).rows
    assert [int(row.value) for row in first[1].earlier] == [8000]
    assert second[1].earlier == ()
    (picture,) = render.chart(read(indicator)).pictures
    assert "8,248" in written(picture.wide)
    assert "8,000" not in [text for text in written(picture.wide) if text not in ("0", "2,000", "4,000", "8,000")]


def test_an_edition_has_what_was_known_then(indicator):
    observe(indicator, 2023, 8000)
    publish(indicator)
    observe(indicator, 2023, 8248)
    publish(indicator)
    assert values(read(indicator, edition=1)) == [("police", 8000)]
    assert read(indicator, edition=1).rows[0][1].earlier == ()


def test_a_day_has_the_periods_that_had_ended_as_they_are_known_now(indicator):
    observe(indicator, 2023, 8000)
    observe(indicator, 2024, 7063)
    publish(indicator)
    observe(indicator, 2023, 8248)
    publish(indicator)
    assert values(read(indicator, until=date(2024, 12, 30))) == [("police", 8248)]
    assert len(values(read(indicator, until=date(2024, 12, 31)))) == 2


def test_of_many_the_newest_are_read_where_only_they_are_wanted(indicator):
    for year in range(2000, 2010):
        observe(indicator, year, year)
    publish(indicator)
    assert values(read(indicator, most=3)) == [("police", 2007), ("police", 2008), ("police", 2009)]


# --- what stands beside what -----------------------------------------------------------------------------------------


def test_half_a_year_is_never_drawn_beside_whole_ones():
    half = figure(2025, 4619, period="2025-H1", ends_on=date(2025, 6, 30))
    what = known(police=[(2023, 8248), (2024, 7063), half])
    (picture,) = render.chart(what).pictures
    assert "4,619" not in written(picture.wide)
    assert what.left_out == [half]


def test_two_series_are_two_lines_each_with_a_shape_and_a_colour_of_its_own():
    what = known(police=[(2023, 8248), (2024, 7063)], ngo=[(2022, 5000), (2023, 7994)])
    rows = spec_of(what)["datasets"]["figures"]
    assert [(row["line"], row["value"]) for row in rows] == [(0, 8248), (0, 7063), (1, 5000), (1, 7994)]
    (picture,) = render.chart(what).pictures
    lines = re.findall(r'<path[^>]*stroke="(var\(--line-\d\))"', picture.wide)
    assert {"var(--line-1)", "var(--line-2)"} <= set(lines)
    assert len({outline for _line, _number, outline in picture.legend}) == 2


def test_lines_of_other_periods_have_a_picture_of_their_own():
    months = [
        figure(
            2024, 600 + month, period=f"2024-{month:02}", starts_on=date(2024, month, 1), ends_on=date(2024, month, 28)
        )
        for month in (1, 2, 3)
    ]
    what = known(police=[(2023, 8248), (2024, 7063)], ministry=months)
    assert [picture.slugs for picture in render.chart(what).pictures] == ["police", "ministry"]


def test_more_lines_than_can_be_told_apart_are_several_pictures():
    what = known(**{f"s{n}": [(2023, n), (2024, n + 1)] for n in range(5)})
    assert [len(picture.lines) for picture in render.chart(what).pictures] == [4, 1]


@pytest.mark.parametrize(
    "lines", [{}, {"police": []}, {"police": [(2024, 7063)]}, {"a": [(2024, 33)], "b": [(2024, 67)]}], ids=str
)
def test_what_is_known_of_one_time_only_is_told_and_not_drawn(lines):
    what = known(**lines)
    assert render.chart(what).pictures == []
    assert render.download(what, (), credit="") is None
    assert render.spark(what) == []


# --- the axes and the days -------------------------------------------------------------------------------------------


def test_the_axis_is_time_so_a_missing_year_leaves_its_room():
    def place(svg, text):
        return float(re.search(rf"translate\(([\d.]+),[^>]*>{text}<", svg)[1])

    (picture,) = render.chart(known(police=[(2020, 1), (2021, 2), (2025, 3)])).pictures
    first, second, last = (place(picture.wide, year) for year in (2020, 2021, 2025))
    assert last - second == pytest.approx(4 * (second - first), rel=0.02)


def test_the_day_of_the_pledge_and_its_deadline_are_marked():
    deadline = Mark(date(2025, 5, 24), "deadline", "Fewer homicides", "violence")
    office = Mark(date(2023, 11, 23), "mandate", "Daniel Noboa", "noboa-2023")
    chart = render.chart(known(police=[(2022, 4603), (2025, 9216)]), [office, PROMISED, deadline])
    texts = written(chart.pictures[0].narrow)
    assert {"Promised, 6 Dec 2023", "Deadline, 24 May 2025", "Daniel Noboa"} <= set(texts)
    assert chart.pictures[0].narrow.count("<line") > 3
    assert [shown for _mark, shown in chart.days] == [True, True, True]


def test_a_day_far_from_the_figures_is_said_and_does_not_squeeze_them():
    chart = render.chart(known(police=[(2015, 1), (2016, 2)]), [PROMISED])
    assert not [text for text in written(chart.pictures[0].wide) if "Promised" in text]
    assert chart.days == [(PROMISED, False)]


def test_no_words_are_written_over_a_rule_or_over_each_other():
    days = [Mark(date(2023, month, 3), "promised", "A pledge", f"p{month}") for month in (6, 7, 8, 12)]
    lines = render.panels(known(police=[(2022, 5), (2023, 8), (2024, 7)]))[0]
    marks = layout.Plot(lines, days, width=340, height=200).marks
    for one in marks:
        left = one["x"] if one["align"] == "left" else one["x"] - one["wide"]
        for other in marks:
            if other is not one and left < other["x"] < left + one["wide"]:
                assert other["row"] < one["row"]


@pytest.mark.parametrize(
    ("numbers", "ends"),
    [([0, 0], (0, 1)), ([-5, 3], (-6, 4)), ([13.89, 51], (0, 60)), ([0.2, 0.9], (0, 1)), ([1e12, 2e12], (0, 2e12))],
    ids=str,
)
def test_an_axis_has_zero_and_round_ends(numbers, ends):
    marks = layout.scale(numbers)
    assert (marks[0], marks[-1]) == ends
    assert 0 in marks
    assert 2 <= len(marks) <= 7


# --- words and numbers -----------------------------------------------------------------------------------------------


def test_the_picture_is_told_in_words_in_both_languages():
    (line,) = known(police=[(2022, 4603), (2023, 8248.5), (2024, 7063)]).lines
    assert indicators.in_sentences(line) == (
        "Police: up from 4,603 (2022) to 7,063 (2024). The highest is 8,248.5 (2023), the lowest 4,603 (2022)."
    )
    with translation.override("es"):
        assert "8.248,5" in indicators.in_sentences(line)
        (picture,) = render.chart(known(police=line.figures)).pictures
        assert "8.248,5" in written(picture.wide)
        assert "10.000" in written(picture.wide)


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [(1, 2, "up from 1 (2023) to 2 (2024)"), (2, 1, "down from 2"), (3, 3, "3 at the end (2024) as at the beginning")],
)
def test_its_direction_is_told(first, last, says):
    (line,) = known(police=[(2023, first), (2024, last)]).lines
    assert says in indicators.in_sentences(line)
    assert "highest" not in indicators.in_sentences(line)


@pytest.mark.parametrize(
    ("typed", "first", "last", "english", "spanish"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "2024", "2024"),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31), "December 2023", "diciembre de 2023"),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30), "January–June 2026", "enero"),
        (
            "2025-01/2025-12",
            date(2025, 1, 1),
            date(2025, 12, 14),
            "1 January 2025 – 14 December 2025",
            "14 de diciembre",
        ),
        ("2020/2022", date(2020, 1, 1), date(2022, 12, 31), "2020–2022", "2020–2022"),
        ("fiscal year 2024", date(2023, 7, 1), date(2024, 6, 30), "fiscal year 2024", "fiscal year 2024"),
        ("2009-10", date(2009, 7, 1), date(2010, 6, 30), "2009-10", "2009-10"),
        ("2009/2010", date(2009, 4, 1), date(2010, 3, 31), "2009/2010", "2009/2010"),
        ("9999", date(9999, 1, 1), date(9999, 12, 31), "9999", "9999"),
    ],
)
def test_a_period_is_said_in_words(typed, first, last, english, spanish):
    row = Observation(period=typed, starts_on=first, ends_on=last)
    assert indicators.period(row) == english
    with translation.override("es"):
        assert spanish in indicators.period(row)


# --- drawn once, and whatever comes ----------------------------------------------------------------------------------


def test_the_same_figures_are_drawn_once(monkeypatch):
    drawn = []
    real = render.vl_convert.vegalite_to_svg

    def draw(*args, **options):
        drawn.append(args)
        return real(*args, **options)

    monkeypatch.setattr(render.vl_convert, "vegalite_to_svg", draw)
    render._vega_svg.cache_clear()
    for _time in range(3):
        (picture,) = render.chart(known(police=[(2023, 8248), (2024, 7063)]), [PROMISED]).pictures
        assert picture.narrow
    assert len(drawn) == 1  # for the width that is asked for
    assert picture.wide
    assert len(drawn) == 2
    (picture,) = render.chart(known(police=[(2023, 8248), (2024, 7062)]), [PROMISED]).pictures
    assert picture.wide
    assert len(drawn) == 3


def test_a_picture_takes_its_colours_from_the_page_and_has_no_styles():
    (picture,) = render.chart(known(police=[(2023, 8248), (2024, 7063)]), [PROMISED]).pictures
    for svg in (picture.wide, picture.narrow):
        assert "style" not in svg
        assert "#0" not in svg
        assert "currentColor" in svg
        assert svg.startswith('<svg aria-hidden="true"')
        assert "height=" not in svg.partition(">")[0]


def test_what_is_hostile_in_names_stays_text():
    line = Line("x", (figure(2023, 1, period=HOSTILE[:20]), figure(2024, 2, period="'];alert(1)//")))
    mandate = Mark(date(2023, 12, 1), "mandate", HOSTILE, "m")
    what = Known(Indicator(slug="x", name_en=HOSTILE, unit_en=HOSTILE), (line, Line(HOSTILE, line.figures)))
    (picture,) = render.chart(what, [mandate]).pictures
    assert "<script" not in picture.wide
    assert "&lt;script" in picture.wide
    assert "'];alert(1)//" in written(picture.wide.replace("&#x27;", "'").replace("&apos;", "'"))
    spec = render.download(what, [mandate], credit=HOSTILE)
    assert render.png(spec).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "numbers",
    [
        [-5, 3, -2],
        [0, 0, 0],
        [1, "NaN", 2, "Infinity"],
        [1, 2, "1e300"],
        [999999999999, 999999999998, 1],
        [0.0001, 0.0002, 0.0001],
    ],
    ids=str,
)
def test_odd_values_are_drawn_or_left_out(numbers):
    what = known(police=[(2000 + place, value) for place, value in enumerate(numbers)])
    (picture,) = render.chart(what, [PROMISED]).pictures
    assert "NaN" not in picture.wide
    assert "Infinity" not in picture.wide
    assert len(what.left_out) == sum(str(value) in ("NaN", "Infinity", "1e300") for value in numbers)


@pytest.mark.parametrize("years", [(1834, 1899), (1, 2), (9998, 9999)], ids=str)
def test_far_years_are_years_like_others(years):
    (picture,) = render.chart(known(police=[(year, year) for year in years])).pictures
    assert {str(year) for year in years} <= set(written(picture.wide))


def test_five_thousand_figures_are_one_small_picture():
    start = date(2012, 1, 1)
    days = [
        figure(2012, place % 7, period="day", starts_on=start + timedelta(place), ends_on=start + timedelta(place))
        for place in range(5000)
    ]
    days[2500] = figure(2012, 99, period="day", starts_on=start + timedelta(2500), ends_on=start + timedelta(2500))
    (picture,) = render.chart(known(police=days)).pictures
    assert len(picture.wide) < 30_000
    assert "99" in written(picture.wide)


def test_the_database_takes_no_value_that_is_no_number(indicator):
    observe(indicator, 2024, 7063)
    with pytest.raises(IntegrityError, match="observation_is_a_number"), connection.cursor() as cursor:
        cursor.execute("UPDATE pledges_observation SET value = 'NaN'")


# --- the names of series ---------------------------------------------------------------------------------------------


def test_a_series_is_named_in_both_languages_beside_its_figures(indicator):
    observe(indicator, 2024, 7063, series="official-via-OECO")
    publish(indicator)
    row = Series.objects.get()
    assert (row.slug, row.name_en, row.name_es) == ("official-via-OECO", "Official via OECO", "")
    row.name_es = "Oficial, según la OECO"
    row.save()
    edition = publish(indicator)
    assert ("changed", "series") in edition.items.values_list("action", "kind")
    assert publishing.verify() == []
    with translation.override("es"):
        assert read(indicator).lines[0].name == "Oficial, según la OECO"


def test_figures_read_from_a_file_bring_the_name_of_their_series_along(indicator):
    figures = [figure(2024, 7063).now]
    figure_actions.record_figures(
        indicator=indicator, series="national-police", figures=figures, source="Police", url="https://police.example/"
    )
    assert Series.objects.get().name_en == "National police"
    edition = publish(indicator)
    assert set(edition.items.values_list("kind", flat=True)) == {"indicator", "observation", "series"}
    assert publish(indicator).items.filter(kind="series").count() == 0  # unchanged, so it is not named again


def test_a_name_that_was_changed_behind_the_back_is_found(indicator):
    observe(indicator, 2024, 7063)
    publish(indicator)
    Series.objects.update(name_en="Somebody else")
    assert "is not what edition" in publishing.verify()[0]


def test_a_series_is_named_once_and_stays_once_it_was_published(indicator):
    observe(indicator, 2024, 7063)
    publish(indicator)
    with pytest.raises(IntegrityError, match="series_once_an_indicator"), transaction.atomic():
        Series.objects.create(indicator=indicator, slug="police", name_en="Police again")
    with pytest.raises(IntegrityError, match="an edition has published this"), transaction.atomic():
        Series.objects.all().delete()


# --- the specification -----------------------------------------------------------------------------------------------


def test_what_is_taken_along_carries_title_unit_source_and_credit():
    spec = render.download(known(police=[(2023, 8248), (2024, 7063)]), [PROMISED], credit="The Record, edition 3")
    texts = [row["text"] for row in spec["datasets"]["texts"]]
    assert texts == ["Homicides", "cases", "Police", "Source: Police", "The Record, edition 3"]
    assert json.loads(json.dumps(spec)) == spec
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
