import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pledges.watch.figures import periods, series
from pledges.watch.figures.series import Figure, SeriesError

DATA = Path(__file__).parents[1] / "data" / "series"


def read(body, period="period", value="value", **kwargs):
    body = body.encode() if isinstance(body, str) else body
    return series.read(body, period_column=period, value_column=value, **kwargs)


def sample(name, period, value, **kwargs):
    return read((DATA / name).read_bytes(), period, value, **kwargs)


def brief(figures):
    return [(figure.period, str(figure.value.normalize())) for figure in figures]


def test_csv_as_spain_and_latin_america_write_it():
    assert sample("es.csv", "Periodo", "tasa (%)") == (
        Figure("ene-24", date(2024, 1, 1), date(2024, 1, 31), Decimal("1234.5000")),
        Figure("feb-24", date(2024, 2, 1), date(2024, 2, 29), Decimal("1300.2500")),
    )
    assert sample("es.csv", "A", "B") == sample("es.csv", "1", "2") == sample("es.csv", "Período", "B")


def test_csv_in_english_and_latin1():
    assert brief(sample("en_latin1.csv", "año", "value")) == [("2023", "1234.5"), ("2024 (p)", "12345.75")]


def test_json_rows_by_path():
    assert brief(sample("worldbank.json", "date", "value", path="1")) == [("2023", "5.5"), ("2021", "12")]
    assert brief(read('{"meta": 1, "data": {"rows": [["2023", 1.25], ["2024", 2]]}}', "A", "B", path="data.rows")) == [
        ("2023", "1.25"),
        ("2024", "2"),
    ]
    assert brief(read('{"2023": 5, "2024": 6}', "key", "value")) == [("2023", "5"), ("2024", "6")]
    assert brief(read('{"rows": [{"t": {"y": 2024}, "v": "7"}]}', "t.y", "v")) == [("2024", "7")]


def test_xlsx_by_worksheet_with_dates_for_months():
    assert sample("months.xlsx", "Mes", "Casos", path="datos") == (
        Figure("2025-01", date(2025, 1, 1), date(2025, 1, 31), Decimal("600.0000")),
        Figure("2025-02", date(2025, 2, 1), date(2025, 2, 28), Decimal("650.0000")),
        Figure("2025-04", date(2025, 4, 1), date(2025, 4, 30), Decimal("700.0000")),
    )


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024*", "2024-01-01", "2024-12-31"),
        ("2024-05", "2024-05-01", "2024-05-31"),
        ("2024M05", "2024-05-01", "2024-05-31"),
        ("05/2024", "2024-05-01", "2024-05-31"),
        ("2024-05-31", "2024-05-31", "2024-05-31"),
        ("2024-Q3", "2024-07-01", "2024-09-30"),
        ("2024T3", "2024-07-01", "2024-09-30"),
        ("3T 2024", "2024-07-01", "2024-09-30"),
        ("III trimestre de 2024", "2024-07-01", "2024-09-30"),
        ("Tercer trimestre 2024", "2024-07-01", "2024-09-30"),
        ("2024-H1", "2024-01-01", "2024-06-30"),
        ("II semestre 2024", "2024-07-01", "2024-12-31"),
        ("mayo 2024", "2024-05-01", "2024-05-31"),
        ("Mayo de 2024", "2024-05-01", "2024-05-31"),
        ("May 2024", "2024-05-01", "2024-05-31"),
        ("sept-24", "2024-09-01", "2024-09-30"),
        ("dic. 1999", "1999-12-01", "1999-12-31"),
        ("31 de mayo de 2024", "2024-05-31", "2024-05-31"),
        ("May 31, 2024", "2024-05-31", "2024-05-31"),
    ],
)
def test_periods(written, first, last):
    assert periods.span(written) == (date.fromisoformat(first), date.fromisoformat(last))


QUARTER = ("2024-01-01", "2024-03-31")
HALF = ("2024-01-01", "2024-06-30")
MONTH = ("2024-01-01", "2024-01-31")
SPELLINGS = {
    QUARTER: "1T24|1T 24|1T-24|1T'24|T1 24|T1/24|T1 2024|1T-2024|2024-1T|2024 T1|2024Q1|2024:Q1|24Q1|Q1/24|Q1’24|1Q24|"
    "Q1 2024|Quarter 1, 2024|1st quarter 2024|first quarter of 2024|I trim 2024|I trim. 2024|IT24|Trimestre I 2024|"
    "I-2024|2024.I|1er trimestre 2024|1.er trimestre de 2024|1º trimestre 2024|1.º trim. 2024|1° trim. 2024|"
    "I-24|I 24|24-I|"
    "primer trim. 2024|primer trimestre del año 2024|trimestre 1 de 2024|2024 1er trimestre|ene-mar 2024|"
    "Ene.–mar. 24|enero a marzo de 2024|Jan-Mar 2024|1T24 (p)|1T24*",
    HALF: "2024S1|1S24|1S 2024|S1/24|2024-H1|H1 2024|1H24|I sem 2024|1er semestre de 2024|primer semestre 2024|"
    "first half of 2024|1st half 2024|ene-jun 2024|Semestre 1 2024|enero-junio de 2024",
    MONTH: "ene-24|Ene. 2024|ENE 24|ene/24|ene.24|ene24|Jan-24|Jan'24|2024M01|2024-M01|2024 M1|M01 2024|2024:01|"
    "01/2024|1/2024|2024.01|202401|enero 2024|Enero de 2024|enero del 2024|enero, 2024|2024 enero|2024-ene|ene.-24",
    ("2024-01-01", "2024-12-31"): "2024|Año 2024|Year 2024|Ejercicio 2024|ejercicio fiscal 2024|2024 (prel.)",
    ("2024-01-29", "2024-02-04"): "2024-W05",
}


