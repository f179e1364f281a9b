"""Every page in every look: `python -m bench.looks [--pages TEXT] [--languages en,es] [--pictures DIR]`.

Starts a tracker of its own with rows for all pages, opens each page of the desk and of the public site in both
languages, at 390 and 1280 pixels, by day and by night, runs axe with all rules, looks whether anything sticks out
sideways, and writes a Markdown table of pages × looks with the number of findings, then the findings. With
--pictures it keeps a picture of each page in each look, and sheets of all for each. It ends with 1 when something was
found.
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

from pledges.domain.languages import LANGUAGES

PASSWORD = "a long pass phrase 7"
TALLEST = 2400  # pixels of a picture
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
    """What was found, and where pictures go."""

    wanted: str
    pictures: Path | None
    found: dict = field(default_factory=lambda: defaultdict(list))
    seen: list = field(default_factory=list)

    def wants(self, name: str) -> bool:
        """Whether this page is to be looked at."""
        return self.wanted in name

    def look(self, page, language: str, name: str) -> None:
        """Look at the page that is open, in all looks."""
        from pledges.tests.support import looks as support_looks

        if not self.wants(name):
            return
        said = [text for text in page.complaints if "responded with a status of 4" not in text]
        page.complaints.clear()
        self.seen.append((name, language))
        for text in said:
            self.found[name, language].append((None, "the console says", text))
        for look in support_looks.ALL if self.pictures else []:
            support_looks.put_on(page, look)
            page.wait_for_timeout(60)
            height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
            at = self.pictures / f"{language}-{look.width}-{look.scheme}"
            at.mkdir(parents=True, exist_ok=True)
            clip = {"x": 0, "y": 0, "width": look.width, "height": height}
            page.screenshot(path=at / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png", full_page=True, clip=clip)
        self.found[name, language] += support_looks.findings(page, support_looks.ALL, support_looks.UNASKED)
        rules = sorted({rule for _look, rule, _where in self.found[name, language]})
        print(f"{language} {name}: {', '.join(rules) or 'nothing'}", file=sys.stderr, flush=True)
        page.complaints.clear()

    def go(self, page, language: str, area: str, way: Iterator[str]) -> None:
        """Look at each page of a way (see `pledges.tests.support.ways`); one that breaks off is a finding."""
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
        """The table and the findings, as Markdown."""
        from pledges.tests.support import looks as support_looks

        names = list(dict.fromkeys(name for name, _language in self.seen))
        all_looks = [(language, look) for language in support_looks.LANGUAGES for look in support_looks.ALL]
        lines = [
            "| page | " + " | ".join(f"{language} {look.width} {look.scheme}" for language, look in all_looks) + " |"
        ]
        lines.append("|---|" + "---|" * len(all_looks))
        sums: dict[str, int] = defaultdict(int)
        for name in names:
            cells = []
            for language, look in all_looks:
                if (name, language) not in self.seen:
                    cells.append("–")
                    continue
                count = sum(at == look for at, *_rest in self.found[name, language])
                sums[language, look] += count
                cells.append(str(count))
            lines.append(f"| {name} | {' | '.join(cells)} |")
        lines.append(f"| **all {len(names)}** | {' | '.join(str(sums[each]) for each in all_looks)} |")
        for (name, language), each in self.found.items():
            for rule, where in dict.fromkeys((rule, str(where)) for _look, rule, where in each):
                at = ", ".join(f"{look.width} {look.scheme}" for look, found, _where in each if look and found == rule)
                lines.append(f"\n{name} ({language}; {at}): {rule}\n    {where[:600]}")
        return "\n".join(lines)


@contextlib.contextmanager
def tracker() -> Iterator[str]:
    """The origin of a tracker with servers, rows and accounts of its own; Django is set up in this process."""
    state = tempfile.mkdtemp(prefix="bench-looks-")
    Path(state).chmod(0o755)  # the database's account has to get in
    for name in [name for name in os.environ if name.endswith("_URL") or name == "SAMPLE_NEWSWIRE"]:
        del os.environ[name]
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
    """Something for every page: the public one more than those that all know, and {who: (addresses, session)}."""
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


def look_at_all(site: str, browser, rows: tuple, languages: list[str], looks: Looks) -> None:
    """Open every page in these languages, and look; `rows` are those of `make_rows`."""
    from django.conf import settings
    from django.urls import reverse
    from django.utils import translation

    from pledges.models import User
    from pledges.tests.support import public_pages, watched, ways

    more, desks = rows
    web = watched.Web()
    settings.SAMPLE_NEWSWIRE = web.origin
    for language in languages:

        def visitor(session: str = "", language: str = language):
            context = browser.new_context(base_url=site, locale=language, reduced_motion="reduce")
            if session:
                context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.complaints = []
            page.on("console", lambda said: said.type == "error" and page.complaints.append(said.text))
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


def make_sheets(browser, folder: Path) -> None:
    """One picture of all pictures for each look."""
    for look in sorted(path for path in folder.iterdir() if path.is_dir()):
        narrow = "390" in look.name
        pictures = sorted(look.glob("*.png"))
        for start in range(0, len(pictures), 24):
            figures = "".join(
                f"<figure>{html.escape(each.stem)}<img src='{each.resolve().as_uri()}'></figure>"
                for each in pictures[start : start + 24]
            )
            at = look / f"sheet{start // 24}.html"
            at.write_text(SHEET % {"width": 240 if narrow else 470, "height": 620, "figures": figures})
            page = browser.new_page(viewport={"width": 2000, "height": 1000})
            page.goto(at.resolve().as_uri())
            page.screenshot(path=folder / f"sheet-{look.name}-{start // 24}.png", full_page=True)
            page.close()
            at.unlink()


def main() -> int:
    """Look, and print the table; 1 when something was found."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", default="", help="only pages with this in their names")
    options.add_argument("--languages", default="en,es")
    options.add_argument("--pictures", type=Path, help="a folder for pictures")
    chosen = options.parse_args()
    start = time.monotonic()
    found = Looks(chosen.pages, chosen.pictures)
    from playwright.sync_api import sync_playwright

    with tracker() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        look_at_all(site, browser, make_rows(), chosen.languages.split(","), found)
        if chosen.pictures:
            make_sheets(browser, chosen.pictures)
        browser.close()
    print(found.table())
    print(f"{len(found.seen)} pages in four looks each, {time.monotonic() - start:.0f} s", file=sys.stderr)
    return 1 if any(found.found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
