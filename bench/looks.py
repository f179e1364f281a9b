"""Accessibility of every page: `python -m bench.looks [--pages TEXT] [--languages en,es] [--pictures DIR]`.

Starts a tracker of its own with rows for all pages, and opens each page of the desk and of the public site in both
languages, in four looks: 390 and 1280 pixels wide, light and dark. It runs axe with all rules, checks for horizontal
overflow, and prints a Markdown table of pages × looks with the number of findings, then the findings. With --pictures
it writes a screenshot of each page in each look, and sheets of all of them. Exits with 1 if there are findings.
"""

import argparse
import contextlib
import html
import os
import re
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import environment
from pledges.domain.languages import LANGUAGES

PASSWORD = "a long pass phrase 7"
TALLEST = 2400  # pixels of a screenshot
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-dev-shm-usage",
]
SHEET = """<!doctype html><style>body {margin: 8px; background: #888; font: 13px sans-serif}
main {display: flex; flex-wrap: wrap; gap: 8px} figure {margin: 0; background: #fff; width: %(width)spx}
img {width: 100%%; max-height: %(height)spx; object-fit: cover; object-position: top; display: block}</style>
<main>%(figures)s</main>"""


@dataclass
class Looks:
    """The findings so far, and the folder for screenshots."""

    wanted: str
    pictures: Path | None
    found: dict[tuple[str, str], list[Any]] = field(default_factory=lambda: defaultdict(list))
    seen: list[tuple[str, str]] = field(default_factory=list)

    def wants(self, name: str) -> bool:
        return self.wanted in name

    def look(self, page: Any, language: str, name: str) -> None:
        """Check the open page in all looks, and take screenshots."""
        from pledges.tests.support import looks as support_looks

        if not self.wants(name):
            return
        errors = [text for text in page.complaints if "responded with a status of 4" not in text]
        page.complaints.clear()
        self.seen.append((name, language))
        for text in errors:
            self.found[name, language].append((None, "error in the console", text))
        for look in support_looks.ALL:
            if self.pictures is None:
                break
            support_looks.put_on(page, look)
            page.wait_for_timeout(60)
            height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
            folder = self.pictures / f"{language}-{look.width}-{look.scheme}"
            folder.mkdir(parents=True, exist_ok=True)
            clip = {"x": 0, "y": 0, "width": look.width, "height": height}
            page.screenshot(path=folder / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png", full_page=True, clip=clip)
        self.found[name, language] += support_looks.findings(page, support_looks.ALL, support_looks.UNASKED)
        rules = sorted({rule for _look, rule, _where in self.found[name, language]})
        print(f"{language} {name}: {', '.join(rules) or 'nothing'}", file=sys.stderr, flush=True)
        page.complaints.clear()

    def go(self, page: Any, language: str, area: str, way: Iterator[str]) -> None:
        """Check each page of a way through the site (see `pledges.tests.support.ways`); an error on it is a finding."""
        if not (self.wanted.startswith(area) or area.startswith(self.wanted)):
            return
        name = "the first page"
        try:
            for name in way:
                self.look(page, language, f"{area}: {name}")
        except Exception as error:
            self.found[f"{area}: after {name}", language].append((None, "could not go on", f"{page.url} {error}"))
            if self.pictures:
                page.screenshot(path=self.pictures / f"broken-off-{area}-{language}.png", full_page=True)

    def table(self) -> str:
        """The table of counts and the findings, as Markdown."""
        from pledges.tests.support import looks as support_looks

        names = list(dict.fromkeys(name for name, _language in self.seen))
        all_looks = [(language, look) for language in support_looks.LANGUAGES for look in support_looks.ALL]
        lines = [
            "| page | " + " | ".join(f"{language} {look.width} {look.scheme}" for language, look in all_looks) + " |"
        ]
        lines.append("|---|" + "---|" * len(all_looks))
        sums: dict[tuple[str, Any], int] = defaultdict(int)
        for name in names:
            cells = []
            for language, look in all_looks:
                if (name, language) not in self.seen:
                    cells.append("–")
                    continue
                count = sum(finding[0] == look for finding in self.found[name, language])
                sums[language, look] += count
                cells.append(str(count))
            lines.append(f"| {name} | {' | '.join(cells)} |")
        lines.append(f"| **all {len(names)}** | {' | '.join(str(sums[column]) for column in all_looks)} |")
        for (name, language), findings in self.found.items():
            for rule, where in dict.fromkeys((rule, str(where)) for _look, rule, where in findings):
                at = [f"{look.width} {look.scheme}" for look, broken, _where in findings if look and broken == rule]
                lines.append(f"\n{name} ({language}; {', '.join(at)}): {rule}\n    {where[:600]}")
        return "\n".join(lines)


@contextlib.contextmanager
def tracker() -> Iterator[str]:
    """Run a tracker with servers and a database of its own, with Django set up in this process; gives its origin."""
    state = tempfile.mkdtemp(prefix="bench-looks-")
    Path(state).chmod(0o755)  # so that the database's account can enter
    environment.forget_settings()
    own = {"STATE_DIR": state, "SECRET_KEY": "bench", "ALLOWED_HOSTS": "127.0.0.1,testserver", "HTTPS": "no"}
    own |= {"DEBUG": "no", "DJANGO_SETTINGS_MODULE": "tracker.settings", "LOG_LEVEL": "ERROR"}
    os.environ |= own | {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"}  # Playwright runs an event loop in this thread
    from tracker import embedded

    os.environ["DATABASE_URL"] = embedded.owner_database_url()
    try:
        with embedded.start(durable=False):
            import django
            from django.conf import settings
            from django.core.management import call_command

            settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
            settings.WATCH_HOST_DELAY_SECONDS = 0
            django.setup()
            call_command("migrate", verbosity=0)
            from pytest_django.live_server_helper import LiveServer

            server = LiveServer("127.0.0.1")
            try:
                yield server.url
            finally:
                server.stop()
    finally:
        shutil.rmtree(embedded.sockets_dir(), ignore_errors=True)
        shutil.rmtree(state, ignore_errors=True)


def make_rows() -> tuple[dict[str, str], dict[str, tuple[dict[str, str], str]]]:
    """Rows for every page; returns (more public pages, {person: (the desk's addresses, session key)})."""
    from django.test import Client
    from django.utils import translation

    from pledges.tests.support import desk_pages, factories, public_pages

    with translation.override("en"):
        public_pages.make_rows()
        people = {"editor": factories.EditorFactory(), "root": factories.SuperuserFactory()}
        desk_pages.make_rows(people["editor"])
        more = public_pages.retract_one()
        for language in LANGUAGES:
            ana = factories.EditorFactory(username=f"ana-{language}", email=f"ana-{language}@news.example")
            ana.set_password(PASSWORD)
            ana.save()
        desks = {}
        for name, person in people.items():
            client = Client()
            client.force_login(type(person).objects.get(pk=person.pk))
            desks[name] = (desk_pages.addresses(person), client.cookies["sessionid"].value)
    return more, desks


def look_at_all(site: str, browser: Any, rows: tuple[Any, Any], languages: list[str], looks: Looks) -> None:
    """Open and check every page in these languages; `rows` is the result of `make_rows`."""
    from django.conf import settings
    from django.urls import reverse
    from django.utils import translation

    from pledges.models import User
    from pledges.tests.support import public_pages, watched, ways

    more, desks = rows
    web = watched.Web()
    settings.SAMPLE_NEWSWIRE = web.origin
    for language in languages:

        def visitor(session: str = "", language: str = language) -> Any:
            context = browser.new_context(base_url=site, locale=language, reduced_motion="reduce")
            if session:
                context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.complaints = []
            page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
            page.on("pageerror", lambda error: page.complaints.append(str(error)))
            return page

        with translation.override(language):
            retracted = {name: reverse(route, args=args) for name, (route, args) in more.items()}
        page = visitor()
        for name, path in {**public_pages.addresses(language), **retracted}.items():
            if looks.wants(name):
                page.goto(path)
                looks.look(page, language, name)
        editors = desks["editor"][0]
        for who, (addresses, session) in desks.items():
            page = visitor(session)
            for name, path in addresses.items():
                if looks.wants(f"desk: {name}") and (who == "editor" or path not in editors.values()):
                    page.goto(path)
                    looks.look(page, language, f"desk: {name}")
        page = visitor(desks["editor"][1])
        looks.go(page, language, "desk", ways.of_the_desk(page, editors, web))
        ana = User.objects.get(username=f"ana-{language}")
        page = visitor(desks["root"][1])
        page.goto(reverse("admin:pledges_user_change", args=[ana.pk]))
        looks.look(page, language, "desk: a person")
        page.goto(reverse("admin:pledges_user_change", args=[ana.pk]))
        page.locator(f"form[action='{reverse('admin:pledges_user_invite', args=[ana.pk])}'] button").click()
        link = page.locator("#link").input_value()
        looks.look(page, language, "desk: a link was made")
        page = visitor()
        page.goto(link)
        looks.look(page, language, "account: a new password by a link")
        for way in (ways.of_the_entrance, ways.of_an_account):
            looks.go(page, language, "account", way(page, ana.username, PASSWORD))
    web.close()


def make_sheets(browser: Any, folder: Path) -> None:
    """Join the screenshots of each look into sheets of 24."""
    for look in sorted(path for path in folder.iterdir() if path.is_dir()):
        narrow = "390" in look.name
        pictures = sorted(look.glob("*.png"))
        for start in range(0, len(pictures), 24):
            figures = "".join(
                f"<figure>{html.escape(picture.stem)}<img src='{picture.resolve().as_uri()}'></figure>"
                for picture in pictures[start : start + 24]
            )
            sheet = look / f"sheet{start // 24}.html"
            sheet.write_text(SHEET % {"width": 240 if narrow else 470, "height": 620, "figures": figures})
            page = browser.new_page(viewport={"width": 2000, "height": 1000})
            page.goto(sheet.resolve().as_uri())
            page.screenshot(path=folder / f"sheet-{look.name}-{start // 24}.png", full_page=True)
            page.close()
            sheet.unlink()


def main() -> int:
    """Check all pages and print the table; 1 if there are findings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", default="", help="only pages with this in their names")
    parser.add_argument("--languages", default="en,es")
    parser.add_argument("--pictures", type=Path, help="a folder for screenshots")
    options = parser.parse_args()
    start = time.monotonic()
    looks = Looks(options.pages, options.pictures)
    from playwright.sync_api import sync_playwright

    with tracker() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        look_at_all(site, browser, make_rows(), options.languages.split(","), looks)
        if options.pictures:
            make_sheets(browser, options.pictures)
        browser.close()
    print(looks.table())
    print(f"{len(looks.seen)} pages in four looks each, {time.monotonic() - start:.0f} s", file=sys.stderr)
    return 1 if any(looks.found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