@pytest.mark.parametrize(
    ("written", "span"), [(written, span) for span, all_ in SPELLINGS.items() for written in all_.split("|")]
)
def test_periods_as_offices_write_them(written, span):
    assert periods.span(written) == tuple(map(date.fromisoformat, span))


@pytest.mark.parametrize(
    "written",
    "1T24x|5T24|3S24|T1|2T|2024Q0|13/2024|2024-00|1T245|mar-feb 2024|total 24|24-25|2010-2014|2019/21|FY|ene|24".split(
        "|"
    ),
)
def test_what_only_looks_like_a_period(written):
    assert periods.span(written) is None
    assert not periods.is_fiscal(written)


@pytest.mark.parametrize(
    "column",
    [
        ["2008-09", "2009-10", "2010-11"],
        ["2009-10", "2019/20"],
        ["2012-13"],
        ["2019/20", "2020/21"],
        ["2009-2010", "2010-2011"],
        ["2009–10", "2010–11"],
        ["1999/00", "2000/01"],
        ["FY2009-10"],
        ["FY2020", "FY21"],
    ],
)
def test_fiscal_years(column):
    found = read("\n".join(["period,value", *(f"{written},{n}" for n, written in enumerate(column))]))
    assert [figure.period for figure in found] == column
    for figure in found:
        assert (figure.starts_on.day, figure.starts_on.month) == (1, 7)
        assert figure.ends_on == date(figure.starts_on.year + 1, 6, 30)
    first = {"FY2020": 2019, "1999/00": 1999}.get(column[0]) or int(column[0].removeprefix("FY")[:4])
    assert found[0].starts_on.year == first


def test_a_fiscal_year_begins_where_the_headings_say_and_how_it_is_read_is_told():
    for heading in ("Year (April to March)", "Año (abril a marzo)", "Year ended 31 March", "Abr-Mar"):
        body = f"{heading};Value\n2009-10;5\n".encode()
        found = series.reading(body, period_column="A", value_column="B")
        assert (found.figures[0].starts_on, found.figures[0].ends_on) == (date(2009, 4, 1), date(2010, 3, 31))
        assert "“2009-10” is read as 2009-04-01 to 2010-03-31" in found.notes[0].english


def test_months_are_no_fiscal_years():
    for column in (["2009-09", "2009-10", "2009-11"], ["2011-12", "2012-01"], ["2024-01", "2009-10"]):
        found = read("\n".join(["period,value", *(f"{written},1" for written in column)]))
        assert {figure.ends_on.month for figure in found} == {int(written[5:]) for written in column}


def test_what_could_be_a_month_or_a_fiscal_year_is_refused():
    with pytest.raises(SeriesError, match="Row 2, column “period”: “2009-10” could be a month or a fiscal year"):
        read("period,value\n2009-10,1")
    with pytest.raises(SeriesError, match="Row 2, column “Mes”: “2010-11” could be a month or a fiscal year"):
        read("Mes,value\n2010-11,1\n2011-12,2", "Mes")
    assert read("fiscal year,value\n2009-10,1", "fiscal year")[0].starts_on == date(2009, 7, 1)


def test_a_period_that_is_too_long_to_keep_is_kept_in_short():
    rows = ["Primer trimestre del año 2024", "Segundo trimestre del año 2024", "Primer semestre del año 2023"]
    found = read("period,value\n" + "\n".join(f"{row},1" for row in rows))
    assert [figure.period for figure in found] == ["2024-Q1", "2024-Q2", "2023-H1"]


@pytest.mark.parametrize("written", ["", "Total", "2023-24", "2024-13", "2024-02-30", "12", "2024-Q5", "99999", "mayo"])
def test_what_is_no_period(written):
    assert periods.span(written) is None


def test_days_in_a_column_stand_for_what_they_all_begin():
    assert [figure.period for figure in read("period,value\n2021-01-01,1\n2022-01-01,2\n2023-01-01,3")] == [
        *("2021", "2022", "2023"),
    ]
    assert [f.period for f in read("period,value\n2024-01-01,1\n2024-04-01,2\n2024-07-01,3")] == [
        *("2024-Q1", "2024-Q2", "2024-Q3"),
    ]
    assert read("period,value\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3")[0].period == "2024-01-01"


