"""The answers of the API as dictionaries: what each says, of which edition and day, and how a list is walked."""

from datetime import date, timedelta

import pytest
from django.http import Http404
from django.utils import timezone, translation

from pledges.actions import closing, publishing
from pledges.queries import asof, pulse
from pledges.queries.asof import InvalidPeriod, NoSuchEdition
from pledges.site.api import answers, requests
from pledges.site.api.merged_languages import DifferentContent
from pledges.site.pledges.data import SUMMARY
from pledges.tests.actions.test_retraction import retract
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledges():
    """Edition 1 and 4 publish a pledge, 2 and 3 an update of the first."""
    ports = factories.TopicFactory(slug="ports")
    mended = factories.PublishedPledgeFactory(slug="harbour", topics=[ports], wording__title_en="Mend the harbour")
    factories.PublishedUpdateFactory(pledge=mended, happened_on=date(2024, 3, 1), status="in_progress")
    factories.PublishedUpdateFactory(pledge=mended, happened_on=date(2024, 7, 1), status="kept", text_en="It stands.")
    other = factories.PublishedPledgeFactory(slug="lighthouse", wording__title_en="Paint the lighthouse")
    return mended, other


def ask(**values):
    return requests.of_values(origin="https://pledges.example.org", **values)


def slugs(answer):
    return [row["slug"] for row in answer["results"]]


def test_pledges_with_the_filters_and_the_search_of_the_list(pledges):
    found = answers.pledges(ask())
    assert (slugs(found), found["count"], found["next"]) == (["harbour", "lighthouse"], 2, None)
    assert list(found["results"][0]) == SUMMARY
    assert slugs(answers.pledges(ask(status=["kept", "broken"], topic="ports"))) == ["harbour"]
    assert slugs(answers.pledges(ask(q="paint"))) == ["lighthouse"]


def test_one_pledge_as_of_an_edition_and_of_a_day(pledges):
    assert answers.pledge(ask(), "harbour")["status"] == "kept"
    then = answers.pledge(ask(edition=2), "harbour")
    assert (then["status"], then["edition"]) == ("in_progress", 2)
    assert then["url_es"] == "https://pledges.example.org/es/promesas/harbour/?edition=2"
    assert answers.pledge(ask(on="2024-05-01"), "harbour")["status"] == "in_progress"


def test_what_is_not_public_and_what_cannot_be_asked(pledges):
    for wrong, field in [({"on": "tomorrow"}, "on"), ({"limit": 0}, "limit"), ({"cursor": "x"}, "cursor")]:
        with pytest.raises(InvalidPeriod) as error:
            ask(**wrong)
        assert error.value.field == field
    with pytest.raises(NoSuchEdition):
        ask(edition=99)
    with pytest.raises(Http404):
        answers.pledge(ask(), "moon")
    with pytest.raises(Http404):
        answers.pledge(ask(edition=3), "lighthouse")


def test_a_retracted_pledge_is_there_as_of_earlier_editions_only(pledges):
    retract(pledges[1])
    with pytest.raises(answers.RetractedPledge):
        answers.pledge(ask(), "lighthouse")
    assert answers.pledge(ask(edition=4), "lighthouse")["retracted"]["edition"] == 5


def test_updates_and_evidence_the_latest_first(pledges):
    found = answers.updates(ask())
    assert [row["happened_on"] for row in found["results"]] == ["2024-07-01", "2024-03-01"]
    assert {row["pledge"] for row in found["results"]} == {"harbour"}
    assert answers.updates(ask(pledge="lighthouse"))["count"] == 0
    pieces = answers.evidence(ask(pledge="harbour"))["results"]
    assert [piece["update"] for piece in pieces] == [row["update"] for row in found["results"]]
    with pytest.raises(InvalidPeriod):
        answers.updates(ask(pledge="moon"))


