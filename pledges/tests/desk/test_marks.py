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


@given(st.text(), st.lists(st.text()))
def test_no_letter_is_lost_and_no_markup_gets_in(text, words):
    found = str(marked(text, words))
    plain = found.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in plain
    assert html.unescape(plain) == html.unescape(html.escape(text))
    assert found.count("<mark>") == len(re.findall("</mark>", found))


def test_the_sentence_is_found_whatever_its_white_space():
    found = paragraphs("First.\n\nOne. Work  on it\tbegan. Two.\nLast.", "Work on it began.", ["began"])
    assert [tuple(map(str, parts)) for parts in found] == [
        ("First.", "", ""),
        ("One. ", "Work  on it\t<mark>began</mark>.", " Two."),
        ("Last.", "", ""),
    ]


def test_a_sentence_that_is_not_there_marks_nothing():
    assert [tuple(map(str, parts)) for parts in paragraphs("a & b", "c", ["b"])] == [("a &amp; b", "", "")]
