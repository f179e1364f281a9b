"""docs/your-own.md walked: from an empty tracker to a published pledge of another country, in one language.

Once in English, by a newsroom of one, and once in Spanish, by two people. The walks count clicks and fields, which the
guide names. People and speeches are invented.
"""

import io
import re
import time
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from pledges.tests.e2e import guide
from pledges.tests.support import other_database
from pledges.tests.support.emptied import empty_caches
from tracker import embedded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# By the number of people, what docs/your-own.md says: from the front page to the press of the button that publishes.
CLICKS_AND_FIELDS = {1: (20, 15), 2: (29, 21)}


@dataclass(frozen=True)
class Country:
    """What a newsroom types, in its own language."""

    language: str
    locale: str
    zone: str
    newsroom: dict[str, str]
    mandate: dict[str, str]
    topic: str
    document: dict[str, str]
    criteria: dict[str, str]


IRELAND = Country(
    language="en",
    locale="en-IE",
    zone="Europe/Dublin",
    newsroom={"name_en": "Promise Watch Ireland", "country": "IE", "accent": "#169b62"},
    mandate={"person": "Aoife Brennan", "office_en": "Taoiseach", "starts_on": "2026-01-23"},
    topic="Housing",
    document={
        "pasted": "This government was elected to build.\n\n"
        "We will build 50,000 homes by the end of 2027. No family should have to live in a hotel room.\n\n"
        "I thank all who worked for this day.",
        "title": "First speech in the Dáil",
        "publisher": "Houses of the Oireachtas",
        "published_on": "2026-02-03",
    },
    criteria={
        "kept_en": "50,000 homes are finished by 31 December 2027.",
        "broken_en": "Fewer than half of them are finished by then.",
    },
)
PERU = Country(
    language="es",
    locale="es-PE",
    zone="America/Lima",
    newsroom={"name_es": "Promesas del Perú", "country": "PE", "accent": "#d91023"},
    mandate={"person": "Lucía Quispe", "office_es": "Presidenta de la República", "starts_on": "2026-07-28"},
    topic="Salud",
    document={
        "pasted": "Peruanas y peruanos, empezamos hoy.\n\n"
        "Construiremos doscientas postas médicas en la sierra antes de diciembre de 2027. "
        "Nadie caminará un día entero para ver a un médico.\n\n"
        "Agradezco a quienes nos acompañan.",
        "title": "Mensaje a la Nación",
        "publisher": "Presidencia de la República",
        "published_on": "2026-07-28",
    },
    criteria={
        "kept_es": "Doscientas postas nuevas atienden antes del 1 de diciembre de 2027.",
        "broken_es": "En esa fecha atienden menos de cien.",
    },
)


class Person:
    """Somebody at a browser: what they press, and the fields that they fill in, are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.fields = page, 0, 0

    def press(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            field = self.page.locator(f"[name$={name}]:visible").first
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
            self.fields += 1

    def log_in(self, username: str, password: str) -> None:
        self.fill(login=username, password=password)
        self.press(self.page.locator("#content button[type=submit], main button[type=submit]").first)

    def step(self, name: str) -> None:
        """Follow the link of one of the first steps."""
        self.press(self.page.locator(f".desk-first a[href*='/{name}/']").first)


@pytest.fixture
def site(transactional_db, settings):
    """The origin of a server on an empty database of this test's own."""
    settings.EMBEDDED = True
    with other_database.copied(connection.settings_dict["NAME"], "test_empty", drop=True):
        empty_caches()
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()
        empty_caches()


