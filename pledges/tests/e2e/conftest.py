"""A real browser before a real server with the first data set and one correction."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from pledges.tests.support import public_pages
from pledges.tests.support.emptied import empty_caches

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]
TELL_OF_VIOLATIONS = """
    document.addEventListener("securitypolicyviolation", (event) =>
        console.error("CSP: " + event.violatedDirective + " " + event.blockedURI));
"""


@pytest.fixture(scope="package")
def browser(chromium_path):
    """Chromium, started once for all of these tests: each page has a profile of its own."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's synchronous interface runs an event loop in this thread, and Django then refuses its ORM there.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(first_edition, django_db_blocker) -> Iterator[str]:
    """The origin of a server with data, for all tests of the module, in a database of its own."""
    with django_db_blocker.unblock():
        empty_caches()
        public_pages.make_rows()
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()
        empty_caches()


@pytest.fixture
def pictures(tmp_path) -> Path:
    """Where the pictures of the guides go: a directory of the test's own, docs/pictures for `make pictures`."""
    return Path(os.environ.get("PICTURES") or tmp_path)


@pytest.fixture
def open_page(browser, site):
    """`open_page("/en/", width=390, java_script_enabled=False)`: a page of a new browser profile, without animations.

    What it complains of (console errors, exceptions, violations of the policy) fails the test at its end, but for what
    the test itself takes out of `page.complaints`.
    """
    contexts, pages = [], []

    def open_at(path: str, width: int = 1280, height: int = 900, **options):
        context = browser.new_context(
            base_url=site, viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        if options.get("java_script_enabled", True):
            context.add_init_script(TELL_OF_VIOLATIONS)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: said.type == "error" and page.complaints.append(f"{said.text} {said.location}"))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(path)
        pages.append(page)
        return page

    yield open_at
    complaints = [complaint for page in pages for complaint in page.complaints]
    for context in contexts:
        context.close()
    assert complaints == []
