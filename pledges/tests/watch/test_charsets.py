"""Bytes into text: by the WHATWG's labels, and with a damaged character here and there."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from pledges.watch.sources import articles, documents, page_watch, quote_location
from pledges.watch.web import robots
from pledges.watch.web.charsets import decode

PAGES = Path(__file__).parents[1] / "data" / "pages"
URL = "https://diario.example/nota"
SPANISH = "Construcción de la cárcel: «añadió» — 5 € según la comisión"
RUSSIAN = "Правительство обещало построить завод"
CHINESE = "政府承诺建设医院，并于二〇二五年完成。镕"
JAPANESE = "政府は病院を建設すると約束した①～"


def declared(charset, text=""):
    return f'<html><head><meta charset="{charset}"></head><body><p>{text}'.encode("ascii", "xmlcharrefreplace")


def read_everywhere(name):
    """A page as an article, a watched page, a document and a capture in which a sentence is looked for."""
    body = (PAGES / name).read_bytes()
    yield articles.extract(body, url=URL).text
    yield page_watch.read(body, url=URL, selector="body")
    yield documents.text_of(body, file_name=name)
    yield quote_location.texts_of(body, url=URL)[-1]


def test_a_page_in_utf_8():
    assert decode(declared("utf-8") + SPANISH.encode(), "text/html; charset=utf-8", page=True).endswith(SPANISH)


def test_one_stray_byte_spoils_one_character():
    for text in read_everywhere("utf8_one_bad_byte.html"):
        assert "El presidente anunció en Guayaquil la construcción de la cárcel de máxima seguridad" in text
        assert "Ã" not in text


def test_latin_1_is_windows_1252_as_in_browsers():
    for text in read_everywhere("latin1_quotes.html"):
        assert "“Cumpliremos” —dijo el ministro— y añadió que costará 5 millones de €" in text


@pytest.mark.parametrize("claimed", ["", "utf-8", "iso-8859-1", "windows-1251", "gbk", "shift_jis", "no-such-thing"])
@pytest.mark.parametrize("place", ["header", "meta"])
def test_utf_8_with_a_stray_byte_under_any_label(claimed, place):
    header = f"text/html; charset={claimed}" if place == "header" else "text/html"
    start = declared(claimed) if place == "meta" else b"<p>"
    assert SPANISH in decode(start + SPANISH.encode() + b"<footer>\xa9 2025</footer>", header, page=True)


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("ISO-8859-1", "cp1252", SPANISH),
        ("latin1", "cp1252", SPANISH),
        ("us-ascii", "cp1252", SPANISH),
        ("iso-8859-15", "iso8859-15", "5 € según la comisión"),
        ("iso-8859-9", "cp1254", "İstanbul güçlü"),
        ("koi8-r", "koi8-r", RUSSIAN),
        ("koi8", "koi8-r", RUSSIAN),
        ("cp1251", "cp1251", RUSSIAN),
        ("gb2312", "gb18030", CHINESE),
        ("gbk", "gb18030", CHINESE + "㐀"),
        ("gb18030", "gb18030", CHINESE + "㐀"),
        ("x-sjis", "cp932", JAPANESE),
        ("Shift_JIS", "cp932", JAPANESE),
        ("ms_kanji", "cp932", JAPANESE),
        ("x-euc-jp", "euc_jp", "病院を建設する"),
        ("iso-2022-jp", "iso2022_jp", "病院を建設する"),
        ("ks_c_5601-1987", "cp949", "정부는 병원을 똠 짓겠다고"),
        ("big5", "big5", "政府承諾建設醫院"),
        ("tis-620", "cp874", "รัฐบาลสัญญาว่าจะสร้างโรงพยาบาล"),
    ],
)
def test_labels_as_browsers_read_them(label, codec, text):
    body = text.encode(codec)
    assert decode(body, f'text/html; charset="{label}"') == text
    assert decode(declared(label) + body, page=True).endswith(text)
    equiv = f"<META content='text/html; CHARSET={label}' HTTP-EQUIV='Content-Type'>".encode()
    assert decode(equiv + body, page=True).endswith(text)
    assert decode(f'<?xml version="1.0" encoding="{label}"?><html>'.encode() + body).endswith(text)


def test_a_declaration_after_long_scripts_and_not_in_comments_scripts_or_other_tags():
    decoys = (
        b'<!-- <meta charset="koi8-r"> --><script>x = \'<meta charset="koi8-r">\'</script>'
        b'<meta name="description" content="charset=koi8-r"><title><meta charset=koi8-r></title>'
    )
    scripts = b"<script>" + b"x" * 5000 + b"</script>"
    body = decoys + scripts + b"<meta charset=windows-1251>" + RUSSIAN.encode("cp1251")
    assert decode(body, page=True).endswith(RUSSIAN)


def test_the_header_is_believed_before_the_page():
    body = declared("koi8-r") + RUSSIAN.encode("cp1251")
    assert decode(body, "text/html; charset=windows-1251", page=True).endswith(RUSSIAN)
    western = declared("koi8-r") + SPANISH.encode("cp1252")
    assert decode(western, "text/html; charset=iso-8859-1", page=True).endswith(SPANISH)


def test_a_western_header_before_a_feed_is_a_servers_default():
    feed = b'<?xml version="1.0" encoding="windows-1251"?><rss>' + RUSSIAN.encode("cp1251")
    assert decode(feed, "text/xml; charset=iso-8859-1").endswith(RUSSIAN)


@pytest.mark.parametrize("header", ["text/html; charset=utf-8", "text/html; charset=none", "text/html; charset="])
def test_a_header_that_cannot_be_true_leaves_it_to_the_page(header):
    assert decode(declared("koi8-r") + RUSSIAN.encode("koi8-r"), header, page=True).endswith(RUSSIAN)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_byte_order_marks_and_utf_16_without_one(codec):
    page = f"<html><body><p>{SPANISH}</p></body></html>"
    for claimed in ("", "text/html; charset=utf-16", "text/html; charset=iso-8859-1"):
        assert decode(page.encode(codec), claimed) == page
    assert page_watch.read(page.encode(codec), url=URL, selector="p") == SPANISH
    assert documents.text_of(page.encode(codec)) == SPANISH


def test_a_page_that_calls_itself_utf_16_in_ascii_letters_is_not():
    assert decode(declared("utf-16") + SPANISH.encode(), page=True).endswith(SPANISH)


@pytest.mark.parametrize(
    ("whole", "label", "cut"),
    [
        (SPANISH + "ñ", "utf-8", 1),
        (SPANISH + "€", "", 2),
        (CHINESE, "gb18030", 1),
        ("病院を建設する", "shift_jis", 1),
        ("정부는 병원을", "euc-kr", 1),
    ],
)
def test_a_last_character_that_is_cut_off_spoils_nothing_else(whole, label, cut):
    body = whole.encode(label or "utf-8")[:-cut]
    assert decode(body, f"text/html; charset={label}") == whole[:-1] + "\ufffd"


def test_a_damaged_byte_in_another_encoding_spoils_one_character():
    body = (CHINESE + " ").encode("gb18030") + b"\xff " + CHINESE.encode("gb18030")
    assert decode(body, "text/html; charset=gb2312").count(CHINESE) == 2


def test_a_zero_is_dropped_and_a_file_of_zeros_is_no_page():
    page = declared("utf-8", "x" * 300)
    assert page_watch.read(page.replace(b"xx", b"x\0x", 1), url=URL, selector="p") == "x" * 300
    with pytest.raises(articles.ArticleError, match="another kind"):
        page_watch.read(page.replace(b"x", b"\0x"), url=URL, selector="p")


def test_robots_txt_of_a_windows_machine():
    def rules(body, content_type="text/plain"):
        return robots.text_of(SimpleNamespace(body=body, content_type=content_type))

    text = "User-agent: *\nDisallow: /año/\n"
    for body in (text.encode(), text.encode("utf-16"), text.encode("cp1252"), text.encode("utf-8-sig")):
        assert not robots.allows(rules(body), "https://diario.example/año/1")


@pytest.mark.parametrize(("strays", "read"), [(b"\xff", "ÿ"), (b"\x93", "“"), (b"\x93\x94", "“”")])
def test_a_short_text_that_is_claimed_to_be_utf_8_stays_that(strays, read):
    body = "Educación ".encode() + strays
    assert decode(body, "text/html; charset=utf-8", page=True) == f"Educación {read}"
    assert decode("perdió más allá, “dijo”".encode("cp1252"), "text/html; charset=utf-8") == "perdió más allá, “dijo”"
