"""What is a tag and what is a sign, and references to characters that do not exist."""

import pytest

from pledges.watch.sources import entries
from pledges.watch.text import markup


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Uno.</p><p>Dos</p>", "Uno. Dos"),
        ("La <b>Corte</b> &amp; la <EM class='x'>ley</EM>", "La Corte & la ley"),
        ("uno<br>dos<br/>tres<BR />cuatro", "uno dos tres cuatro"),
        ("ver <a href=\"https://a.example/?a>b\" title='x > y'>esto</a> hoy", "ver esto hoy"),
        ("<img src=x alt='a<b'>foto", "foto"),
        ("<input disabled>hecho<video controls>", "hecho"),
        ('antes <!-- <a href="> --> después', "antes después"),
        ("<script>if (a<b) alert('<p>')</script>ok<style>p{}</style>", "ok"),
        ("<script async src='x'>alert(1)</script >ok", "ok"),
        ("<o:p></o:p><st1:place>Quito</st1:place> <amp-img src='x'></amp-img>", "Quito"),
        ("<![CDATA[Título]]>", "Título"),
        ("<!DOCTYPE html><p>x", "x"),
        ("cortado <a href='https://a.exam", "cortado"),
        ("&lt;b&gt; se escribe así", "<b> se escribe así"),
        # signs
        ("Inflación <3% dice ministro", "Inflación <3% dice ministro"),
        ("<Plan País> avanza", "<Plan País> avanza"),
        ("si a<b entonces todo", "si a<b entonces todo"),
        ("si a<b y c>d entonces", "si a<b y c>d entonces"),
        ("<i pierde> fuerza", "<i pierde> fuerza"),
        ("x < y, z <= 3, <> y <", "x < y, z <= 3, <> y <"),
        ("<Ley Trole III>: <b>aprobada</b>", "<Ley Trole III>: aprobada"),
        ("<3 <strong>a<b</strong>", "<3 a<b"),
    ],
)
def test_tags_go_and_signs_stay(html, text):
    assert entries.plain(html) == text


@pytest.fixture
def parsed(monkeypatch):
    """What the HTML parser is given. Its work grows with the square of the depth, and of a tag's attributes."""
    seen = []

    class Cleaner:
        def clean(self, text):
            seen.append(text)
            return text

    monkeypatch.setattr(markup, "_CLEANER", Cleaner())
    return seen


@pytest.mark.parametrize("tag", ["div", "b", "p", "table", "font color={n}", "svg", "x y='{n}'"])
def test_the_parser_sees_no_tree(parsed, tag):
    nested = "".join(f"<{tag.format(n=n)}>" for n in range(5_000))
    entries.plain(f"{nested}hondo<script>x</script>")
    assert [text.strip() for text in parsed] == ["hondo<script>x</script>"]


def test_nor_attributes(parsed):
    attributes = " ".join(f"a{n}='1'" for n in range(5_000))
    entries.plain(f"<p {attributes}>uno</p><script {attributes}>dos</script>")
    assert parsed == [" uno <script>dos</script>"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Obras &#55357;&#56960; avanzan", "Obras 🚀 avanzan"),
        ("&#xD83D;&#xDE80;", "🚀"),
        ("&#xd83d;&#56960;", "🚀"),
        ("&#0055357;&#x0DE80;", "🚀"),
        ("&#55357;&#56960;&#55357;&#56832;", "🚀😀"),
        ("&#128640;", "&#128640;"),
        ("a&#55357;b", "ab"),
        ("a&#56960;&#55357;b", "ab"),
        ("a&#55357;&#55357;&#56960;b", "a🚀b"),
        ("a&#0;b&#1;c&#x1F;d", "abcd"),
        ("a&#xFFFE;b&#65535;c", "abc"),
        ("a&#x110000;b&#99999999999999999999;c", "abc"),
        ("a&#9;b&#10;c&#38;d&#60;e", "a&#9;b&#10;c&#38;d&#60;e"),
        ("AT&T &amp; &#x; &#", "AT&T &amp; &#x; &#"),
    ],
)
def test_references_to_halves_are_joined_and_to_no_characters_dropped(written, read):
    assert markup.mend_references(written) == read


def test_a_reference_of_any_length_is_only_a_number():
    assert markup.mend_references(f"a&#{'9' * 10_000};b&#{'0' * 10_000}65;c") == f"ab&#{'0' * 10_000}65;c"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("n?id=1&cat=2", "n?id=1&amp;cat=2"),
        ("n?id=1&amp;cat=2&copy=3", "n?id=1&amp;cat=2&amp;copy=3"),
        ("Petr&oacute;leo &nbsp;& gas", "Petróleo \N{NO-BREAK SPACE}&amp; gas"),
        ("&LT; &nope; &#38; &lt;", "&lt; &amp;nope; &#38; &lt;"),
        ("<![CDATA[a & b &oacute;]]>&", "<![CDATA[a & b &oacute;]]>&amp;"),
    ],
)
def test_ampersands_that_escape_nothing_are_text(written, read):
    assert markup.mend_ampersands(written) == read