def test_days_with_slashes_are_read_as_the_column_shows():
    assert [f.ends_on for f in read("period,value\n31/12/2024,1\n01/02/2025,2")] == [
        date(2024, 12, 31),
        date(2025, 2, 1),
    ]
    with pytest.raises(SeriesError, match="Row 2, column “period”: “01/02/2024” could be read in two ways"):
        read("period,value\n01/02/2024,1\n03/04/2024,2")


@pytest.mark.parametrize(
    ("values", "gives"),
    [
        (["1.234", "0.5"], ["1.234", "0.5"]),
        (["1,234", "0.5"], ["1234", "0.5"]),
        (["1.234", "0,5"], ["1234", "0.5"]),
        (["1.234.567"], ["1234567"]),
        (["1 234,5", "1\u00a0000"], ["1234.5", "1000"]),
        (["-3,5", "−4", "(5)"], ["-3.5", "-4", "-5"]),
        (["12 %", "$ 3.5", "US$ 7"], ["12", "3.5", "7"]),
        (["1.5e3"], ["1500"]),
        (["0.123456"], ["0.1235"]),
    ],
)
def test_numbers_as_the_column_shows(values, gives):
    rows = "\n".join(f"{2000 + n}\t{value}" for n, value in enumerate(values))
    assert [str(f.value.normalize().__format__("f")) for f in read(f"period\tvalue\n{rows}")] == gives


def test_what_a_point_means_is_what_is_usual_where_nothing_shows_it():
    assert brief(read("period;value\n2024;1.234")) == [("2024", "1234")]
    assert brief(read("period,value\n2024,1.234")) == [("2024", "1.234")]
    with pytest.raises(SeriesError, match=r"Row 1, column “value”: “1\.234” do not show"):
        read('[{"period": "2024", "value": "1.234"}]')


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "empty"),
        ("<!doctype html><html>", "web page"),
        (b"\xd0\xcf\x11\xe0old", "old Excel file"),
        (b"%PDF-1.7", "not a table"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
        ("just one column\n1\n2", "no table"),
        ("period,other\n2024,1", "no column “value”; there are “period”, “other”"),
        ("period,value\n2024,abc", "Row 2, column “value”: “abc” is no number"),
        ("period,value\n2024,1\nTotal,2", "Row 3, column “period”: “Total” is no period"),
        ("period,value\n2024,1\n,2", "Row 3, column “period”: the period is missing"),
        ("period,value\n2024,1\n2024,2", "2024 stands in rows 2 and 3 with different values"),
        ("period,value\n2024,1e99", "too large|no number"),
        ("period,value\n2024,9999999999999", "too large"),
        ("period,value\n2024,-", "holds no values"),
        ('period,value\n2023,"1,5"\n2024,1.5', "“1,5”, “1.5”"),
        ("{", "damaged"),
        ("[" * 100_000, "damaged"),
        ('{"a": {"b": []}}', "there are “a”"),
        ('[{"period": 2024, "value": true}]', "no number"),
        ('[{"period": 2024, "value": NaN}]', "no number"),
        ('[{"period": 2024, "value": 1e999999999999999999999}]', "too large"),
        ('[{"period": 2024, "value": -1e999999999}]', "too large"),
        ('[{"period": NaN, "value": 1}]', "no period"),
        ('[{"period": 1e999999999, "value": 1}]', "no period"),
        ('[{"period": 2024, "value": ' + "9" * 5000 + "}]", "too large"),
        (b"PK\x03\x04rubbish", "not an XLSX"),
    ],
)
def test_what_is_wrong_is_said_with_row_and_column(body, says):
    with pytest.raises(SeriesError, match=says):
        read(body)


def test_a_worksheet_that_is_not_there():
    with pytest.raises(SeriesError, match="no worksheet “Other” in the file; there are “Resumen”, “Datos”"):
        sample("months.xlsx", "Mes", "Casos", path="Other")


def packed(**parts: bytes) -> bytes:
    """The sample workbook with some parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(DATA / "months.xlsx") as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            replaced = next((body for part, body in parts.items() if part in name), None)
            new.writestr(name, old.read(name) if replaced is None else replaced)
    return out.getvalue()


def test_packed_bombs_are_not_opened():
    with pytest.raises(SeriesError, match="larger than 60 MB"):
        read(packed(sheet2=b"<x>" + b" " * 61_000_000), "A", "B", path="Datos")
    with pytest.raises(SeriesError, match="XML entities"):
        read(packed(sheet2=b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "A", "B", path="Datos")
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    row = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    far = f'<worksheet xmlns="{space}"><sheetData>{row}</sheetData></worksheet>'
    with pytest.raises(SeriesError, match="more than we read"):
        read(packed(sheet2=far.encode()), "A", "B", path="Datos")


def test_tables_beyond_measure_are_refused():
    with pytest.raises(SeriesError, match="more than we read"):
        read("period,value\n" + "2024,1\n" * 100_001)
