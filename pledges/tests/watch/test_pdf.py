"""PDFs with columns: each column is read before the next, in whatever order its lines are drawn."""

import math
from pathlib import Path

import pytest

from pledges.watch.sources import pdf
from pledges.watch.sources.documents import text_of
from pledges.watch.sources.pdf import Word, in_order

CASES = Path(__file__).resolve().parents[1] / "data" / "documents"

HOSPITALS = [
    "We will build two new hospitals in",
    "the north of the country, and a",
    "third one in the capital before the",
    "end of the next year, so that each",
    "family has a doctor close to home.",
]
SCHOOLS = [
    "Schools will open at seven each day",
    "and every pupil will have a lunch",
    "that is paid by the state. Teachers",
    "will be paid on the first day of a",
    "month, as the law has it.",
]
TAXES = [
    "The tax on fuel will be cut by half",
    "for the poorest families, and the",
    "money will come from a levy on the",
    "mines in the south. The minimum",
    "wage will rise to 500 dollars.",
]
WHOLE = [" ".join(lines) for lines in (HOSPITALS, SCHOOLS, TAXES)]


def page(*texts, turned=0, rotate=0):
    """A PDF of one page of texts (x, y, text[, size]), drawn in this order; `turned` turns each by so many degrees
    about the middle of the page, counter-clockwise."""
    cos, sin = (round(turn(math.radians(turned)), 6) for turn in (math.cos, math.sin))
    drawn = ""
    for x, y, text, *size in texts:
        at_x, at_y = x - 400, y - 400
        place = f"{cos} {sin} {-sin} {cos} {cos * at_x - sin * at_y + 400} {sin * at_x + cos * at_y + 400}"
        drawn += f"BT /F1 {size[0] if size else 9} Tf {place} Tm ({text}) Tj ET\n"
    content = drawn.encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 842] /Rotate %d /Contents 4 0 R "
        b"/Resources << /Font << /F1 3 0 R >> >> >>" % rotate,
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(body),
    )


def column(x, lines, y=780, pitch=13):
    return [(x, y - pitch * number, line) for number, line in enumerate(lines)]


def row_by_row(*columns):
    return [text for row in zip(*columns, strict=True) for text in row]


def read(*texts, **how):
    return text_of(page(*texts, **how)).splitlines()


def test_two_columns_drawn_row_by_row_are_read_one_after_the_other():
    assert read(*row_by_row(column(50, HOSPITALS), column(250, TAXES))) == [WHOLE[0], WHOLE[2]]


def test_two_columns_drawn_one_after_the_other_stay_so():
    assert read(*column(50, HOSPITALS), *column(250, TAXES)) == [WHOLE[0], WHOLE[2]]


def test_three_columns_are_read_from_left_to_right():
    columns = column(50, HOSPITALS), column(230, SCHOOLS), column(410, TAXES)
    assert read(*row_by_row(*columns)) == WHOLE
    assert read(*row_by_row(*reversed(columns))) == WHOLE


def test_columns_whose_lines_are_not_level_are_columns():
    assert read(*row_by_row(column(50, HOSPITALS), column(250, TAXES, y=774))) == [WHOLE[0], WHOLE[2]]


def test_one_column_stays_one():
    wide = [f"{left} {right}" for left, right in zip(HOSPITALS, TAXES, strict=True)]
    assert read(*column(50, wide)) == [" ".join(wide)]


def test_a_heading_across_divides_the_columns_above_it_from_those_below():
    heading = "The economy of the country, and what we shall do for everyone in it"
    above = row_by_row(column(50, HOSPITALS), column(250, TAXES))
    below = row_by_row(column(50, SCHOOLS, y=660), column(250, HOSPITALS, y=660))
    for first, last in ((above, below), (below, above)):  # drawn in whatever order
        assert read(*first, (50, 695, heading, 12), *last) == [WHOLE[0], WHOLE[2], heading, WHOLE[1], WHOLE[0]]


def test_a_title_and_a_page_number_beside_the_left_margin_are_not_of_its_column():
    body = row_by_row(column(50, HOSPITALS), column(250, TAXES))
    assert read((50, 820, "The programme", 16), *body, (50, 600, "Page 7")) == [
        "The programme", WHOLE[0], WHOLE[2],
    ]  # fmt: skip


def test_a_paragraph_goes_on_from_one_column_to_the_next():
    assert read(*row_by_row(column(50, HOSPITALS[:3]), column(250, ["end of", "the next", "year it is done."]))) == [
        " ".join(HOSPITALS[:3]) + " end of the next year it is done."
    ]


