"""Ten questions of a journalist on deadline, each answered from the front page in at most three steps (a link, a form),
with scripts and without."""

import re

import pytest

from pledges.tests.e2e.guide import DOCS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def follow(name):
    return lambda page: page.get_by_role("link", name=name).first.click()


def in_main(name):
    return lambda page: page.locator("main").get_by_role("link", name=name).first.click()


def search(words):
    def do(page):
        page.locator("main input[type=search]").first.fill(words)
        page.locator("main input[type=search]").first.press("Enter")

    return do


def as_of(day):
    def do(page):
        if not page.locator("#as-of-on").is_visible():
            page.locator("details.as-it-was > summary").click()
        page.locator("#as-of-on").fill(day)
        page.locator("#as-of-on").press("Enter")

    return do


def choose(label):
    """A box of the list's filter: with scripts that is all, without them the form is sent by its button."""

    def do(page):
        page.get_by_role("checkbox", name=label).check()
        apply = page.get_by_role("button", name="Apply")
        if apply.is_visible():
            apply.click()
        page.wait_for_url("**topic=**")

    return do


def compare_both(page):
    for box in page.locator("input[name=mandate]").all():
        box.check()
    page.get_by_role("button", name="Compare what is chosen").click()


QUESTIONS = {
    "Which pledges on public safety are overdue?": (
        [follow("What is overdue?"), choose(re.compile("^Public safety"))],
        [r"overdue since", r"fits?\b"],
    ),
    "Where did the prison barges stand on 1 June 2024?": (
        [search("barges"), in_main(re.compile("barges")), as_of("2024-06-01")],
        [r"This is where things stood on 1 June 2024", r"since"],
    ),
    "What changed since the last election?": (
        [follow("What changed"), in_main(re.compile("Since the election of"))],
        [r"What changed since the election of 13 April 2025", r"now|was"],
    ),
    "Which pledges were kept?": ([follow("What is kept?")], [r"Kept", r"fits?\b"]),
    "What changed this week?": ([follow("This week")], [r"week", r"\d{4}"]),
    "How do the two mandates compare on day 100?": (
        [follow("Mandates"), compare_both, follow(re.compile(r"\b100\b"))],
        [r"[Oo]n day 100", r"of"],
    ),
    "How many homicides a year, by whose count?": (
        [follow("Indicators"), in_main(re.compile("[Hh]omicides"))],
        [r"2025", r"Source|source"],
    ),
    "What has this tracker got wrong?": ([follow("Corrections")], [r"A comma was missing", r"It said"]),
    "How do I cite where a pledge stands?": (
        [search("intelligence unit"), in_main(re.compile("intelligence"))],
        [r"APA", r"BibTeX", r"edition=\d"],
    ),
    "Who reads the news for it, and when last?": ([follow("About the watch")], [r"[Ss]ource", r"read"]),
}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_is_answered_in_three_steps_from_the_front_page(open_page, question, scripts):
    steps, answers = QUESTIONS[question]
    assert len(steps) <= 3
    page = open_page("/en/", java_script_enabled=scripts)
    for step in steps:
        step(page)
        page.wait_for_load_state()
    text = "\n".join(page.locator("main, section.as-of").all_inner_texts())
    for answer in answers:
        assert re.search(answer, text, re.IGNORECASE), f"{question}: {answer} is not on {page.url}"
    assert page.locator("main h1").count() == 1


def test_the_guide_for_readers_has_these_questions_with_as_many_steps():
    ways = re.findall(r"^\| (.+\?) \| (.+) \|$", (DOCS / "readers.md").read_text(), re.MULTILINE)
    assert {question: way.count(" → ") + 1 for question, way in ways} == {
        question: len(steps) for question, (steps, _answers) in QUESTIONS.items()
    }
