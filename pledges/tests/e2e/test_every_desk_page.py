"""Every page of the desk, in both languages, on a phone and on a wide screen, by day and by night: nothing to complain
of for axe, nothing that sticks out, no errors; and all of it can be used without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import translation

from pledges.models import User
from pledges.tests import desk_pages, factories
from pledges.tests.watched import atom, entry

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
BOTH = pytest.mark.parametrize("language", ["en", "es"])
# Of pages that differ only in their words one stands for all: those of what is referred to, of history, of deletion …
TWIN = re.compile(
    r"(topic|institution|sourcedocument)\b.*|.+(?<!pledge) history|.+(?<!wording) delete|(mandate|indicator) add"
    r"|(watchquality|lead|pledge|wording|indicator|update|source) one"
    r"|newsroom|correction|sources failing|articles none|leads dismissed"
)
# Width, colours and rules (None: all). Each language has both widths and both colours, and both together have all four
# pairs: a label is missing by day and by night, and a colour is faint in both languages.
OF_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]
LOOKS = {
    "en": [(390, "light", None), (1280, "dark", OF_LOOKS)],
    "es": [(1280, "light", None), (390, "dark", OF_LOOKS)],
}
READY = """() => {
    document.querySelectorAll("details").forEach(each => each.open = true);
    document.querySelectorAll("tbody > tr:nth-child(n+6)").forEach(each => each.remove());  // rows are alike
    const still = new CSSStyleSheet();  // a colour half way between day and night has no contrast of its own
    still.replaceSync("* { transition: none !important }");
    document.adoptedStyleSheets = [still];
}"""
WIDER_THAN = """width => [...document.querySelectorAll("#container *")]
    .filter(each => each.getBoundingClientRect().right > width + 1 && !each.closest(".results, .desk-scroll"))
    .map(each => each.outerHTML.slice(0, 80))
    .slice(-3)"""
WITHOUT_BUTTON = """() => [...document.querySelectorAll("#content form[method=post]")]
    .filter(form => [...form.elements].some(each => each.matches("input:not([type=hidden]), select, textarea")))
    .filter(form => form.id !== "changelist-form" || form.querySelector("[name=action]"))  // Django's, of an empty list
    .filter(form => ![...form.elements].some(each => each.type === "submit"))
    .map(form => form.outerHTML.slice(0, 80))"""
LOOK = """rules => axe.run(document, {resultTypes: ["violations"], ...(rules ? {runOnly: rules} : {})})
    .then(found => found.violations)
    .then(all => all.map(each => [each.id, each.nodes.slice(0, 3).map(node => node.html.slice(0, 140))]))"""


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
    """What axe and the eye for width find on the page that is open, in the looks of its language.

    Before, it has to be without errors; afterwards only axe's own styles have been refused by the policy.
    """
    assert [said for said in page.complaints if "422" not in said] == [], name
    page.evaluate(READY)
    page.evaluate(Axe().axe_script)
    for width, scheme, rules in LOOKS[page.evaluate("document.documentElement.lang")]:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        yield from ((name, width, scheme, *found) for found in page.evaluate(LOOK, rules))
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield name, width, scheme, "sticks out", page.evaluate(WIDER_THAN, width)
    page.complaints.clear()


@BOTH
def test_axe_finds_nothing_and_nothing_sticks_out(desk, visit, language):
    found = []
    page = visit("editor", language)
    editors = pages_of(desk, "editor")
    for name, url in editors.items():
        assert page.goto(url).status == 200, name
        assert page.locator("html").get_attribute("lang") == language
        found += complaints(page, name)
    page = visit("root", language)
    for name, url in pages_of(desk, "root", but=editors.values()).items():
        assert page.goto(url).status == 200, name
        found += complaints(page, name)
    assert found == []


@BOTH
def test_so_do_the_pages_that_only_a_form_leads_to(desk, visit, web, language):
    web.serve("/feed", atom(entry(web, "one")))
    addresses = desk["editor"][0]
    page = visit("editor", language)
    page.goto(addresses["source add"])
    page.locator(".desk-paste input[type=text]").fill(f"{web.origin}/feed")
    page.keyboard.press("Enter")
    page.get_by_text("Title of one").wait_for()
    found = [*complaints(page, "found")]
    page.goto(addresses["source add"])
    page.locator(".desk-paste input[type=text]").fill("http://169.254.169.254/")
    page.keyboard.press("Enter")
    page.locator(".desk-problems, .errornote, .errorlist").first.wait_for()
    found += complaints(page, "refused")
    page.goto(addresses["figures"])
    table = {"name": "table.csv", "mimeType": "text/csv", "buffer": b"Year,Rate\n2031,3.5\n"}
    page.locator("input[type=file]").set_input_files(table)
    for name, value in {"series": "rate", "period_column": "Year", "value_column": "Rate", "source": "INEC"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=url]").fill("https://inec.example/")
    page.locator("[name=url]").press("Enter")
    page.locator(".desk-preview").wait_for()
    found += complaints(page, "preview of figures")
    page.goto(addresses["mandate add"])
    page.locator("[name=_save]").click()
    page.locator(".errornote").wait_for()
    found += complaints(page, "form with errors")
    assert found == []


def test_all_of_it_can_be_read_without_scripts(desk, visit):
    page = visit("editor", java_script_enabled=False, width=390)
    for name, url in pages_of(desk, "editor").items():
        assert page.goto(url).status == 200, name
        assert page.locator("h1").count() == 1, name
        assert page.locator("#content").inner_text().strip(), name
        assert page.evaluate(WITHOUT_BUTTON) == [], name


@BOTH
@pytest.mark.parametrize("who", ["root", "editor", "reporter"])
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
