"""Invisible characters in whatever a public page is sent: never an error of the server."""

import itertools

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from pledges.actions import edition_snapshots
from pledges.models import Edition

SENT = ("a%00b", "%ED%A0%80%FF", "%E2%80%AE%F3%A0%81%81%EF%BF%BF")
NAMES = (
    *("q", "topic", "institution", "mandate", "status", "deadline", "headline", "person", "since", "sort", "page"),
    *("on", "edition", "day", "from", "to", "from_edition", "to_edition", "week", "pledge", "lang", "entry", "seen"),
)
ARGUMENTS = {"pledge": "new-prisons", "mandate": "noboa-2023", "indicator": "homicides-per-year", "edition": 1}


@pytest.fixture
def shown(first_edition, db):
    """The addresses of all public pages, which have something to show."""
    edition_snapshots.make(Edition.objects.get())  # a 503 until it is there
    found = set()
    for name in get_resolver().reverse_dict:
        if not isinstance(name, str) or name in ("live", "ready") or name.startswith("newswire"):  # not pages
            continue
        for args in ([], [ARGUMENTS.get(name.partition("_")[0], "some-words")]):
            try:
                found.add(reverse(name, args=args))
            except NoReverseMatch:
                continue
    return sorted(address for address in found if not address.startswith("/admin/"))


def test_in_the_parameters_of_an_address(client, shown):
    for address, sent in itertools.product(shown, SENT):
        query = "&".join(f"{name}={sent}" for name in NAMES)
        assert client.get(f"{address}?{query}&{sent}={sent}").status_code < 500, (address, sent)


def test_in_one_parameter_alone(client, shown):
    where = [reverse(name) for name in ("pledges", "changes", "compare", "alert")]
    for address, name in itertools.product(where, NAMES):
        assert client.get(f"{address}?{name}={SENT[0]}").status_code < 500, (address, name)


def test_in_the_fields_of_a_form(client, shown):
    for address in shown:
        data = dict.fromkeys((*NAMES, "email", "website", "\x00"), "a\x00b\u202e\uffff")
        assert client.post(f"{address}?{SENT[0]}={SENT[0]}", data).status_code < 500, address
        body = "&".join(f"{name}={SENT[1]}" for name in ("email", "website", *SENT))
        answer = client.post(address, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code < 500, address


def test_in_an_address_itself(client, shown):
    for address in shown:
        for part in ("new-prisons", "noboa-2023", "homicides-per-year", "some-words"):
            if part in address:
                assert client.get(address.replace(part, SENT[0])).status_code == 404
        assert client.get(f"{address}{SENT[1]}/").status_code < 500


def test_a_search_is_for_what_one_sees(client, shown):
    plain, dirty = (
        client.get(reverse("pledges"), {"q": q}).content.decode() for q in ("prison", "pri\u200bso\u202en\x00")
    )
    assert 'value="prison"' in dirty
    assert plain.count('href="/en/pledges/new-prisons/"') == dirty.count('href="/en/pledges/new-prisons/"') > 0
