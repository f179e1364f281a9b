"""Marked words: nothing from outside becomes HTML, nothing of the text is lost."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.desk.leads.highlight import marked, paragraphs


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("A prison began.", ["prison"], "A <mark>prison</mark> began."),
        ("La Cárcel", ["carcel"], "La <mark>Cárcel</mark>"),
        ("imprisoned", ["prison"], "imprisoned"),
        ("<script>prison", ["script", "prison"], "&lt;<mark>script</mark>&gt;<mark>prison</mark>"),
        ("a prison ship", ["prison", "prison ship"], "a <mark>prison ship</mark>"),
        ("a.b", [".", " ", ""], "a.b"),
        ("nothing", [], "nothing"),
    ],
)
def test_words_are_marked(text, words, expected):
    assert marked(text, words) == expected


@pytest.mark.parametrize(
    ("text", "cue", "expected"),
    [
        ("Work <b> began.", "began", '<mark>Work</mark> &lt;b&gt; <mark class="desk-cue">began</mark>.'),
        ("Se  inició la obra", "se inicio", '<mark class="desk-cue">Se  inició</mark> la <mark>obra</mark>'),
        ("It beganish, began", "began", 'It beganish, <mark class="desk-cue">began</mark>'),
        ("The work went on", "work (.*)", "The <mark>work</mark> went on"),  # not there: nothing of it is marked
        ("a work", " ", "a <mark>work</mark>"),
    ],
)
def test_the_cue_is_marked_apart_from_the_words(text, cue, expected):
    assert marked(text, ["work", "obra"], cue) == expected


@given(st.text(), st.lists(st.text()), st.text())
def test_no_letter_is_lost_and_no_markup_gets_in(text, words, cue):
    found = str(marked(text, words, cue))
    plain = re.sub(r'<mark(?: class="desk-cue")?>|</mark>', "", found)
    assert "<" not in plain
    assert html.unescape(plain) == html.unescape(html.escape(text))
    assert found.count("<mark") == len(re.findall("</mark>", found))


def test_the_sentence_is_found_whatever_its_white_space():
    found = paragraphs("First.\n\nOne. Work  on it\tbegan. Two.\nLast.", "Work on it began.", ["began"])
    assert [tuple(map(str, parts)) for parts in found] == [
        ("First.", "", ""),
        ("One. ", "Work  on it\t<mark>began</mark>.", " Two."),
        ("Last.", "", ""),
    ]


def test_a_sentence_that_is_not_there_marks_nothing():
    assert [tuple(map(str, parts)) for parts in paragraphs("a & b", "c", ["b"])] == [("a &amp; b", "", "")]