def test_changes_in_both_languages(pledges):
    found = answers.changes(ask(from_edition=2, to_edition=3))
    [change] = found["results"]
    assert (change["kind"], change["before"], change["after"]) == ("status", "in_progress", "kept")
    assert change["sentence_en"] != change["sentence_es"]
    assert change["url_es"].endswith("/es/promesas/harbour/?edition=3")
    between_days = answers.changes(ask(since="2024-06-01", to="2024-08-01", edition=2))
    assert between_days["count"] == 0, "edition 2 does not know it"
    assert between_days["to"] == {"day": "2024-08-01", "edition": 2}


def test_changes_by_what_an_edition_says_know_no_later_mandates_and_closings(pledges):
    first, second = (pledge.mandate for pledge in pledges)
    later = factories.MandateFactory(slug="later", starts_on=date(2025, 5, 24), ends_on=None)
    publishing.record_change(later, by=factories.EditorFactory())
    closing.close_mandate(mandate=first, by=factories.EditorFactory())
    pulse.refresh()

    def events(**period):
        found = answers.changes(ask(**period))["results"]
        return {(row["mandate"], row["event"]) for row in found if row["kind"] == "mandate"}

    ended = {(first.slug, "ended"), (second.slug, "ended")}
    days = {"since": "2025-05-01"}
    assert events(**days, edition=1) == {(first.slug, "ended")}
    assert events(**days, edition=4) == ended
    assert events(**days, edition=5) == {*ended, ("later", "began")}
    assert events(**days) == events(**days, edition=6) == {*ended, ("later", "began"), (first.slug, "closed")}
    assert events(from_edition=4, to_edition=5) == set()
    assert events(from_edition=5, to_edition=6) == {(first.slug, "closed")}


def test_the_last_day_of_an_edition_is_none_after_the_one_that_is_asked_on(pledges):
    """A walk through changes between editions keeps the day of its first part, whatever is published on later days."""
    today = timezone.localdate()
    for day in (today, today - timedelta(days=1)):
        assert (asof.left_on(4, day), asof.left_on(3, day)) == (day, day)
    assert asof.left_on(3, today + timedelta(days=1)) == today


def test_changes_are_read_again_if_something_was_saved_between_the_languages(pledges, monkeypatch):
    whole, read = answers.changes(ask(from_edition=0)), answers.change_views.Shown.__init__

    def read_less_once(self, *args):
        read(self, *args)
        monkeypatch.setattr(answers.change_views.Shown, "__init__", read)
        self.changes = self.changes[1:]

    monkeypatch.setattr(answers.change_views.Shown, "__init__", read_less_once)
    assert answers.changes(ask(from_edition=0)) == whole


def test_no_text_of_a_change_loses_a_language_silently(pledges, monkeypatch):
    as_data = answers.change_views.as_data

    def with_a_new_text(*args, **more):
        return as_data(*args, **more) | {"new": translation.get_language()}

    monkeypatch.setattr(answers.change_views, "as_data", with_a_new_text)
    with pytest.raises(DifferentContent, match="'en' differs"):
        answers.changes(ask(from_edition=0))


def test_search_says_where_it_found_the_words(pledges):
    found = answers.search(ask(q="harbuor"))
    assert slugs(found) == ["harbour"]
    assert found["corrections"] == [{"typed": "harbuor", "searched_for": "harbour"}]
    assert any("<mark>" in passage["html"] for row in found["results"] for passage in row["passages"])


def test_editions_mandates_and_indicators(pledges):
    assert [row["number"] for row in answers.editions(ask())["results"]] == [4, 3, 2, 1]
    edition = answers.edition(ask(), 3)
    assert [(row["kind"], row["pledge"]) for row in edition["results"]] == [("update", "harbour")]
    with pytest.raises(Http404):
        answers.edition(ask(edition=2), 3)
    mandate = answers.mandate(ask(), pledges[0].mandate.slug)
    assert (mandate["pledges"], mandate["tally"]) == (1, {"kept": 1})
    assert slugs(answers.mandates(ask(edition=1))) == [pledges[0].mandate.slug], "the other came with edition 4"
    assert answers.indicators(ask())["results"] == []
