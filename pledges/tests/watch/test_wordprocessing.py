"""Word documents: what Word shows is what is read."""

import io
import zipfile
from pathlib import Path

import pytest

from pledges.watch.sources import documents, word_package
from pledges.watch.sources.documents import DocumentError, text_of

CASES = Path(__file__).resolve().parents[1] / "data" / "documents"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": OFFICE,
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "new": "urn:example:of-a-later-word",
}


def xml(name, content):
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in SPACES.items())
    return f"<w:{name} {spaces}>{content}</w:{name}>"


def p(*content, properties=""):
    runs = "".join(one if one.startswith("<") else r(one) for one in content)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs}</w:p>"


def r(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def tc(*content, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(content)}</w:tc>"


def tbl(*rows):
    """A table of rows, each a list of cells or the XML within the row."""
    return f"<w:tbl>{''.join('<w:tr>' + ''.join(row) + '</w:tr>' for row in rows)}</w:tbl>"


def field(code, result):
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{marks[0]}{code}{marks[1]}{result}{marks[2]}"


def code(text):
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def package(body, *, main="word/document.xml", rename=lambda text: text, **parts):
    """A package with this body; each further part stands beside the main one, under the name of its relation."""
    relation = '<Relationship Id="{0}" Type="{1}/{0}" Target="{2}"/>'
    sheet = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    folder, _, base = main.rpartition("/")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", rename(sheet.format(relation.format("officeDocument", OFFICE, main))))
        archive.writestr(main, rename(xml("document", f"<w:body>{body}</w:body>")))
        told = "".join(relation.format(kind, OFFICE, f"{kind}.part") for kind in parts)
        archive.writestr(f"{folder}/_rels/{base}.rels", rename(sheet.format(told)))
        for kind, content in parts.items():
            archive.writestr(f"{folder}/{kind}.part", content if isinstance(content, bytes) else rename(content))
    return out.getvalue()


def lines(body, **parts):
    return text_of(package(body, **parts)).splitlines()


def styles(*each):
    return xml("styles", "".join(each))


def style(name, properties="", *, based="", kind="paragraph"):
    base = f'<w:basedOn w:val="{based}"/>' if based else ""
    return f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>{base}{properties}</w:style>'


END = p("The end.")


def test_tracked_insertions_are_read_and_deletions_are_not():
    assert text_of((CASES / "tracked.docx").read_bytes()).splitlines() == [
        "We will build 25 new hospitals by 2028.",
        "We will cut the tax on fuel in the first hundred days.",
    ]


def test_content_controls_are_read():
    assert text_of((CASES / "sdt.docx").read_bytes()).splitlines() == [
        "We will raise the minimum wage to 500 dollars.",
        "We will give 100,000 scholarships.",
    ]


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        (f"<w:ins>{r('25')}</w:ins>", "25"),
        (f"<w:ins><w:del>{r('25')}</w:del></w:ins>", ""),
        (f"<w:moveTo>{r('25')}</w:moveTo>", "25"),
        (f"<w:moveFrom>{r('25')}</w:moveFrom>", ""),
        (f"<w:smartTag><w:smartTagPr/>{r('25')}</w:smartTag>", "25"),
        (f"<w:customXml>{r('25')}</w:customXml>", "25"),
        (f"<w:sdt><w:sdtContent><w:sdt><w:sdtContent>{r('25')}</w:sdtContent></w:sdt></w:sdtContent></w:sdt>", "25"),
        (f"<w:hyperlink>{r('25')}</w:hyperlink>", "25"),
        (f"<w:dir><w:bdo>{r('25')}</w:bdo></w:dir>", "25"),
        (f'<w:fldSimple w:instr="PAGE">{r("25")}</w:fldSimple>', "25"),
        (field(code("PAGE"), r("25")), "25"),
        (field(code("IF ") + field(code("NAME"), r("a")) + r(" = b"), r("25")), "25"),
        (field(code("PAGE"), field(code("B"), r("25"))), "25"),
        ("<w:r><w:fldChar w:fldCharType='begin'/></w:r>" + r("25"), "25"),
        ("<w:r><w:fldChar w:fldCharType='end'/></w:r>" + r("25"), "25"),
        (r("25", "<w:vanish/>"), ""),
        (r("25", '<w:vanish w:val="0"/>'), "25"),
        (r("25", "<w:webHidden/>"), "25"),
        ("<w:r><w:delText>25</w:delText><w:commentReference w:id='1'/></w:r>", ""),
        ("<w:r><w:t>2</w:t><w:softHyphen/><w:t>5</w:t></w:r>", "25"),
        ("<w:r><w:t>2</w:t><w:noBreakHyphen/><w:t>5</w:t></w:r>", "2-5"),
        ("<w:r><w:t>2</w:t><w:tab/><w:t>5</w:t></w:r>", "2 5"),
        ("<w:r><w:t>2</w:t><w:br/><w:t>5</w:t></w:r>", "2 5"),
        ('<w:r><w:sym w:font="Symbol" w:char="F032"/><w:sym w:font="Arial" w:char="0035"/></w:r>', "25"),
        ("<m:oMath><m:r><m:t>25</m:t></m:r></m:oMath>", "25"),
        ("<w:ruby><w:rt>" + r("x") + "</w:rt><w:rubyBase>" + r("25") + "</w:rubyBase></w:ruby>", "25"),
        ("<!-- x --><?x y?>" + r("25"), "25"),
    ],
)
def test_of_a_paragraph_what_word_shows_is_read(inside, read):
    assert lines(p("We will build [", inside, "] schools.")) == [f"We will build [{read}] schools."]


