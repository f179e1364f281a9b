import time
from pathlib import Path

import pytest

from pledges.watch.sources import page_watch
from pledges.watch.sources.articles import ArticleError
from pledges.watch.sources.page_watch import PageChange, compare

DATA = Path(__file__).parents[1] / "data" / "pages"
URL = "https://asamblea.example/agenda"


def read(name, selector="#agenda"):
    return page_watch.read((DATA / name).read_bytes(), url=URL, selector=selector)


def test_a_part_of_the_page_block_by_block():
    assert read("agenda_before.html").splitlines() == [
        "Proyectos",
        "El proyecto de ley de puertos espera el primer debate. Lo tramita la comisión.",
        "El convenio fue firmado.",
        "Ley A",
        "Ley B",
    ]


def test_the_whole_article_without_a_selector():
    assert "\n" in page_watch.read((DATA / "article_es.html").read_bytes(), url=URL)


def test_what_changed_wherever_it_stands():
    assert compare(read("agenda_before.html"), read("agenda_after.html")) == PageChange(
        added=("El proyecto de ley de puertos fue aprobado en primer debate.", "Ley C"),
        absent=("El proyecto de ley de puertos espera el primer debate.",),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("One line here.\nAnother one.", "Another one.\nOne line here."),
        ("One line here.", "One \u00a0line   here.\u200b"),
        ("“Quoted” – he said…", '"Quoted" - he said...'),
        ("One. Two.", "One.\nTwo."),
        ("", ""),
    ],
)
def test_what_is_no_change(before, after):
    assert not compare(before, after)


def test_a_line_that_stands_once_more_is_new():
    assert compare("Twice.", "Twice.\nTwice.") == PageChange(("Twice.",), ())


def test_rows_of_a_table_are_lines_and_nothing_unseen_is_read():
    body = (
        b"<html><body><table id=t><tr><td>A</td><td>1<br>2</td></tr><tr><th>B</th><td>3</td></tr></table>tail"
        b"<div id=t2>x<script>y</script><!-- z --><noscript>n</noscript>w</div></body></html>"
    )
    assert page_watch.read(body, url=URL, selector="table, #t2") == "A | 1\n2\nB | 3\nxw"
    assert page_watch.read(body, url=URL, selector="table, td") == "A | 1\n2\nB | 3"  # nothing twice


@pytest.mark.parametrize(
    ("selector", "says"),
    [
        (".gone", "Nothing on the page matches “.gone”"),
        ("div[", "not a CSS selector"),
        ("a:hover:nth-child(x)", "not a CSS selector"),
        ("::before", "not a CSS selector"),
        ("p" + " > p" * 3000, "not a CSS selector|Nothing on the page|cannot be looked for"),
        ("#empty", "has no text"),
    ],
)
def test_a_selector_that_leads_nowhere_is_said_plainly(selector, says):
    with pytest.raises(ArticleError, match=says):
        page_watch.read(b"<html><body><p>x</p><div id=empty></div></body></html>", url=URL, selector=selector)


@pytest.mark.parametrize("body", [b"", b"\x89PNG\r\n\x1a\n\0\0", b"{}", b"just text"])
def test_what_is_no_page_is_said_plainly(body):
    with pytest.raises(ArticleError, match="not a web page"):
        page_watch.read(body, url=URL, selector="p")


def test_a_page_that_nests_without_end():
    started = time.monotonic()
    body = b"<html><body><div id=a>" + b"<div>" * 50_000 + b"deep</body></html>"
    assert len(page_watch.read(b"<p>x</p>" + body, url=URL, selector="p, #a")) < 100
    assert time.monotonic() - started < 10
