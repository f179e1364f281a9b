"""The picture of a search: its words, its choices and its tally; and that it is no way to load the server."""

import re
from datetime import date

import pytest

from pledges.site.cards import pictures
from pledges.site.cards.drawing import Drawing
from pledges.site.shared import limits
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(monkeypatch):
    """The texts of each picture; none is made of them."""
    seen = []
    note = lambda card: seen.append([label.text for label in card.labels if label.text]) or b""  # noqa: E731
    monkeypatch.setattr(Drawing, "png", note)
    return seen


@pytest.fixture
def pledges():
    mandate = factories.MandateFactory(person="Ana Paz")
    for title, status in (("Mend the harbour", "kept"), ("Widen the harbour", ""), ("Build a school", "kept")):
        row = factories.PublishedPledgeFactory(wording__title_en=title, mandate=mandate)
        if status:
            factories.PublishedUpdateFactory(pledge=row, happened_on=date(2024, 7, 1), status=status)


def texts(client, address, drawn, query=""):
    response = client.get(address("pledges_card") + query)
    assert response.status_code == 200, response.content
    return drawn[-1]


def test_it_says_what_was_searched_for_and_how_many_fit(client, address, drawn, pledges):
    shown = texts(client, address, drawn, "?q=harbour&status=kept")
    assert "“harbour” · Kept" in shown
    assert "1 of 3 pledges fits" in shown
    assert "1 kept" in shown
    assert "2 of 3 pledges fit" in texts(client, address, drawn, "?status=kept")
    assert "“harbour”" in texts(client, address, drawn, "?q=harbuor")  # what was searched for instead
    assert "2 of 3 pledges have some of these words" in texts(client, address, drawn, "?q=harbour+crocodile+kept")
    assert "0 of 3 pledges fit" in texts(client, address, drawn, "?q=crocodile")
    whole = texts(client, address, drawn)
    assert "3 pledges" in whole and "Ana Paz" in whole


def test_the_page_names_it_with_its_words_and_edition_but_not_its_order_or_page(client, address, pledges):
    text = client.get(address("pledges") + "?q=harbour&sort=title&page=1&on=2024-07-02").content.decode()
    (image,) = re.findall(r'property="og:image" content="([^"]*)"', text)
    assert image == "http://testserver/en/pledges/card.png?q=harbour&amp;on=2024-07-02&amp;edition=5"
    (alt,) = re.findall(r'property="og:image:alt" content="([^"]*)"', text)
    assert alt.startswith("“harbour”. 2 of 3 pledges fit. 1 kept, 1 not yet rated. ")
    assert alt.endswith("as of 2 July 2024.")
    assert "<title>“harbour” · Pledges · " in text


def test_an_unknown_value_is_an_error(client, address, drawn, pledges):
    response = client.get(address("pledges_card") + "?topic=nothing")
    assert response.status_code == 422
    assert response.content.decode().startswith("topic: ")
    assert not drawn


def test_how_often_they_are_drawn_is_limited(client, address, drawn, pledges, monkeypatch):
    monkeypatch.setattr(pictures, "DRAWN_FOR_ONE", 2)
    monkeypatch.setattr(pictures, "DRAWN_FOR_ALL", 3)
    monkeypatch.setattr(limits, "time", lambda: 60.0)
    get = lambda query, ip: client.get(address("pledges_card") + query, REMOTE_ADDR=ip)  # noqa: E731
    assert [get(f"?q={word}", "192.0.2.1").status_code for word in ("a", "b", "c")] == [200, 200, 429]
    refused = get("?status=kept", "192.0.2.1")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert get("?status=kept", "192.0.2.2").status_code == 200
    assert get("?status=broken", "192.0.2.3").status_code == 429  # all together
    assert get("?status=kept", "192.0.2.3").status_code == 200  # kept in the cache
    assert len(drawn) == 3
    monkeypatch.setattr(limits, "time", lambda: 120.0)
    assert get("?status=broken", "192.0.2.3").status_code == 200


def test_a_picture_of_words_is_drawn_once_and_not_sent_twice(client, address, drawn, pledges):
    first = client.get(address("pledges_card") + "?q=harbour")
    again = client.get(address("pledges_card") + "?q=harbour", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert client.get(address("pledges_card") + "?q=harbour").status_code == 200
    assert len(drawn) == 1


def test_while_the_broker_is_away_each_process_counts(client, address, drawn, pledges, broker_away, monkeypatch):
    monkeypatch.setattr(pictures, "DRAWN_FOR_ONE", 1)
    cards = [client.get(address("pledges_card") + f"?q=word{number}") for number in range(2)]
    assert [card.status_code for card in cards] == [200, 429]
