"""What a new capture of a watched page means: docs/adr/0020-pages-that-go-and-come-back.md."""

import pytest

from pledges.watch.sources.captures import Earlier, Meaning, is_notice, meaning_of

PAGE = "The port law awaits its debate.\nThe prison is being built.\nTaxes stay as they are.\nThe school opens in May."
NOTICE = "This website is under maintenance. Please come back later."
ODD = "Hang on a second!\nOur cat sits on the server."


def after(*captures):
    """What each capture means after those before it; captures that are not kept are not seen by the next."""
    earlier, meanings = [], []
    for text in captures:
        meaning = meaning_of(text, earlier)
        meanings.append(meaning)
        if meaning.keep:
            earlier.insert(0, Earlier(text, meaning.in_doubt))
    return meanings


FIRST, NOTHING, DOUBT, BACK = Meaning(True), Meaning(False), Meaning(True, True), Meaning(True)


def test_the_first_capture_is_no_news_and_a_new_sentence_is():
    more = PAGE + "\nA bridge is promised."
    assert after(PAGE, PAGE, more) == [FIRST, NOTHING, Meaning(True, news=("A bridge is promised.",))]


def test_most_of_a_page_absent_at_once_and_back_is_no_news():
    assert after(PAGE, ODD, PAGE, PAGE) == [FIRST, DOUBT, BACK, NOTHING]
    half = "\n".join(PAGE.splitlines()[:1])
    assert after(PAGE, half, PAGE) == [FIRST, DOUBT, BACK]


def test_a_page_that_is_rewritten_is_news_at_the_second_look():
    new = "A new government.\nIts plan has ten points.\nPorts come first."
    assert after(PAGE, new, new) == [FIRST, DOUBT, Meaning(True, news=tuple(new.splitlines()))]
    other = new.replace("ten", "nine")
    assert after(PAGE, new, other)[-1].news == tuple(other.splitlines())


def test_each_time_that_it_goes_is_a_doubt_of_its_own():
    assert after(PAGE, ODD, PAGE, ODD, PAGE) == [FIRST, DOUBT, BACK, DOUBT, BACK]


def test_what_is_new_when_it_comes_back_is_news():
    more = PAGE + "\nA bridge is promised."
    assert after(PAGE, ODD, more)[-1] == Meaning(True, news=("A bridge is promised.",))


def test_a_notice_that_stayed_for_two_looks_is_news_and_the_page_that_comes_back_is_not():
    assert after(PAGE, ODD, ODD, PAGE) == [FIRST, DOUBT, Meaning(True, news=tuple(ODD.splitlines())), BACK]
    more = PAGE + "\nA bridge is promised."
    assert after(PAGE, ODD, ODD, more)[-1].news == ("A bridge is promised.",)


def test_some_sentences_that_were_away_and_are_back_are_no_news():
    ten = "\n".join(f"Point {number} of the plan." for number in range(10))
    six = "\n".join(ten.splitlines()[:6])
    assert after(ten, six, ten) == [FIRST, Meaning(True), BACK]


def test_a_status_that_turns_and_turns_again_is_news_each_time():
    on, off = PAGE + "\nWorks: going on.", PAGE + "\nWorks: suspended."
    assert [one.news for one in after(on, off, on)[1:]] == [("Works: suspended.",), ("Works: going on.",)]
    assert [one.news for one in after("Works: going on.", "Works: suspended.", "Works: going on.")] == [
        (),
        ("Works: suspended.",),
        ("Works: going on.",),
    ]


@pytest.mark.parametrize(
    "text",
    [
        NOTICE,
        "Sitio en mantenimiento.\nVolvemos pronto.",
        "Estamos realizando tareas de mantenimiento",
        "Mantenimiento",
        "We are performing scheduled maintenance.",
        "We'll be back soon!",
        "Esta página no está disponible. Inténtelo de nuevo más tarde.",
        "Disculpe las molestias.",
        "503 Service Unavailable",
    ],
)
def test_notices_that_a_site_is_away(text):
    assert is_notice(text, [Earlier(PAGE)])
    assert is_notice(text, [])
    assert not is_notice(PAGE + "\n" + text, [Earlier(PAGE)])  # the page is there
    assert not is_notice(text, [Earlier(text)])  # it is what the page says


@pytest.mark.parametrize(
    "text",
    [
        PAGE,
        "El puente está en mantenimiento.",
        "The hospital is under construction.",
        "La central quedó fuera de servicio por mantenimiento.",
        "The dam needs maintenance, the ministry said.",
        NOTICE * 20,
    ],
)
def test_what_is_no_notice(text):
    assert not is_notice(text, [Earlier("One thing.\nAnother thing.\nA third thing.")])
