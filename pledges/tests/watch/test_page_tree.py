"""Pages of the web as trees of bounded size. What is not bounded here would not end within a day at these lengths."""

from types import SimpleNamespace

import justext.core
import pytest

from pledges.watch.sources import articles, page_tree, page_watch
from pledges.watch.text.language import sentences

TOLD = "The port of Manta was opened on Monday, after two years of work, the ministry said. " * 4
URL = "https://daily.example/one"


def page(inside: str, head: str = "") -> bytes:
    return f"<html><head><title>Port opened</title>{head}</head><body>{inside}</body></html>".encode()


def depth(tree) -> int:
    return max(sum(1 for _ in element.iterancestors()) for element in tree.iter())


def test_a_page_is_read_as_it_stands():
    tree = page_tree.parse(f'<html><body><p class="a" id=b hidden>{TOLD}</p><!-- > --></body></html>')
    assert [dict(one.attrib) for one in tree.iter("p")] == [{"class": "a", "id": "b", "hidden": ""}]
    assert tree.text_content() == TOLD


@pytest.mark.parametrize("character", ["\x01", "\x0b", "\x1f", "\x7f", "\x85", "\ufffe", "\uffff"])
@pytest.mark.parametrize("cut", ["deep", "long"])
def test_characters_that_xml_does_not_have_are_no_hindrance_where_a_page_is_cut(character, cut):
    """lxml reads them from a page, and refuses to write them."""
    deep = "<div>" * (page_tree.MOST_DEPTH + 5) if cut == "deep" else ""
    title = "x" * page_tree.LONGEST_VALUE if cut == "long" else ""
    tree = page_tree.parse(f'<html><body><p>{TOLD}</p>{deep}<p title="{character}{title}">Af{character}ter.</p>')
    assert tree.text_content().replace(character, "").endswith("After.")


def test_text_without_markup_is_no_page():
    assert page_tree.parse("a < b, and b > c") is None
    assert page_tree.parse("") is None


@pytest.mark.parametrize(
    "attribute", ["a{}", "a{}=1", "a{}='>'", 'a{}="/>"', "a{} = 1", "a{}=", "/a{}", "data-a{}=x/y", "ñ{}='\"'"]
)
def test_an_element_keeps_its_first_attributes(attribute):
    many = " ".join(attribute.format(at) for at in range(200_000))
    body = f"<html><body><p {many}>{TOLD}</p><p>After.</p></body></html>"
    elements = list(page_tree.parse(body).iter("p"))
    assert [one.text for one in elements] == [TOLD, "After."]
    assert 0 < len(elements[0].attrib) <= page_tree.MOST_ATTRIBUTES
    assert articles.extract(body.encode(), url=URL).text.startswith("The port of Manta")


@pytest.mark.parametrize("begin", ['<p a="', "<p a='", "<p ", "<p\n", "<p=", "<p a=", "<p a =", "<p/", "<p \"'"])
def test_tags_that_never_end_are_read_once(begin):
    page_tree.parse("<html><body><p>x</p>" + begin + "x " * 1_000_000)
    page_tree.parse("<html><body><p>x</p>" + begin * 50_000)


def test_long_values_are_cut():
    tree = page_tree.parse(f"<html><body><p title='{'[' * 500_000}'>x</p></body></html>")
    assert len(tree.find(".//p").get("title")) == page_tree.LONGEST_VALUE
    author = f'<meta name="author" content="{"[" * 500_000}">'
    assert articles.extract(page(f"<article><p>{TOLD}</p></article>", author), url=URL).text == TOLD.strip()


@pytest.mark.parametrize("tag", ["b", "div", "span", "font", "blockquote"])
def test_what_is_nested_too_deep_stays_as_text(tag):
    tree = page_tree.parse(
        f"<html><body>{f'<{tag}>' * 1500}{TOLD}<script>no()</script>{f'</{tag}>' * 1500}<p>After.</p>"
    )
    assert depth(tree) < page_tree.MOST_DEPTH
    assert tree.find(".//p").text == "After."
    assert " ".join(tree.text_content().split()) == f"{TOLD}After."