@pytest.mark.parametrize("wrapper", ["ins", "moveTo", "customXml", "smartTag", "sdt"])
def test_paragraphs_tables_rows_and_cells_are_read_in_whatever_wraps_them(wrapper):
    def wrapped(content):
        content = f"<w:sdtContent>{content}</w:sdtContent>" if wrapper == "sdt" else content
        return f"<w:{wrapper}>{content}</w:{wrapper}>"

    row = "<w:tr>" + tc(p("C")) + wrapped(tc(p("D"))) + "</w:tr>"
    body = wrapped(p("A")) + wrapped(tbl([tc(p("B"))])) + f"<w:tbl>{wrapped(row)}</w:tbl>" + END
    assert lines(body) == ["A", "B", "C | D", "The end."]


def test_a_paragraph_whose_mark_is_deleted_or_hidden_goes_on_in_the_next():
    for mark in ("<w:del/>", "<w:moveFrom/>", "<w:vanish/><w:specVanish/>"):
        broken = p("We will build ", properties=f"<w:rPr>{mark}</w:rPr>")
        assert lines(broken + p("two schools.") + END) == ["We will build two schools.", "The end."]
        assert lines(broken + tbl([tc(p("A"))])) == ["We will build", "A"]
        assert lines(broken) == ["We will build"]


def test_styles_hide_text_and_mark_lists():
    made = styles(
        style("Secret", "<w:rPr><w:vanish/></w:rPr>"),
        style("Shown", '<w:rPr><w:vanish w:val="false"/></w:rPr>', based="Secret", kind="character"),
        style("Deeper", based="Secret"),
        style("Points", '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>'),
        style("Heading1", '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>', based="heading"),
        style("heading"),
        style("Round", based="Round"),
        style("List Bullet"),
    )
    body = (
        p("A", r("shown", '<w:rStyle w:val="Shown"/>'), properties='<w:pStyle w:val="Deeper"/>')
        + p("Plan", properties='<w:pStyle w:val="Heading1"/>')
        + p("build", properties='<w:pStyle w:val="Points"/>')
        + p("mend", properties='<w:pStyle w:val="List Bullet"/>')
        + p("plain", properties='<w:pStyle w:val="Points"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + p("count", properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>')
        + p("round", properties='<w:pStyle w:val="Round"/>')
    )
    assert lines(body, styles=made) == ["shown", "Plan", "- build", "- mend", "plain", "- count", "round"]


BOX = "<wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx>"
OLD_BOX = "<w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict>"


def test_text_boxes_are_read_once_after_the_paragraph_that_holds_them():
    both = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='{}'><w:drawing>{}</w:drawing></mc:Choice>"
        "<mc:Fallback>{}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    boxes = BOX.format(p("Boxed.") + p("Two.")), OLD_BOX.format(p("Old."))
    assert lines(p("Be", both.format("wps", *boxes), "fore.") + END) == ["Before.", "Boxed.", "Two.", "The end."]
    assert lines(p("Be", both.format("new", *boxes), "fore.") + END) == ["Before.", "Old.", "The end."]
    assert lines(p(f"<w:r>{OLD_BOX.format(p('A'))}</w:r>")) == ["A"]
    drawn = "<w:r><w:drawing><a:p><a:r><a:t>Drawn </a:t></a:r><a:r><a:t>text</a:t></a:r></a:p></w:drawing></w:r>"
    assert lines(p("A", drawn)) == ["A", "Drawn text"]


def test_a_nested_table_is_read_where_it_stands():
    inner = tbl([tc(p("B")), tc(p("C"))], [tc(p("D")), tc(p("E"))])
    assert lines(tbl([tc(p("A"), inner, p())]) + END) == ["A", "B | C", "D | E", "The end."]
    assert lines(tbl([tc(p("A")), tc(inner, p())])) == ["A", "B | C", "D | E"]


