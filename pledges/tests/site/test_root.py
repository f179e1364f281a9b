"""The addresses beside the pages: icon, robots, security.txt and the web manifest."""

import struct
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils import timezone
from protego import Protego

from pledges.tests.support import factories
from pledges.watch.web import robots


def test_the_icon_is_found_where_browsers_ask_for_it(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"].endswith(".svg")


def test_crawlers_are_kept_from_the_desk_and_the_samples_only(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain"
    rules = Protego.parse(answer.content.decode())
    allowed = {
        path: rules.can_fetch(f"https://x.example{path}", "Somebot") for path in ("/en/", "/admin/", "/newswire/")
    }
    assert allowed == {"/en/": True, "/admin/": False, "/newswire/": False}


def test_the_watch_may_read_the_samples(client):
    rules = client.get("/robots.txt").content.decode()
    assert robots.allows(rules, "https://x.example/newswire/feed.atom")
    assert not robots.allows(rules, "https://x.example/admin/")


# --- security.txt and the web manifest ------------------------------------------------------------------------------


def test_security_txt_names_the_operator_the_newsroom_and_a_day_within_a_year(client, db, settings):
    factories.NewsroomFactory(contact_email="desk+news@example.org", language="es")
    settings.CONTACT_EMAIL, settings.SITE_URL = "operator@example.org", "https://pledges.example.org"
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = [line.split(": ", 1) for line in response.content.decode().splitlines()]
    assert [value for name, value in lines if name == "Contact"] == [
        "mailto:operator@example.org",
        "mailto:desk%2Bnews@example.org",
    ]
    fields = dict(lines)
    left = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=30) < left < timedelta(days=365)
    assert fields["Preferred-Languages"] == "es, en"
    assert fields["Canonical"] == "https://pledges.example.org/.well-known/security.txt"


def test_where_nobody_can_be_written_to_there_is_no_security_txt(client, db):
    assert client.get("/.well-known/security.txt").status_code == 404


def test_the_manifest_is_the_newsrooms_and_its_icons_are_there(client, db):
    factories.NewsroomFactory(name_es="Registro de promesas del Ecuador", language="es", accent="#0a4f8f")
    page = client.get("/en/")
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page.content.decode()
    assert "manifest-src 'self'" in page["Content-Security-Policy"]
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert (manifest["name"], manifest["short_name"]) == ("Registro de promesas del Ecuador", "Registro de")
    assert (manifest["lang"], manifest["start_url"], manifest["theme_color"]) == ("es", "/es/", "#0a4f8f")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        body = Path(finders.find(icon["src"].removeprefix("/static/"))).read_bytes()
        if icon["type"] == "image/png":
            assert "{}x{}".format(*struct.unpack(">II", body[16:24])) == icon["sizes"]
    assert finders.find("apple-touch-icon.png")
