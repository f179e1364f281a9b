# ruff: noqa: E501 - a table reads better whole
"""The day by which a sentence promises something, in the many ways of saying it."""

from datetime import date

import pytest

from pledges.site.mandates.progress import HUNDRED, Days
from pledges.watch.extraction.deadlines import deadlines

DAY = date(2024, 5, 14)  # a Tuesday


def said(words, language, day=DAY):
    return [(one.day.isoformat(), one.precision) for one in deadlines(f"So: {words}.", language, day)]


ENGLISH = [
    ("2024-08-21 day", "in the first 100 days|within the first hundred days|in our first 100 days in office"),
    ("2024-08-21 day", "in the first 100 days of my government|by the end of the first hundred days"),
    ("2024-05-14 day", "on day one|on my first day in office"),
    ("2024-08-21 day", "by day 100"),
    ("2024-08-22 day", "within 100 days|over the next hundred days|in 100 days"),
    ("2024-11-13 day", "in the first six months|during my first six months of government"),
    ("2024-11-14 day", "within six months|in the next six months"),
    ("2025-05-13 day", "within the first year|in its first year|by the end of our first year|in the first year of the term"),
    ("2025-05-14 day", "within a year|within one year|this time next year"),
    ("2027-12-31 year", "by the end of 2027|at the end of 2027|by end-2027|by end of 2027|towards the end of 2027|in late 2027"),
    ("2027-12-31 year", "before the end of 2027|before the close of 2027|no later than 2027|by no later than the end of 2027"),
    ("2024-12-31 year", "by the end of the year|at year's end|by year’s end|by year-end|before year end|by the end of this year"),
    ("2024-12-31 year", "before the year is out|before the year ends|before this year is over|by the close of the year"),
    ("2024-12-31 year", "before next year"),
    ("2025-12-31 year", "before the end of next year"),
    ("2025-12-31 year", "by the end of next year|by next year's end|next year|before 2026"),
    ("2024-05-31 month", "by the end of the month|before the end of this month"),
    ("2024-06-30 month", "by the end of next month|by the end of June|by mid-June|before the end of June"),
    ("2024-05-19 day", "by the end of the week"),
    ("2025-06-30 day", "no later than 30 June 2025|not later than June 30, 2025|on or before 30 June 2025|by 2025-06-30"),
    ("2025-06-30 day", "by 30/06/2025|by 6/30/2025|before 1 July 2025"),
    ("2026-12-31 month", "until December 2026|by December 2026"),
    ("2025-12-31 month", "in the second half of 2025|second half of 2025|by H2 2025|by 2025 Q4|in the last quarter of 2025"),
    ("2025-06-30 month", "before the second half of 2025|in the first half of next year|by Q2 of 2025|by 2025-06"),
    ("2025-06-30 month", "in the first six months of 2025|by the end of the second quarter of 2025"),
    ("2024-12-31 month", "in the second half of the year|in the fourth quarter of this year"),
    ("2026-12-31 year", "by 2025/26|by 2025-26|in 2025–26|in 2025-2026|by the 2025/26 school year"),
    ("2026-12-31 year", "by year-end 2026|at year end 2026|before year-end 2026|by the year-end in 2026|by FY2026|in FY 2026|by FY26|in the 2025-26 financial year|by fiscal year 2026|by the end of fiscal 2026"),
    ("2025-12-31 year", "before 2025/26|before FY2026"),
    ("2027-12-31 year", "in 2024-2027"),
    ("2026-12-31 year", "by 2026 - 30 schools"),
]  # fmt: skip
SPANISH = [
    ("2024-08-21 day", "en los primeros 100 días|en los primeros cien días|en los cien primeros días|para los primeros cien días"),
    ("2024-08-21 day", "en los primeros cien días de mi gobierno|en los primeros 100 días de su gestión|al cabo de los primeros 100 días"),
    ("2024-08-21 day", "durante los primeros cien días del mandato|al término de los primeros cien días de gobierno"),
    ("2024-08-22 day", "en cien días|en los próximos cien días|en un plazo de 100 días"),
    ("2024-11-13 day", "en los primeros seis meses|en nuestros primeros seis meses de gobierno"),
    ("2025-05-13 day", "en el primer año|en mi primer año de gobierno|al término del primer año"),
    ("2027-12-31 year", "al término de 2027|al término del año 2027|al termino del 2027|al cierre de 2027|al final de 2027"),
    ("2027-12-31 year", "a fines de 2027|a finales del 2027|a fin de 2027|para finales de 2027|hacia fines de 2027|hasta fines de 2027"),
    ("2027-12-31 year", "al finalizar 2027|al terminar el 2027|al concluir 2027|a la conclusión de 2027|por fin de 2027"),
    ("2027-12-31 year", "antes de que termine 2027|antes que acabe el 2027|antes de que se acabe 2027|antes de que 2027 termine"),
    ("2027-12-31 year", "antes de finalizar 2027|antes del cierre de 2027|antes del término de 2027|antes de mediados de 2027"),
    ("2027-12-31 year", "a más tardar en 2027|a más tardar a fines de 2027|como muy tarde en 2027|no más tarde del 2027|al 2027|en el 2027"),
    ("2024-12-31 year", "a fin de año|a finales de año|al término del año|antes de que termine el año|antes de que el año termine"),
    ("2024-12-31 year", "antes del próximo año"),
    ("2025-12-31 year", "antes de que termine el próximo año|antes del fin del próximo año"),
    ("2025-12-31 year", "a finales del próximo año|el año que viene|antes de 2026"),
    ("2024-05-31 month", "a fin de mes|a finales de este mes|antes de que termine el mes"),
    ("2024-06-30 month", "a fines de junio|al término de junio|antes de que termine junio|a finales del próximo mes"),
    ("2025-06-30 day", "a más tardar el 30 de junio de 2025|al 30 de junio de 2025|hasta el 30/06/2025|antes del 1/7/2025"),
    ("2026-12-31 month", "hasta diciembre de 2026|a más tardar en diciembre de 2026"),
    ("2025-12-31 month", "en el segundo semestre de 2025|segundo semestre del 2025|en la segunda mitad de 2025|en el último trimestre de 2025"),
    ("2025-06-30 month", "antes del segundo semestre de 2025|en el primer semestre del próximo año|en los primeros seis meses de 2025"),
    ("2024-12-31 month", "en el segundo semestre del año|en el cuarto trimestre de este año"),
    ("2026-12-31 year", "de aquí a 2026|a lo largo de 2026|en el transcurso de 2026|en lo que queda de 2026|en 2025/26|en 2025-2026|para el ejercicio fiscal 2026|en el año lectivo 2025-2026|en el ejercicio 2025-26"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "day", "words"),
    [
        (language, day, words)
        for language, table in (("en", ENGLISH), ("es", SPANISH))
        for day, every in table
        for words in every.split("|")
    ],
)
def test_the_last_day_in_time(language, day, words):
    assert said(words, language) == [tuple(day.split())]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        *(("en", f"{when} the next election") for when in ("before", "by")),
        ("en", "before the 2026 election"),
        ("en", "before 2026 elections"),
        ("en", "by the end of the term"),
        ("en", "within 100 days of its signature"),
        ("en", "within 100 days of taking office"),
        ("en", "in the 100 days following its signature"),
        ("en", "not before 2026"),
        ("en", "from the second half of 2025"),
        ("en", "starting in 2026"),
        ("en", "in 2009-10"),
        ("en", "in 2019/20"),
        ("en", "by 5/6/2025"),
        ("en", "by 2026/24"),
        ("en", "in 2026 prices"),
        ("es", "antes de las próximas elecciones"),
        ("es", "antes de las elecciones de 2026"),
        ("es", "antes de que termine el mandato"),
        ("es", "al término de su mandato"),
        ("es", "en los 100 días de su firma"),
        ("es", "no antes de 2026"),
        ("es", "a partir del segundo semestre de 2025"),
        ("es", "desde fines de 2025"),
        ("es", "respecto al 2026"),
    ],
)
def test_what_is_no_deadline(language, words):
    assert said(words, language) == []


