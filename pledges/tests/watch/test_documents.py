"""Documents into text: PDF, Word, web pages and plain text, and what is said where there is no text to be had."""

import io
import zipfile

import docx
import pypdf
import pytest

from pledges.watch.extraction import document_reader
from pledges.watch.sources import documents, word_package
from pledges.watch.sources.documents import DocumentError, text_of


def pdf(*pages, encrypt=""):
    """A PDF of pages, each a list of lines, as small as one can be."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids = []
    for lines in pages:
        told = "".join(f"({line.replace('(', '[').replace(')', ']')}) Tj 0 -14 Td " for line in lines)
        stream = f"BT /F1 11 Tf 50 780 Td {told}ET"
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, places = b"%PDF-1.4\n", []
    for number, told in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{told}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    body += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    if encrypt:
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(body))
        writer.encrypt(encrypt, algorithm="RC4-128")
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()
    return body


def word(fill):
    document = docx.Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


LINES = [
    "The government will build two prisons in the north of the country and",
    "it will buy four barges before the end of next year, the minister said.",
    "Opening hours",
    "We won't raise fares.",
]


def test_the_lines_of_a_pdf_become_paragraphs():
    text = text_of(pdf(LINES))
    assert text.splitlines() == [f"{LINES[0]} {LINES[1]}", LINES[2], LINES[3]]


def test_accents_and_pages_of_a_pdf_hold_and_their_furniture_does_not():
    pages = [
        ["Programa de gobierno", f"Construiremos {n} cárceles en la región número {n}.", f"{n}"] for n in range(1, 6)
    ]
    text = text_of(pdf(*pages), content_type="application/pdf")
    assert text.splitlines() == [page[1] for page in pages]


def test_a_paragraph_goes_on_over_the_end_of_a_page():
    first = ["The ministry says that this long line fills its page from one edge to the other", "and that it"]
    assert "and that it goes on here." in text_of(pdf(first, ["goes on here."]))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (pdf(LINES, encrypt="secret"), "password"),
        (pdf([], []), "pictures"),
        (pdf(LINES)[:200], "damaged"),
        (b"%PDF-1.7\n" + b"\0garbage" * 100, "damaged"),
        (b"not a pdf at all, really", "called a PDF"),
        (b"", "empty"),
        (b"  \n ", "empty"),
    ],
)
def test_a_pdf_without_text_is_refused_with_what_to_do(body, said):
    with pytest.raises(DocumentError, match=said):
        text_of(body, file_name="plan.pdf")


def test_a_pdf_that_only_forbids_printing_is_read():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(LINES)))
    writer.encrypt("", "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert LINES[3] in text_of(out.getvalue())


def test_what_is_too_large_is_refused(monkeypatch):
    with pytest.raises(DocumentError, match="20 MB"):
        text_of(b"a" * (documents.MOST_BYTES + 1))
    monkeypatch.setattr(documents, "MOST_PAGES", 2)
    with pytest.raises(DocumentError, match="3 pages"):
        text_of(pdf(LINES, LINES, LINES))
    monkeypatch.setattr(documents, "MOST_CHARACTERS", 100)
    for body in (pdf(LINES), "\n".join(LINES).encode()):
        with pytest.raises(DocumentError, match="two million"):
            text_of(body)


def test_a_word_document_gives_its_paragraphs_lists_and_tables_in_order():
    def fill(document):
        document.add_heading("Programme", 1)
        document.add_paragraph("We will:")
        document.add_paragraph("build two prisons", style="List Bullet")
        table = document.add_table(rows=1, cols=2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Barges", "buy four by 2026"
        document.add_paragraph("Signed")

    assert text_of(word(fill)).splitlines() == [
        "Programme", "We will:", "- build two prisons", "Barges | buy four by 2026", "Signed",
    ]  # fmt: skip


def test_a_package_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(word_package, "MOST_UNPACKED", 1_000_000)
    bomb = packed(word__document_xml=b" " * 5_000_000)
    with pytest.raises(DocumentError, match="unpacks"):
        text_of(bomb)
    assert len(bomb) < 10_000


def test_a_package_that_lies_about_its_sizes_is_refused(monkeypatch):
    monkeypatch.setattr(word_package, "MOST_UNPACKED", 1_000_000)
    bomb = bytearray(packed(word__document_xml=b" " * 5_000_000))
    true = (5_000_000).to_bytes(4, "little")
    while (at := bomb.find(true)) >= 0:
        bomb[at : at + 4] = (1_000).to_bytes(4, "little")
    with pytest.raises(DocumentError):
        text_of(bytes(bomb))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (packed(sheet_xml=b"<x/>"), "not a Word document"),
        (packed(word__document_xml=b"<broken"), "damaged"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "old Word"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "no text"),
        (b"text\0with\0zeros" * 10, "no text"),
    ],
)
def test_files_of_other_kinds_are_refused(body, said):
    with pytest.raises(DocumentError, match=said):
        text_of(body)


def test_entities_of_a_word_document_are_not_followed():
    evil = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'
    good = io.BytesIO(word(lambda document: document.add_paragraph("Text")))
    out = io.BytesIO()
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            new.writestr(part, evil if part == "word/document.xml" else old.read(part))
    try:
        text = text_of(out.getvalue())
    except DocumentError:
        return
    assert "root:" not in text


def test_a_page_gives_its_article_and_without_one_all_it_shows():
    told = "The minister said that the government will mend every bridge on the coast road by next spring. " * 3
    page = (
        f"<html><head><title>Bridges</title></head><body><nav>Home</nav><article><p>{told}</p></article></body></html>"
    )
    assert "mend every bridge" in text_of(page.encode(), content_type="text/html")
    short = b"<html><body><h1>Plan</h1><ul><li>Mend the bridge</li></ul><script>var x</script></body></html>"
    assert text_of(short, file_name="plan.html").splitlines() == ["Plan", "Mend the bridge"]
    with pytest.raises(DocumentError, match="login"):
        text_of(b"<html><body><script>var x</script></body></html>", content_type="text/html")


def test_plain_text_comes_in_any_charset():
    told = "El gobierno construirá dos cárceles en la región más pequeña del país."
    for charset in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        assert text_of(told.encode(charset), file_name="nota.txt") == told
    assert (
        text_of("Правительство построит".encode("koi8-r"), content_type="text/plain; charset=koi8-r")
        == "Правительство построит"
    )


def test_lines_of_a_wrapped_text_are_put_together_and_markup_in_a_text_is_text():
    wrapped = "\n".join(["The government says in this statement that it will do what it"] * 9 + ["promised."])
    assert len(text_of(wrapped.encode()).splitlines()) == 1
    assert text_of(b"One <b>bold</b> word", content_type="text/plain") == "One <b>bold</b> word"


def test_a_document_is_read_in_another_process_and_let_go_when_it_takes_too_long():
    asked = document_reader.DocumentHints(content_type="text/plain; charset=utf-8", language="en")
    told = document_reader.read(b"We will build two prisons.", asked, seconds=30)
    assert (told.text, len(told.reading.pledges)) == ("We will build two prisons.", 1)
    for body, seconds in ((b"We will build two prisons. " * 70_000, 0.05), (b"We will build two prisons.", -1)):
        with pytest.raises(document_reader.DocumentReaderError, match="longer to read"):
            document_reader.read(body, asked, seconds=seconds)