def read_elements(inside: str) -> int:
    """How many elements of a page trafilatura gets, and none of them too deep."""
    tree = page_tree.parse(f"<html><body>{inside}</body></html>")
    page_tree.cut(tree, elements=3_000, characters=100_000)
    assert depth(tree) < page_tree.MOST_DEPTH
    return sum(1 for _ in tree.iter())


@pytest.mark.parametrize(
    "unit",
    [
        "<table><tr><td>",
        "<tr><td>",
        "<div>",
        "<ul><li>",
        "<blockquote>",
        "<dl><dd>",
        "<svg><g>",
        "<b><i><font>",
        "<b><p>",
        "<select><option>",
        "<p>x</p>",
        "<a href=x>x</a>",
        "<ul><li>x</li></ul>",
        "<table><tr><td>x</table>",
        "<!-- x -->",
    ],
)
def test_an_article_is_looked_for_in_so_many_elements_however_many_there_are(unit):
    """What is done for each of them (and for each with all around it) is then bounded too."""
    assert read_elements(unit * 1_000) <= 3_000
    assert read_elements(unit * 20_000) <= 3_000


@pytest.mark.parametrize("unit", ["word ", "<p>word</p>", "<p title='word word'>", "<b>x</b>word "])
def test_and_in_so_many_characters(unit):
    tree = page_tree.parse(f"<html><body><p>First.</p>{unit * 10_000}<p>Last.</p></body></html>")
    page_tree.cut(tree, elements=50_000, characters=20_000)
    values = sum(len(value) for element in tree.iter() for value in element.attrib.values())
    assert 19_900 < len(tree.text_content()) + values <= 20_000
    assert tree.text_content().startswith("First.")


def test_scripts_do_not_count_and_what_fits_is_left_alone():
    body = f"<html><head><script>{'x' * 50_000}</script></head><body><p>{TOLD}</p>Tail.<!-- x --></body></html>"
    tree = page_tree.parse(body)
    page_tree.cut(tree, elements=20, characters=1_000)
    assert tree.text_content().endswith(f"{TOLD}Tail.")


def test_looking_for_a_paragraphs_neighbour_grows_with_the_page_and_not_with_its_square():
    """jusText's own looks through all short paragraphs for each of them."""

    class Counted(list):
        looks = 0

        def __getitem__(self, at):
            Counted.looks += 1
            return super().__getitem__(at)

    def looks(number: int) -> int:
        Counted.looks = 0
        short = [SimpleNamespace(cf_class="short", heading=False, text="x") for _number in range(number)]
        justext.core.revise_paragraph_classification(Counted(short))
        return Counted.looks

    assert looks(2_000) < 2.2 * looks(1_000)


def test_tags_that_are_never_closed_do_not_end_the_page():
    body = page("<font>" * 400 + f"<article><p>{TOLD}</p></article>")
    assert articles.extract(body, url=URL).text == TOLD.strip()


@pytest.mark.parametrize("tag", ["<b>", "<p>", "<br>", "<li>x", "<td/>", "<a href=x>", "<x"])
def test_a_page_of_too_many_elements_is_refused_and_says_so(tag):
    with pytest.raises(articles.ArticleError, match="more than 100,000 elements"):
        articles.tree_of(page(tag * (page_tree.MOST_ELEMENTS + 1)))


def test_a_selector_that_matches_every_element_takes_each_text_once():
    inside = "<ul>" + "".join(f"<li><b>No. {at}</b></li>" for at in range(30_000)) + "</ul>"
    lines = page_watch.read(page(inside), url=URL, selector="body *").splitlines()
    assert lines[:2] == ["No. 0", "No. 1"]


def test_a_text_is_cut_where_no_article_goes_on():
    body = page("<article>" + f"<p>{TOLD}</p>" * 2_000 + "</article>")
    assert len(articles.extract(body, url=URL).text) <= articles.LONGEST_TEXT


@pytest.mark.parametrize(
    "unit", ["Sr. Dr. ", "J. ", "...", "... ", '."', ". ((", ".   ", "No. 3 ", "EE. UU. ", "…", "?!"]
)
def test_sentences_of_a_million_characters(unit):
    text = unit * (1_000_000 // len(unit))
    found = sentences(text)
    assert "".join("".join(found).split()) == "".join(text.split())
