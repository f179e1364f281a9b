"""docs/your-own.md walked: from an empty tracker to a published pledge of another country, in one language.

Once in English, by a newsroom of one, and once in Spanish, by two people. The walks count clicks and fields, which the
guide names. People and speeches are invented.
"""

import io
import re
import time

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from pledges.models import Edition, Pledge
from pledges.tests.e2e import guide
from pledges.tests.support import other_database
from tracker import embedded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SPEECH = """This government was elected to build.

We will build 50,000 homes by the end of 2027. No family should have to raise its children in a hotel room.

I thank all who worked for this day."""
DISCURSO = """Peruanas y peruanos, empezamos hoy.

Construiremos doscientas postas médicas en la sierra antes de diciembre de 2027. Nadie tendrá que caminar un día entero para ver a un médico.

Agradezco a quienes nos acompañan."""


class Person:
    """Somebody at a browser: what they press, and the fields that they fill in, are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.fields = page, 0, 0

    def press(self, what: Locator | str, role: str = "button") -> None:
        one = self.page.get_by_role(role, name=what).first if isinstance(what, str) else what
        one.click()
        self.clicks += 1

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            field = self.page.locator(f"[name$={name}]:visible").first
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
            self.fields += 1

    def log_in(self, username: str, password: str, button: str) -> None:
        self.fill(login=username, password=password)
        self.press(button)


@pytest.fixture
def site(transactional_db, settings):
    """The origin of a server on an empty database of this test's own."""
    settings.EMBEDDED = True
    with other_database.copied(connection.settings_dict["NAME"], "test_empty", drop=True):
        cache.clear()
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()
        cache.clear()


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


def test_alone_and_in_english(open_page, password, settings, stop, patience):
    settings.TIME_ZONE = "Europe/Dublin"
    began = time.monotonic()
    page = open_page("/en/", locale="en-IE")
    ann = Person(page)
    stop(page, "empty", to=page.locator("main"))
    ann.press("For the newsroom: first steps", "link")
    ann.log_in("publisher", password, "Log in")
    stop(page, "steps", to=page.locator(".desk-first"))
    ann.press("Enter the newsroom", "link")
    print(page.locator("#content").inner_text())
    page.screenshot(path="/tmp/start/newsroom.png", full_page=True)
