"""CSV and JSON as rows: the delimiter by what the cells look like, nothing swallowed, nothing left out untold."""

from pathlib import Path

import pytest

from pledges.watch import isolation
from pledges.watch.figures import series, tables
from pledges.watch.figures.series import SeriesError

DATA = Path(__file__).parents[1] / "data" / "series"


def reading(body, period="A", value="B", **kwargs):
    body = body.encode() if isinstance(body, str) else body
    return series.reading(body, period_column=period, value_column=value, **kwargs)


def brief(body, period="A", value="B"):
    return [(figure.period, float(figure.value)) for figure in reading(body, period, value).figures]


def notes(body, *columns, **kwargs):
    return [note.english for note in reading(body, *columns, **kwargs).notes]


def test_a_heading_with_a_comma_does_not_decide_the_delimiter():
    body = (DATA / "semi_header_comma.csv").read_bytes()
    assert brief(body, "Año", "Homicidios, tasa por 100.000 hab.") == [("2021", 14), ("2022", 25.9), ("2023", 47.2)]


def test_decimal_commas_do_not_decide_the_delimiter():
    assert brief((DATA / "tab_comma_nohdr.csv").read_bytes()) == [("2021", 14), ("2022", 25.9)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("2021|14,0\n2022|25,9\n", [("2021", 14), ("2022", 25.9)]),
        ("2021,14.0\n2022,25.9\n", [("2021", 14), ("2022", 25.9)]),
        ("2021, 14.0\n2022, 25.9\n", [("2021", 14), ("2022", 25.9)]),
        ('2021,"14,0"\n2022,"25,9"\n', [("2021", 14), ("2022", 25.9)]),
        ("Año;Enero, miles;Febrero, miles\n2021;1,5;2,5\n", [("2021", 1.5)]),
        ("Homicidios, tasa, por cantón\n\nAño;Casos\n2021;14\n", [("2021", 14)]),
        (
            "Tasa, Ecuador, 2010-2023\nFuente: INEC, Policía\n\nAño\tTasa\n2021\t14,5\n2022\t1,5\n",
            [("2021", 14.5), ("2022", 1.5)],
        ),
        ("1T24;3,1;a, b\n2T24;3,2;c, d\n", [("1T24", 3.1), ("2T24", 3.2)]),
        ("2019/20;1,5\n2020/21;1,6\n", [("2019/20", 1.5), ("2020/21", 1.6)]),
        ('2021,5,"a; b|c"\n2022,6,"d; e|f"\n', [("2021", 5), ("2022", 6)]),
        ("31/12/2021;1.234,5\n31/12/2022;2.234,5\n", [("2021-12-31", 1234.5), ("2022-12-31", 2234.5)]),
        ("sep=;\r\n2021;14,0\r\n", [("2021", 14)]),
        ("Nota; con, todo | junto\n2021\t1234,5\n2022\t0,5\n", [("2021", 1234.5), ("2022", 0.5)]),
        ("Fuente: INEC; Policía\n1T24|25,90\n", [("1T24", 25.9)]),
    ],
)
def test_delimiters(body, expected):
    assert brief(body) == expected


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("slug;name_en;name_es\nports;Ports, harbours;Puertos, muelles\n", ";"),
        ("slug,name_en,topics\nports,Ports,a; b\nprisons,Prisons,c; d\n", ","),
        ("slug\tname\nports\tPorts; docks, harbours\n", "\t"),
    ],
)
def test_delimiters_of_tables_of_texts(text, delimiter):
    assert {len(row) for _number, row in tables.read(text.encode()).rows} == {text.splitlines()[0].count(delimiter) + 1}


def test_a_quarter_is_no_heading():
    body = (DATA / "trimestre_corto.csv").read_bytes()
    assert brief(body) == brief(body, "Trim", "V") == [("1T24", 3.1), ("2T24", 3.2)]


def test_a_first_row_that_cannot_be_read_is_refused_and_not_taken_for_a_heading():
    with pytest.raises(SeriesError, match=r"Row 1, column A \(number 1\): “1T24x” is no period"):
        reading("1T24x;3,1\n2T24;3,2\n")
    with pytest.raises(SeriesError, match=r"Row 1, column B \(number 2\): “about 3” is no number"):
        reading("1T24;about 3\n2T24;3,2\n")