@pytest.fixture
def password(site, tmp_path) -> str:
    """That of the first account, as the first start says it."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "STATE_DIR", tmp_path)
        call_command("first_account", stdout=said)
    found = re.fullmatch(r"log in as publisher with the password (\S+)\n", said.getvalue())
    assert found, said.getvalue()
    return found[1]


@pytest.fixture
def stop(pictures):
    """`stop(page, "steps", to=locator)`: see `guide.walk`."""
    yield from guide.walk("your-own.md", "own", pictures)


def no_stop(*_args, **_crop) -> None:
    """No picture."""


def to_the_draft(person: Person, here: Country, password: str, stop=no_stop, *, alone: bool) -> None:
    """From the empty front page to the form of the first draft."""
    page = person.page
    stop(page, "empty", to=page.locator("main"))
    person.press(page.locator("main a[href='/admin/']"))
    person.log_in("publisher", password)
    stop(page, "steps", to=page.locator(".desk-first"))

    person.step("newsroom")
    expect(page.locator("#id_language")).to_have_value(here.language)
    person.press(page.locator("#id_one_language"))
    person.fill(**here.newsroom)
    if alone:
        person.press(page.locator("#id_two_person_rule"))
    stop(page, "newsroom", to=page.locator(".field-two_person_rule"))
    person.press(page.locator("[name=_save]"))
    person.step("mandate")
    person.fill(**here.mandate)
    person.press(page.locator("[name=_save]"))
    person.step("topic")
    person.fill(**{f"name_{here.language}": here.topic})
    person.press(page.locator("[name=_save]"))
    stop(page, "halfway", to=page.locator(".desk-first"))

    person.step("intake")
    person.fill(**here.document)
    person.press(page.locator("#content form button[type=submit]"))
    page.locator(".intake-card").first.wait_for()
    stop(page, "document", to=page.locator(".intake-card").first)
    person.press(page.locator(".intake-card input[type=checkbox]").first)
    person.press(page.locator("#content button[type=submit]").first)
    person.fill(**here.criteria)
    person.press(page.locator("[name$=topics]").first)
    stop(page, "draft", to=page.locator("[name$=topics]").first)
    person.press(page.locator("#content button[type=submit]").first)
    person.press(page.locator("#site-name a"))


def test_alone_and_in_english(open_page, password, settings, stop, patience):
    settings.TIME_ZONE = IRELAND.zone
    began = time.monotonic()
    page = open_page("/en/", locale=IRELAND.locale)
    ann = Person(page)
    to_the_draft(ann, IRELAND, password, stop, alone=True)

    ann.step("wording")
    ann.press(page.locator("a[href$='/preview/']").first)
    stop(page, "preview", since=page.locator("#content h1"), to=page.locator(".desk-strips"))
    ann.press(page.locator("form[action$='/publish/'] button"))
    expect(page.locator(".success")).to_be_visible()
    public(page, IRELAND)
    stop(page, "public", to=page.locator(".home .rows > *").first)
    tell("in English, by one", ann, seconds=time.monotonic() - began)
    assert (ann.clicks, ann.fields) == CLICKS_AND_FIELDS[1]


def test_two_people_and_in_spanish(open_page, password, settings, patience):
    settings.TIME_ZONE = PERU.zone
    began = time.monotonic()
    page = open_page("/es/", locale=PERU.locale)
    rosa = Person(page)
    to_the_draft(rosa, PERU, password, alone=False)

    rosa.step("user")
    rosa.fill(username="luis", byline="Luis Rojas")
    rosa.press(page.get_by_label("Editor"))
    rosa.press(page.locator("[name=_save]"))
    link = page.locator("#content input[readonly], #content code").first
    address = link.input_value() if link.evaluate("one => one.tagName") == "INPUT" else link.inner_text()
    rosa.press(page.locator("#site-name a"))
    rosa.step("wording")
    rosa.press(page.locator("[name=_submit]"))
    expect(page.locator(".success")).to_be_visible()

    page = open_page(address, locale=PERU.locale)
    luis = Person(page)
    luis.fill(password1="trece-colibríes", password2="trece-colibríes")
    luis.press(page.locator("main button[type=submit]"))
    luis.press(page.locator("main a[href*='/login/']"))
    luis.log_in("luis", "trece-colibríes")
    luis.press(page.locator(".desk-work a[href*='/wording/?waits=me']"))
    luis.press(page.locator("#result_list tbody th a").first)
    luis.press(page.locator("a[href$='/preview/']").first)
    luis.press(page.locator("form[action$='/publish/'] button"))
    expect(page.locator(".success")).to_be_visible()
    public(page, PERU)
    tell("in Spanish, by two", rosa, luis, seconds=time.monotonic() - began)
    assert (rosa.clicks + luis.clicks, rosa.fields + luis.fields) == CLICKS_AND_FIELDS[2]


def public(page: Page, here: Country) -> None:
    """The front page has the pledge, in the newsroom's colour, and its page says what counts as kept."""
    page.goto(f"/{here.language}/")
    expect(page.locator(".name")).to_contain_text(here.newsroom[f"name_{here.language}"])
    title = page.locator(".home .rows a").first
    page.goto(title.get_attribute("href"))
    expect(page.locator("main")).to_contain_text(here.criteria[f"kept_{here.language}"])
    assert page.locator("header.site").evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"
    page.goto(f"/{here.language}/")


def tell(what: str, *people: Person, seconds: float) -> None:
    """Print the figures of a walk; `-s` shows them."""
    clicks, fields = (sum(getattr(person, name) for person in people) for name in ("clicks", "fields"))
    print(f"{what}: {clicks} clicks, {fields} fields, {seconds:.0f} s")
