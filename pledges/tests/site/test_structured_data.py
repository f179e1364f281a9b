"""Structured data: the dataset and the updates as schema.org, which no text of a stranger can leave."""

import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from pledges.actions import edition_snapshots, publishing
from pledges.models import Update
from pledges.site.shared import json_ld
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
ATTACK = '</script><script>alert(1)</script><!--<script> & \u2028 "x"'


class Scripts(HTMLParser):
    """The script elements of a page, as a browser reads them: (type, content)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[list[str]] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.inside = tag == "script"
        if self.inside:
            self.seen.append([dict(attributes).get("type", ""), ""])

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.seen[-1][1] += data


def nodes(text: str) -> dict[str, list[dict]]:
    """The nodes of the page's structured data, by their type."""
    ((_type, content),) = [script for script in Scripts(text).seen if script[0]]
    data = json.loads(content)
    assert data["@context"] == "https://schema.org"
    by_type: dict[str, list[dict]] = {}
    for node in data["@graph"]:
        by_type.setdefault(node["@type"], []).append(node)
    return by_type


@pytest.fixture
def pledge():
    row = factories.PublishedPledgeFactory(
        slug="harbour", wording__title_en="Mend the harbour", made_on=date(2023, 12, 1), made_on_precision="month"
    )
    factories.PublishedUpdateFactory(pledge=row, happened_on=date(2024, 3, 1), text_en="Work began.")
    return row


def test_each_update_is_an_article_about_the_pledge_with_its_evidence(client, address, pledge):
    page = f"http://testserver{address('pledge', 'harbour')}"
    found = nodes(client.get(address("pledge", "harbour")).content.decode())
    (article,), (about,), (publisher,) = found["NewsArticle"], found["CreativeWork"], found["NewsMediaOrganization"]
    update = pledge.updates.get()
    assert article["url"] == article["@id"] == f"{page}#u{update.pk}"
    assert article["headline"] == "In progress: Mend the harbour (1 March 2024)"
    assert article["datePublished"] == article["dateModified"] == update.edition.published_at.isoformat()
    assert article["publisher"] == article["author"] == {"@id": publisher["@id"]}
    assert article["about"] == {"@id": about["@id"]}
    assert article["isPartOf"] == {"@id": found["WebPage"][0]["@id"]} == {"@id": page}
    assert article["image"] == "http://testserver/en/pledges/harbour/card.png?edition=2"
    assert [piece["url"] for piece in article["citation"]] == [piece.url for piece in update.evidence.all()]
    assert (about["name"], about["dateCreated"]) == ("Mend the harbour", "2023-12")
    assert "ClaimReview" not in found


def test_a_corrected_update_says_when_it_was_first_published(client, address, pledge):
    update = pledge.updates.get()
    draft = publishing.start_correction(update=update, by=factories.ReporterFactory())
    Update.objects.filter(pk=draft.pk).update(text_en="Work began in March.", correction_note_en="The month.")
    publishing.publish(Update.objects.get(pk=draft.pk), by=factories.EditorFactory())
    (article,) = nodes(client.get(address("pledge", "harbour")).content.decode())["NewsArticle"]
    corrected = Update.objects.get(pk=draft.pk)
    assert article["description"] == "Work began in March."
    assert article["datePublished"] == update.edition.published_at.isoformat()
    assert article["dateModified"] == corrected.edition.published_at.isoformat()
    pinned = client.get(address("pledge", "harbour") + "?edition=2").content.decode()
    (article,) = nodes(pinned)["NewsArticle"]
    assert article["url"].startswith(f"http://testserver{address('pledge', 'harbour')}?edition=2#u")


def test_the_downloads_are_a_dataset_of_the_edition(client, address, pledge):
    row = factories.NewsroomFactory()
    row.data_licence, row.data_licence_url = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"
    row.save()
    edition_snapshots.make(publishing.record_change(row, by=factories.EditorFactory()))
    (dataset,) = nodes(client.get(address("data")).content.decode())["Dataset"]
    assert (dataset["version"], dataset["license"]) == ("3", row.data_licence_url)
    assert dataset["inLanguage"] == ["en", "es"]
    assert dataset["temporalCoverage"].startswith("2023-12/")
    assert len(dataset["description"]) >= 50
    downloads = {each["encodingFormat"]: each["contentUrl"] for each in dataset["distribution"]}
    assert {"text/csv", "application/json", "application/jsonl"} <= set(downloads)
    for media_type, url in downloads.items():
        answer = client.get(url.removeprefix("http://testserver"))
        assert answer.status_code == 200 and answer["Content-Type"].startswith(media_type)


def test_without_a_pledge_there_is_no_dataset(client, address):
    assert "ld+json" not in client.get(address("data")).content.decode()


def test_no_text_ends_the_element_or_begins_another(client, address):
    row = factories.PublishedPledgeFactory(slug="harbour", wording__title_en=ATTACK, mandate__person=ATTACK)
    factories.PublishedUpdateFactory(pledge=row, text_en=ATTACK)
    text = client.get(address("pledge", "harbour")).content.decode()
    found = nodes(text)
    assert found["CreativeWork"][0]["name"] == found["NewsArticle"][0]["description"] == ATTACK
    assert "alert(1)" not in "".join(content for kind, content in Scripts(text).seen if not kind)
    inside = re.search(r"ld\+json\">(.*?)</script>", text, re.DOTALL)[1]
    assert not set("<>&\u2028\u2029") & set(inside)


def test_empty_values_are_left_out():
    node = {"a": "", "b": None, "c": [], "d": {"e": ""}, "f": [{"g": ""}, {"h": 0}], "i": False}
    assert json_ld.compact(node) == {"f": [{}, {"h": 0}], "i": False}