def test_of_a_table_the_cells_that_are_shown_are_read_once():
    gone = "<w:trPr><w:del/></w:trPr>"
    body = tbl(
        [tc(p("A"), properties='<w:vMerge w:val="restart"/>'), tc(p("B"))],
        [tc(p("x"), properties="<w:vMerge/>"), tc(p("C"))],
        [tc(p("D")), tc(p("x"), properties="<w:cellDel/>"), tc(p("E"))],
        gone + tc(p("x")),
        "<w:trPr><w:hidden/></w:trPr>" + tc(p("x")),
        [tc(p("F"), properties='<w:gridSpan w:val="2"/>'), tc()],
    )
    assert lines(body) == ["A | B", "C", "D | E", "F"]


def test_notes_come_at_the_end_once_each_and_only_where_they_are_referred_to():
    def note(kind, number, text):
        return f'<w:{kind} w:id="{number}">{p(f"<w:r><w:{kind}Ref/></w:r>", text)}</w:{kind}>'

    def reference(kind, number):
        return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'

    body = p("One", reference("endnote", 1), reference("footnote", 3), ".") + p("Two", reference("footnote", 2))
    body += p("<w:del>" + reference("footnote", 4) + "</w:del>", reference("footnote", 9))
    feet = "".join(note("footnote", number, text) for number, text in ((2, "By 2026."), (3, "F3"), (4, "x")))
    read = lines(body, footnotes=xml("footnotes", feet), endnotes=xml("endnotes", note("endnote", 1, "E1")))
    assert read == ["One.", "Two", "F3", "By 2026.", "E1"]


def test_headers_footers_and_comments_are_left_out():
    beside = {kind: xml(kind, p("x")) for kind in ("header", "footer", "comments")}
    assert lines(END, **beside) == ["The end."]


def test_a_file_that_stands_in_the_document_is_read_in_its_place():
    chunk = "<w:altChunk r:id='aFChunk'/>"
    page = b"<html><body><p>We will build.</p><p>And mend.</p></body></html>"
    mail = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n" + page
    for inner in (page, mail + b"\n--x--\n", package(p("We will build.") + p("And mend."))):
        assert lines(chunk + END, aFChunk=inner) == ["We will build.", "And mend.", "The end."]
    assert lines(chunk + END, aFChunk=package(p("A") + chunk, aFChunk=package(p("x")))) == ["A", "The end."]
    assert lines(chunk + END, other=page) == ["The end."]


def strict(text):
    for word, uri in (
        ("officeDocument/2006/relationships", "officeDocument/relationships"),
        ("wordprocessingml/2006/main", "wordprocessingml/main"),
    ):
        text = text.replace(f"http://schemas.openxmlformats.org/{word}", f"http://purl.oclc.org/ooxml/{uri}")
    return text


def test_the_strict_format_and_a_main_part_of_another_name_are_read():
    note = xml("footnotes", f'<w:footnote w:id="1">{p("F")}</w:footnote>')
    body = p("<w:ins>" + r("A") + "</w:ins>", '<w:r><w:footnoteReference w:id="1"/></w:r>')
    for main in ("word/document.xml", "word/document2.xml", "WORD/Document.xml", "doc/main.xml"):
        for rename in (str, strict):
            assert lines(body, main=main, rename=rename, footnotes=note) == ["A", "F"]


def test_other_packages_of_office_are_no_word_documents():
    with pytest.raises(DocumentError, match="not a Word document"):
        text_of(package(END, rename=lambda text: text.replace("w:document", "w:workbook")))


@pytest.mark.parametrize(
    "body",
    [
        "<w:sdt><w:sdtContent>" * 5_000 + END + "</w:sdtContent></w:sdt>" * 5_000,
        "<w:tbl><w:tr><w:tc>" * 5_000 + END + "</w:tc></w:tr></w:tbl>" * 5_000,
    ],
)
def test_what_nests_too_deeply_is_refused(body):
    with pytest.raises(DocumentError, match="damaged"):
        text_of(package(body))


def test_what_has_too_much_markup_is_refused_before_it_is_parsed(monkeypatch):
    monkeypatch.setattr(word_package, "MOST_MARKUP", 1_000)
    for body in (END + "<w:p/>" * 1_001, END + "<w:p " + " ".join(f'a{n}=""' for n in range(1_001)) + "/>"):
        with pytest.raises(DocumentError, match="unpacks"):
            text_of(package(body))


def test_a_document_type_declaration_is_refused():
    laughs = "<!DOCTYPE w:document [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]>"
    for body in (p("&b;"), END):
        with pytest.raises(DocumentError, match="damaged"):
            text_of(package(body, rename=lambda text: laughs + text if "<w:document" in text else text))


def test_a_file_that_stands_there_a_thousand_times_is_read_once_and_its_text_is_bounded(monkeypatch):
    monkeypatch.setattr(documents, "MOST_CHARACTERS", 10_000)
    read = []
    monkeypatch.setattr(documents, "_embedded", lambda body: read.append(body) or "x" * 100)
    with pytest.raises(DocumentError, match="two million"):
        text_of(package("<w:altChunk r:id='aFChunk'/>" * 1_000, aFChunk=b"x"))
    assert len(read) == 1
