"""Every address of the site that the guides name leads to a page."""

import re

import pytest
from django.urls import translate_url

from bench import rooms
from pledges.actions import edition_snapshots
from pledges.domain.languages import LANGUAGES
from pledges.models import Edition
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
BOTH = {"data.md", "pledge-data.md"}  # whose addresses are there in the other language too
SITE = "en|es|admin|healthz|readyz|robots.txt|sitemap.xml|newswire"
ADDRESS = re.compile(rf"[`(](/(?:{SITE})(?:/[^`)\s]*)?)[`)]")


def named() -> set[tuple[str, str]]:
    """(guide, address) of each."""
    guides = [*rooms.ROOT.glob("docs/*.md"), rooms.ROOT / "README.md"]
    return {(guide.name, found) for guide in guides for found in ADDRESS.findall(guide.read_text(encoding="utf-8"))}


def tried(address: str) -> str:
    """The address with what exists in the first data set in place of a placeholder, an edition and a week."""
    for kind, slug in (("mandates", "noboa-2023"), ("indicators", "unemployment")):
        address = address.replace(f"/{kind}/<slug>/", f"/{kind}/{slug}/")
    address = re.sub(r"\?…$", "?q=prison", address).replace("/<slug>/", "/new-prisons/")
    address = re.sub(r"/(editions|ediciones)/\d+", r"/\1/1", address)
    return re.sub(r"\d{4}-W\d\d", "2024-W01", address)


def test_every_address_that_a_guide_names_leads_to_a_page(first_edition, client, settings):
    settings.SAMPLE_NEWSWIRE = "http://testserver"
    client.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
    addresses = named()
    edition_snapshots.make(Edition.objects.get())
    assert len(addresses) > 25 and {guide for guide, _address in addresses} > {"data.md", "pledge-data.md"}
    addresses |= {
        (guide, translate_url(tried(address), code))
        for guide, address in addresses
        if guide in BOTH
        for code in LANGUAGES
    }
    answers = {(guide, address): client.get(tried(address), follow=True).status_code for guide, address in addresses}
    assert {where: status for where, status in answers.items() if status != 200 and "/readyz" not in where} == {}