def test_what_is_left_out_is_told_with_its_rows():
    body = "Pledges kept\nYear;Value\n(year);(%)\n2021;14\n2022;n.d.\n2023;n.d.\n2024;3\n2021;14\n;\nSource: INEC;\n"
    assert notes(body, "Year", "Value") == [
        "Left out, since they stand above the figures: rows 1, 3.",
        "Left out, since they hold no value: rows 5–6, 10.",
        "Left out, since they repeat an earlier row: rows 8.",
    ]
    assert notes("Year;Value\n2021;14\n", "Year", "Value") == []


def test_a_figure_is_not_taken_for_the_number_of_its_column():
    found = [("2020", 5), ("2021", 2), ("2022", 1), ("2023", 2)]
    assert brief("2020;5\n2021;2\n2022;1\n2023;2\n", "1", "2") == found
    assert brief("Año;Valor\n2020;5\n2021;2\n2022;1\n2023;2\n", "1", "2") == found
    assert brief("Año;Valor\n2020;5\n2021;2\n2022;1\n2023;2\n", "Año", "2") == found
    assert brief("2020;1;2\n2021;1;3\n", "1", "3") == [("2020", 2), ("2021", 3)]
    assert brief("Año;3;2\n2020;5;6\n", "Año", "3") == [("2020", 5)]  # headings that are numbers


def test_a_heading_may_be_a_year():
    assert brief("Trimestre;2024\n1T24;3\n2T24;4\n") == [("1T24", 3), ("2T24", 4)]


def test_a_quotation_mark_that_is_not_closed_swallows_no_rows():
    with pytest.raises(SeriesError, match="damaged in line"):
        reading('2021;"14\n2022;15\n2023;16\n')
    with pytest.raises(SeriesError, match="damaged in line"):
        reading('2021;"14\n2022;"15\n2023;16\n')
    assert brief('2021;14;"so" called\n2022;15;x\n') == [("2021", 14), ("2022", 15)]


def test_rows_are_counted_as_a_spreadsheet_does():
    with pytest.raises(SeriesError, match="Row 3, column"):
        reading('note,"two\nlines"\n2021,1\n2022,many\n')


def test_in_json_what_is_no_object_is_told_and_lists_are_not_lost():
    assert notes('[{"a": 2021, "b": 1}, "x", 7, {"a": 2022, "b": 2}]', "a", "b") == [
        "Left out, since they are no objects: rows 2–3."
    ]
    with pytest.raises(SeriesError, match="Row 4, column “b”"):
        reading('[{"a": 2021, "b": 1}, "x", 7, {"a": 2022, "b": [3, 5]}]', "a", "b")


@pytest.mark.parametrize("written", ["5.2 %", "5.2%", "5,2%", "5,2 %", "5.2 percent", "5,2 por ciento"])
def test_percentages_are_read_as_they_are_written(written):
    found = reading(f"Year;Value\n2021;{written}\n", "Year", "Value")
    assert (float(found.figures[0].value), found.percent) == (5.2, True)


def test_a_percentage_for_an_indicator_in_another_unit_is_told():
    body = "Year;Value\n2021;5,2 %\n2022;6,1 %\n"
    assert notes(body, "Year", "Value", units=("per cent", "por ciento")) == []
    assert notes(body, "Year", "Value", units=("% of GDP", "% del PIB")) == []
    told = "The file gives percentages; the unit of the indicator is “homicides”."
    assert notes(body, "Year", "Value", units=("homicides", "homicidios")) == [told]
    assert notes("Year;Value\n2021;5,2 %\n2022;6,1\n", "Year", "Value") == [
        "A percent sign stands in some rows only: 2."
    ]


@pytest.mark.parametrize("error", [isolation.Crashed, isolation.TimedOut])
def test_past_the_limits_it_says_what_to_do(monkeypatch, error):
    def call(function, *args, **kwargs):
        raise error("Too much.")

    monkeypatch.setattr(isolation, "call", call)
    for read in (tables.read_in_child, lambda body: series.read_in_child(body, period_column="A", value_column="B")):
        with pytest.raises(SeriesError, match="save the one worksheet as CSV"):
            read(b"2021,1\n")


def test_the_child_gives_what_this_process_would():
    body = b"Year;Value\n2021;n.d.\n2022;5 %\n"
    columns = {"period_column": "Year", "value_column": "Value"}
    assert series.read_in_child(body, **columns) == series.reading(body, **columns)
    with pytest.raises(SeriesError, match="no column “Rate”") as caught:
        series.read_in_child(body, period_column="Year", value_column="Rate")
    assert caught.value.sentence.template.startswith("There is no column")
