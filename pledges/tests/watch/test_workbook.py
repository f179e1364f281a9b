"""XLSX: what a spreadsheet shows is what is read; what would fill the memory is refused before it is parsed."""

import io
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pledges.watch.figures import series, tables, workbook
from pledges.watch.figures.series import SeriesError

DATA = Path(__file__).parents[1] / "data" / "series"


def book(*rows, **formats):
    """A workbook with these rows under the headings Year and Value, and number formats by cell."""
    made = openpyxl.Workbook()
    for row in (("Year", "Value"), *rows):
        made.active.append(row)
    for cell, number_format in formats.items():
        made.active[cell].number_format = number_format
    return made


def saved(made) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(body: bytes, **parts) -> bytes:
    """The package with some parts rewritten: by a piece of their name, a function of bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = next((change for part, change in parts.items() if part in name), bytes)
            new.writestr(name, change(old.read(name)))
    return out.getvalue()


def reading(made, period="Year", value="Value", **kwargs):
    body = made if isinstance(made, bytes) else saved(made)
    return series.reading(body, period_column=period, value_column=value, **kwargs)


def brief(*args, **kwargs):
    return [(figure.period, float(figure.value)) for figure in reading(*args, **kwargs).figures]


def notes(*args, **kwargs):
    return [note.english for note in reading(*args, **kwargs).notes]


# --- formulas
def test_a_formula_without_its_result_is_refused_with_its_cell():
    with pytest.raises(SeriesError, match="Cell B3 holds a formula without its result"):
        reading((DATA / "formula_nocache.xlsx").read_bytes(), "Año", "Tasa")


def test_a_period_or_the_first_row_may_be_such_a_formula_too():
    with pytest.raises(SeriesError, match="Cell A2"):
        reading(book(("=2000+21", 14), (2022, 15)))
    made = openpyxl.Workbook()
    for row in ((2021, "=7*2"), (2022, 15)):
        made.active.append(row)
    with pytest.raises(SeriesError, match="Cell B1"):
        reading(made, "A", "B")


def test_a_formula_with_its_result_is_read_and_an_empty_result_is_none():
    body = saved(book((2021, "=7*2"), (2022, '=""'), (2023, 3)))
    body = changed(
        body,
        sheet1=lambda part: (
            part.replace(b"<f>7*2</f><v></v>", b"<f>7*2</f><v>14</v>")
            .replace(b"<f>7*2</f><v/>", b"<f>7*2</f><v>14</v>")
            .replace(b'<c r="B3">', b'<c r="B3" t="str">')
        ),
    )
    assert brief(body) == [("2021", 14), ("2023", 3)]
    assert notes(body) == ["Left out, since they hold no value: rows 3."]
    without = changed(
        body, sheet1=lambda part: part.replace(b"<v></v>", b"").replace(b"<v/>", b"").replace(b"<v />", b"")
    )
    with pytest.raises(SeriesError, match="Cell B3 holds a formula without its result"):
        reading(without)


def test_a_formula_in_another_column_does_not_matter():
    assert brief(book((2021, 14, "=1"))) == [("2021", 14)]


# --- what is hidden
def test_a_hidden_first_worksheet_is_passed_over_and_told():
    body = (DATA / "hidden.xlsx").read_bytes()
    assert brief(body, "Año", "Tasa") == [("2021", 14), ("2022", 25.9)]
    assert notes(body, "Año", "Tasa") == ["Not read, since they are hidden in the spreadsheet: worksheets “_meta”."]
    assert brief(body, "Año", "Tasa", path="_meta") == [("2020", 999)]


def test_so_is_a_very_hidden_one_and_a_sheet_that_is_a_chart():
    made = openpyxl.Workbook()
    made.active.append(("Year", "Value"))
    made.active.append((2020, 999))
    made.active.sheet_state = "veryHidden"
    page = made.create_sheet("Data")
    for row in (("Year", "Value"), (2021, 14)):
        page.append(row)
    chart = BarChart()
    chart.add_data(Reference(page, min_col=2, min_row=1, max_row=2))
    made.create_chartsheet("Chart", 0).add_chart(chart)
    assert brief(made) == [("2021", 14)]


def test_a_file_of_hidden_worksheets_is_refused():
    body = changed(saved(book((2021, 14))), workbook=lambda part: part.replace(b'"visible"', b'"hidden"'))
    with pytest.raises(SeriesError, match="All worksheets of the file are hidden"):
        reading(body)


def test_hidden_rows_are_left_out_and_told():
    made = book((2021, 14), (2022, 15), (2023, 16), (2024, 17))
    made.active.row_dimensions[3].hidden = True
    made = changed(saved(made), sheet1=lambda part: part.replace(b'<row r="4"', b'<row r="4" ht="0" customHeight="1"'))
    assert brief(made) == [("2021", 14), ("2024", 17)]
    assert notes(made) == ["Left out, since they are hidden in the spreadsheet: rows 3–4."]


def test_hidden_columns_are_left_out_and_told():
    made = openpyxl.Workbook()
    for row in (("Year", "Value", "Value"), (2021, 999, 14)):
        made.active.append(row)
    made.active.column_dimensions["B"].hidden = True
    assert brief(made) == brief(made, "A", "C") == [("2021", 14)]
    assert notes(made) == ["Left out, since they are hidden in the spreadsheet: columns B."]
    made.active["B1"] = "Rate"
    with pytest.raises(SeriesError, match=r"no column “Rate”.* hidden in the spreadsheet: columns B"):
        reading(made, "Year", "Rate")


# --- number formats
@pytest.mark.parametrize("number_format", ["0.0%", "0%", "0.00 %;[Red]-0.00 %", "#,##0.0%", "[>1]0%;0.0%"])
def test_a_percentage_is_read_as_it_is_shown(number_format):
    found = reading(book((2021, 0.052), (2022, -0.01), B2=number_format, B3=number_format))
    assert [str(figure.value) for figure in found.figures] == ["5.2000", "-1.0000"]
    assert found.percent
    assert [note.english for note in found.notes] == [
        "Percentages are read as the spreadsheet shows them: 5.2 % in row 2."
    ]


@pytest.mark.parametrize(
    ("number_format", "value"),
    [
        ("#,##0", 1234567),
        ("#,##0,", 1234.567),
        ("0.0,,", 1.2346),
        ('0.0,"k"', 1234.567),
        ('0 "%"', 1234567),
        ("0,000", 1234567),
    ],
)
def test_thousands_and_millions_are_read_as_they_are_shown(number_format, value):
    found = reading(book((2021, 1234567), B2=number_format))
    assert float(found.figures[0].value) == value
    assert bool(found.notes) == (value != 1234567)


def test_dates_are_periods_as_their_format_shows_them():
    made = book((datetime(2024, 1, 15), 1), (datetime(2024, 2, 20), 2), A2="mmm-yy", A3="[$-C0A]mmmm yyyy;@")
    assert brief(made) == [("2024-01", 1), ("2024-02", 2)]
    made = book((datetime(2023, 6, 30), 1), (datetime(2024, 6, 30), 2), A2="yyyy", A3="yyyy")
    assert brief(made) == [("2023", 1), ("2024", 2)]
    assert brief(book((datetime(2024, 6, 30), 1), A2="dd/mm/yyyy")) == [("2024-06-30", 1)]


def test_numbers_of_days_are_days_where_the_whole_column_is_made_of_them():
    assert brief(book((45292, 1), (45323, 2), (45352, 3))) == [("2024-01", 1), ("2024-02", 2), ("2024-03", 3)]
    with pytest.raises(SeriesError, match="“45292” is no period"):
        reading(book((45292, 1), (2024, 2)))


def test_a_month_after_a_point_keeps_its_nought():
    assert brief(book((2024.09, 1), (2024.1, 2), (2024.11, 3))) == [("2024.09", 1), ("2024.10", 2), ("2024.11", 3)]


def test_days_that_are_counted_from_1904():
    made = openpyxl.Workbook()
    made.epoch = CALENDAR_MAC_1904
    for row in (("Year", "Value"), (date(2024, 6, 30), 1)):
        made.active.append(row)
    assert brief(made) == [("2024-06-30", 1)]
    made.active["A2"].number_format = "General"
    assert brief(made) == [("2024-06-30", 1)]


def test_numbers_that_are_texts():
    assert brief(book(("2021", "14,5"), ("2022", "1.500,0"), (2023, 3))) == [
        ("2021", 14.5),
        ("2022", 1500),
        ("2023", 3),
    ]


def test_texts_with_several_formats_are_whole():
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = b'<is><r><t>1T</t></r><r><t>24</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is>'
    row = b'<row><c t="inlineStr">' + text + b"</c><c><v>3</v></c></row>"
    sheet = b'<worksheet xmlns="' + space + b'"><sheetData>' + row + b"</sheetData></worksheet>"
    assert brief(changed(saved(book()), sheet1=lambda _part: sheet), "A", "B") == [("1T24", 3)]


# --- attacks
MANY = workbook.MOST_NODES + 1


@pytest.mark.parametrize(
    "parts",
    [
        {"styles": lambda part: part.replace(b"</cellXfs>", b"<xf/>" * MANY + b"</cellXfs>")},
        {"styles": lambda part: part.replace(b"</styleSheet>", b"<numFmt/>" * MANY + b"</styleSheet>")},
        {"Content_Types": lambda part: part.replace(b"</Types>", b"<Default/>" * MANY + b"</Types>")},
        {"core": lambda part: part + b"<a/>" * MANY},
        {"workbook.xml": lambda part: part.replace(b"</sheets>", b"<sheet/>" * MANY + b"</sheets>")},
        {"theme": lambda part: part + b" " * workbook.LARGEST_PART},
    ],
    ids=["styles", "number formats", "content types", "properties", "worksheets", "bytes"],
)
def test_parts_of_many_records_are_refused_before_they_are_parsed(monkeypatch, parts):
    body = changed(saved(book((2021, 14))), **parts)
    assert len(body) < 200_000
    monkeypatch.setattr(openpyxl, "load_workbook", None)  # whoever calls it fails otherwise
    with pytest.raises(SeriesError, match="far more styles or properties than a table needs: save the one worksheet"):
        reading(body)


def test_a_size_that_is_a_lie_is_found_out(monkeypatch):
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 1_000_000)
    body = changed(saved(book((2021, 14))), sheet1=lambda part: part + b" " * 5_000_000)
    with pytest.raises(SeriesError, match="larger than 60 MB when unpacked"):
        reading(body)
    true = struct.pack("<L", _size(body, "xl/worksheets/sheet1.xml"))
    for lie in (100, 0):
        lied = body.replace(true, struct.pack("<L", lie))
        assert lied != body
        with pytest.raises(SeriesError, match="damaged"):
            reading(lied)


def _size(body: bytes, name: str) -> int:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return packed.getinfo(name).file_size


def test_openpyxl_is_given_no_more_than_was_counted(monkeypatch):
    """A checksum can be made to fit a false size: what was not counted must not be there to be unpacked."""
    given = {}

    def load(file, **_options):
        with zipfile.ZipFile(file) as packed:
            given.update({part.filename: part for part in packed.infolist()})
        raise ValueError

    monkeypatch.setattr(workbook, "ExcelReader", load)
    body = changed(saved(book((2021, 14))))
    with pytest.raises(SeriesError):
        reading(body)
    assert {part.compress_type for part in given.values()} == {zipfile.ZIP_STORED}
    assert all(part.compress_size == part.file_size for part in given.values())


def test_pictures_and_pivot_tables_are_not_unpacked(monkeypatch):
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 1_000_000)
    out = io.BytesIO(saved(book((2021, 14))))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/image1.png", bytes(2_000_000))
        packed.writestr("xl/pivotCache/pivotCacheRecords1.xml", bytes(2_000_000))
    assert brief(out.getvalue()) == [("2021", 14)]


def test_cells_that_share_a_long_text_are_counted_with_it(monkeypatch):
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 1_000_000)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'

    def made(rows):
        row = b'<row><c t="s"><v>0</v></c><c><v>3</v></c></row>'
        sheet = b'<worksheet xmlns="' + main + b'"><sheetData>' + row * rows + b"</sheetData></worksheet>"
        out = io.BytesIO(
            changed(
                saved(book()),
                Content_Types=lambda part: part.replace(b"</Types>", override),
                sheet1=lambda _part: sheet,
            )
        )
        with zipfile.ZipFile(out, "a") as package:
            shared = b'<sst xmlns="' + main + b'"><si><t>' + b"x" * 100_000 + b"</t></si></sst>"
            package.writestr("xl/sharedStrings.xml", shared)
        return out.getvalue()

    assert len(tables.read(made(10)).rows) == 10
    with pytest.raises(SeriesError, match="larger than 60 MB when unpacked"):
        tables.read(made(11))


def test_what_a_number_format_scales_and_a_worksheet_is_called_stays_short_in_sentences():
    note = notes(book(("2021", 5.0), B2="0" + "," * 100_000), "Year")[0]
    assert len(note) < 200
    long = changed(
        saved(book(("2021", 5))), workbook=lambda part: part.replace(b'name="Sheet"', b'name="%s"' % (b"x" * 9000))
    )
    with pytest.raises(SeriesError, match="There is no worksheet “other”") as refused:
        reading(long, path="other")
    assert len(str(refused.value.sentence)) < 200


def test_rows_and_columns_without_end_are_refused():
    empty = changed(
        saved(book((2021, 14))),
        sheet1=lambda part: part.replace(b"</sheetData>", b"<row/>" * 1_000_001 + b"</sheetData>"),
    )
    with pytest.raises(SeriesError, match="more than we read"):
        reading(empty)
    deep = changed(saved(book((2021, 14))), sheet1=lambda part: part.replace(b"</sheetData>", b"<row>" * 100_000))
    with pytest.raises(SeriesError, match="damaged"):
        reading(deep)


def test_a_row_far_down_that_is_empty_does_not_matter():
    body = changed(
        saved(book((2021, 14))), sheet1=lambda part: part.replace(b"</sheetData>", b'<row r="1048576"/></sheetData>')
    )
    assert brief(body) == [("2021", 14)]


def test_ten_thousand_rows_come_back_from_the_child_as_they_are():
    made = openpyxl.Workbook(write_only=True)
    page = made.create_sheet("topics")
    for number in range(10_000):
        page.append([f"t{number}", "a text", number, 0.5])
    body = saved(made)
    assert tables.read_in_child(body).rows[-1] == (10_000, ["t9999", "a text", 9999, 0.5])