def test_the_longer_column_is_read_to_its_end():
    both = row_by_row(column(50, HOSPITALS), column(250, TAXES))
    assert read(*both, *column(50, SCHOOLS, y=780 - 13 * 5)) == WHOLE[:2] + WHOLE[2:]
    assert read(*both, *column(250, SCHOOLS, y=780 - 13 * 5)) == [WHOLE[0], WHOLE[2], WHOLE[1]]


@pytest.mark.parametrize(
    "rows",
    [
        [("Ministry", "2025", "2026"), ("Health", "120", "140"), ("Public works", "90", "95"), ("Justice", "10", "20")],
        [("1.", "We will build two hospitals"), ("2.", "We will mend ten bridges"), ("3.", "We will hire judges")],
        [("Build two hospitals in the north", "2026"), ("Mend ten bridges on the coast", "2027"), ("Hire 40", "2028")],
    ],
)
def test_a_table_is_read_row_by_row(rows):
    texts = [
        (x, 700 - 14 * at, cell) for at, row in enumerate(rows) for x, cell in zip((50, 250, 400), row, strict=False)
    ]
    assert [line.text for line in in_order(words(texts))] == [" ".join(row) for row in rows]


def words(texts):
    """The words of texts (x, y, text), each letter four points wide, as `in_order` takes them."""
    made = []
    for x, y, text in texts:
        for word in text.split():
            made.append(Word(x, x + 4 * len(word), -y - 8, -y, len(made), word))
            x += 4 * len(word) + 2.5
    return made


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("rotate", [0, 90, 270])
def test_turned_pages_are_read_as_they_are_held_to_be_read(turned, rotate):
    texts = row_by_row(column(50, HOSPITALS), column(250, TAXES))
    assert read(*texts, turned=turned, rotate=rotate) == [WHOLE[0], WHOLE[2]]


def test_what_is_written_along_the_edge_or_askew_comes_by_itself():
    for turned in (b"0 1 -1 0", b"0.7 0.7 -0.7 0.7"):
        body = page(*column(50, HOSPITALS), (300, 755, "Draft"))
        assert body.count(b"1.0 0.0 -0.0 1.0") == 6
        at = body.rindex(b"1.0 0.0 -0.0 1.0")
        body = body[:at] + turned.ljust(16) + body[at + 16 :]
        assert text_of(body).splitlines() == [WHOLE[0], "Draft"]


def test_columns_that_one_command_draws_together_are_columns():
    rows = [
        f"({left}) {-(200 - 4.2 * len(left)) / 9 * 1000:.0f} ({right})"
        for left, right in zip(HOSPITALS, TAXES, strict=True)
    ]
    body = page(*((50, 780 - 13 * at, "#" * len(row)) for at, row in enumerate(rows)))
    for row in rows:
        body = body.replace(b"(" + b"#" * len(row) + b") Tj", b"[" + row.encode() + b"]TJ", 1)
    assert text_of(body).splitlines() == [WHOLE[0], WHOLE[2]]


def test_ligatures_are_letters():
    encoding = b"/Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [1 /fi /fl /ff /ffi] >>"
    body = page(*column(50, ["The \x01rst \x02oor, a sta\x03 and an e\x04cient o\x03ice in every town of the coast"]))
    body = body.replace(b"/Encoding /WinAnsiEncoding", encoding)
    assert text_of(body) == "The first floor, a staff and an efficient office in every town of the coast"


def test_words_that_a_hyphen_divides_at_a_lines_end_are_whole():
    assert text_of((CASES / "hyph_soft.pdf").read_bytes()) == (
        "El gobierno construirá en los primeros cien días una planta de tratamiento de agua en Esmeraldas y otra en "
        "Manta, y reducirá el impuesto a los combustibles para las familias más pobres del país."
    )
    for hyphen in "\u00ad-":
        left = ["El gobierno construirá una planta de trata" + hyphen, "miento de agua en Manta, y otra de im" + hyphen]
        left.append("pulso a la industria de la costa.")
        assert read(*row_by_row(column(50, left), column(300, TAXES[:3]))) == [
            "El gobierno construirá una planta de tratamiento de agua en Manta, y otra de impulso a la industria de la "
            "costa.",
            " ".join(TAXES[:3]),
        ]


def test_work_grows_with_the_words_and_not_with_their_square(monkeypatch):
    looked_at = []
    subtract = pdf._subtract
    monkeypatch.setattr(
        pdf, "_subtract", lambda gaps, row: looked_at.append(len(gaps) + len(row)) or subtract(gaps, row)
    )

    def work(rows):
        looked_at.clear()
        in_order(words([(50 + 37 * (at % 7), 9 * -at, "one two") for at in range(rows)]))
        return sum(looked_at)

    assert work(800) <= 2.2 * work(400)
