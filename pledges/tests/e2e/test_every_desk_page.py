"""Every page of the desk, on a phone and on a wide screen, by day and by night: nothing to complain of for axe, nothing
that sticks out, no errors; and all of it can be used without scripts."""

import itertools
import re

import pytest
from django.test import Client
from django.utils import translation

from pledges.models import User
from pledges.tests.support import desk_pages, factories, ways
from pledges.tests.support.looks import Look, findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
# Of pages that differ only in their words one stands for all: those of what is referred to, of history, of deletion …
TWIN = re.compile(
    r"(topic|institution|sourcedocument)\b.*|.+(?<!pledge) history|.+(?<!wording) delete|(mandate|indicator) add"
    r"|(watchquality|lead|pledge|wording|indicator|update|source) one"
    r"|newsroom|correction|sources failing|articles none|leads dismissed"
)
# What guards best for its seconds: all rules on each page, by turns on a phone by day and on a wide screen by night,
# and the width of both; in Spanish, whose words are longer. `python -m bench.looks` tries all rules in all eight looks.
LANGUAGE = "es"
LOOKS = itertools.cycle(
    [[Look(390, "light"), Look(1280, "dark", [])], [Look(390, "light", []), Look(1280, "dark")]],
)
WITHOUT_BUTTON = """() => [...document.querySelectorAll("#content form[method=post]")]
    .filter(form => [...form.elements].some(each => each.matches("input:not([type=hidden]), select, textarea")))
    .filter(form => form.id !== "changelist-form" || form.querySelector("[name=action]"))  // Django's, of an empty list
    .filter(form => ![...form.elements].some(each => each.type === "submit"))
    .map(form => form.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def desk(site, django_db_blocker):
    """The addresses of each person's pages, and their sessions, as {"editor": (addresses, cookie)}."""
    with django_db_blocker.unblock(), translation.override("en"):
        people = {"editor": factories.EditorFactory(), "reporter": factories.ReporterFactory()}
        people["root"] = factories.SuperuserFactory()
        desk_pages.make_rows(people["editor"])
        found = {}
        for name, person in people.items():
            client = Client()
            client.force_login(User.objects.get(pk=person.pk))
            found[name] = (desk_pages.addresses(person), client.cookies["sessionid"].value)
        return found


@pytest.fixture
def visit(open_page, site, desk):
    """`visit("editor", language="es")`: a page of a browser in which that person is logged in, at the first page."""

    def log_in(who, language="en", **options):
        page = open_page("/en/", locale=language, **options)
        page.context.add_cookies([{"name": "sessionid", "value": desk[who][1], "url": site}])
        return page

    return log_in


def pages_of(desk, who, *, but=()):
    return {name: url for name, url in desk[who][0].items() if not TWIN.fullmatch(name) and url not in but}


def complaints(page, name):
    """What axe and the eye for width find on the page that is open.

    Before, it has to be without errors; afterwards only axe's own styles have been refused by the policy.
    """
    assert [said for said in page.complaints if "responded with a status of 4" not in said] == [], name
    yield from ((name, *found) for found in findings(page, next(LOOKS)))
    page.complaints.clear()


def test_axe_finds_nothing_and_nothing_sticks_out(desk, visit):
    found = []
    page = visit("editor", LANGUAGE)
    editors = pages_of(desk, "editor")
    for name, url in editors.items():
        assert page.goto(url).status == 200, name
        assert page.locator("html").get_attribute("lang") == LANGUAGE
        found += complaints(page, name)
    page = visit("root", LANGUAGE)
    for name, url in pages_of(desk, "root", but=editors.values()).items():
        assert page.goto(url).status == 200, name
        found += complaints(page, name)
    assert found == []


def test_so_do_the_pages_that_only_a_form_leads_to(desk, visit, web):
    page = visit("editor", LANGUAGE)
    found = []
    for name in ways.of_the_desk(page, desk["editor"][0], web):
        found += complaints(page, name)
    assert found == []


def test_all_of_it_can_be_read_without_scripts(desk, visit):
    page = visit("editor", java_script_enabled=False, width=390)
    for name, url in pages_of(desk, "editor").items():
        assert page.goto(url).status == 200, name
        assert page.locator("h1").count() == 1, name
        assert page.locator("#content").inner_text().strip(), name
        assert page.evaluate(WITHOUT_BUTTON) == [], name


@pytest.mark.parametrize(("who", "language"), [("root", "en"), ("editor", "es"), ("reporter", "en")])
def test_no_page_that_somebody_may_see_is_an_error(desk, django_db_blocker, who, language):
    addresses, session = desk[who]
    client = Client(headers={"accept-language": language})
    client.cookies["sessionid"] = session
    answers = {name: client.get(url, follow=True).status_code for name, url in addresses.items()}
    assert {name: status for name, status in answers.items() if status != 200} == {}


def test_the_inbox_is_worked_by_keyboard_and_one_sees_where_one_is(desk, visit):
    page = visit("editor")
    page.goto(desk["editor"][0]["lead"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-to-content-link"
    page.keyboard.press("Enter")
    reached = []
    for _step in range(24):
        page.keyboard.press("Tab")
        # of what has a key, the words without it
        words = "(at => (at.dataset.key ? at.firstChild.textContent : at.innerText) || at.name || '')"
        reached.append(page.evaluate(f"{words}(document.activeElement)").strip())
        seen = page.evaluate(
            "(s => s.outlineStyle !== 'none' || s.boxShadow !== 'none' || s.textDecorationLine !== 'none' ||"
            " s.borderColor !== 'rgb(204, 204, 204)')(getComputedStyle(document.activeElement))"
        )
        assert seen, reached[-1]
    assert "Accept" in reached
    assert reached.index("Dismiss…") == reached.index("Accept") + 1