@pytest.mark.parametrize("start", [date(2023, 11, 23), date(2024, 2, 29), date(2024, 12, 31)])
def test_the_hundredth_day_is_the_one_that_the_pictures_of_a_mandate_mark(start):
    hundredth = Days(start, date(2027, 12, 31)).day(HUNDRED).isoformat()
    assert said("in the first hundred days", "en", start) == [(hundredth, "day")]
    assert said("en los primeros cien días", "es", start) == [(hundredth, "day")]


def test_the_first_month_ends_the_day_before_the_second_begins():
    assert said("within the first month", "en", date(2024, 3, 1)) == [("2024-03-31", "day")]
    assert said("within the first month", "en", date(2024, 1, 31)) == [("2024-02-29", "day")]
    assert said("within the first year", "en", date(2024, 2, 29)) == [("2025-02-28", "day")]


def test_a_fiscal_year_needs_no_day_of_publication_and_a_distance_does():
    assert said("by 2009-10", "en", None) == [("2010-12-31", "year")]
    assert said("by 2019/20", "en", None) == [("2020-12-31", "year")]
    assert said("by 2099-00", "en", None) == [("2100-12-31", "year")]
    for words in (
        "in the first hundred days",
        "at year's end",
        "by the end of the month",
        "in the first half of the year",
    ):
        assert said(words, "en", None) == []
