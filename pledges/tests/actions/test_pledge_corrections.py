"""A mistake in the day, the mandate or the address of a public pledge is corrected in the open, in an edition."""

import html
import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from pledges.actions import errors, publishing, retraction, scheduling
from pledges.actions import pledge_corrections as actions
from pledges.jobs.mail import reader_alerts
from pledges.models import Alert, Edition, Pledge, PledgeCorrection
from pledges.queries import pulse
from pledges.queries.search import fulltext
from pledges.queries.standings import standings
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
ROUTES = ("pledge", "pledge_embed", "pledge_card", "pledge_json", "pledge_csv", "pledge_feed", "pledge_calendar")


@pytest.fixture
def pledge():
    mandate = factories.MandateFactory(slug="vega-2021", person="Ana Vega", starts_on=date(2021, 5, 24))
    pledge = factories.PublishedPledgeFactory(
        slug="harbor", mandate=mandate, made_on=date(2023, 12, 5), wording__title_en="Mend the harbour"
    )
    factories.PublishedUpdateFactory(pledge=pledge, text_en="Stones arrived.")
    return pledge


def draft_of(pledge, **values):
    """The draft of a correction by an editor, with a note in English."""
    draft = actions.start_pledge_correction(pledge=pledge, by=factories.EditorFactory())
    for name, value in {"note_en": "We had mistyped it.", **values}.items():
        setattr(draft, name, value)
    draft.save()
    return draft


def correct(pledge, **values):
    """Publish a correction, by another editor; the edition."""
    edition = publishing.publish(draft_of(pledge, **values), by=factories.EditorFactory())
    pulse.refresh()
    return edition


def read(client, url, status=200):
    response = client.get(url)
    assert response.status_code == status, response
    return html.unescape(response.content.decode())


def problems(pledge, **values):
    with pytest.raises(errors.Refused) as caught:
        correct(pledge, **values)
    return caught.value.messages


# --- what readers see


def test_the_pledge_the_log_and_the_edition_say_what_it_was_what_it_is_and_why(client, address, pledge):
    noboa = factories.MandateFactory(slug="noboa-2023", person="Daniel Noboa")
    edition = correct(pledge, slug="harbour", mandate=noboa, made_on=date(2023, 11, 30))
    page = read(client, address("pledge", "harbour"))
    assert "30 November 2023" in page
    assert "Daniel Noboa" in page
    assert f"Corrected in edition {edition.number}" in page
    log = read(client, address("corrections"))
    for old, new in (
        ("5 December 2023", "30 November 2023"),
        ("Ana Vega, President of the Republic, 2021–25", "Daniel Noboa, President of the Republic, 2023–25"),
        ("/en/pledges/harbor/", "/en/pledges/harbour/"),
    ):
        assert f"<del>{old}</del>" in log
        assert f"<ins>{new}</ins>" in log
    assert "We had mistyped it." in log
    items = {(item.kind, item.action) for item in edition.items.all()}
    assert items == {("pledgecorrection", "corrected"), ("pledge", "corrected")}
    assert f'href="{address("pledge", "harbour")}"' in read(client, address("edition", edition.number))
    spanish = read(client, address("corrections", language="es"))
    assert "/es/promesas/harbor/" in spanish
    assert '<span lang="en">We had mistyped it.</span>' in spanish


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("route", ROUTES)
def test_an_old_address_leads_to_the_new_one_for_good(client, address, pledge, route, language):
    correct(pledge, slug="harbour")
    for query in ("", "?edition=1", "?on=2024-07-05&edition=2", "?utm_source=newsletter&theme=dark"):
        response = client.get(address(route, "harbor", language=language) + query)
        assert (response.status_code, response["Location"]) == (
            301,
            address(route, "harbour", language=language) + query,
        )
        assert response["Cache-Control"] == "no-cache"  # it may get its address back: see below
        if not query.startswith("?utm"):
            assert client.get(response["Location"]).status_code == 200


def test_a_page_pinned_to_an_earlier_edition_is_as_it_was(client, address, pledge):
    pinned = f"{address('pledge', 'harbor')}?edition=2"
    before = read(client, pinned)
    data = json.loads(read(client, f"{address('pledge_json', 'harbor')}?edition=2"))
    noboa = factories.MandateFactory(slug="noboa-2023", person="Daniel Noboa")
    correct(pledge, slug="harbour", mandate=noboa, made_on=date(2023, 11, 30))
    response = client.get(pinned, follow=True)
    after = html.unescape(response.content.decode())
    assert response.redirect_chain == [(f"{address('pledge', 'harbour')}?edition=2", 301)]
    for still in ("5 December 2023", "Ana Vega", "/en/pledges/harbor/?edition=2"):
        assert still in before
        assert still in after
    for new in ("30 November 2023", "Daniel Noboa", "Corrected in edition"):
        assert new not in after
    cited = [line for line in before.splitlines() if "edition 2 of" in line]
    assert cited
    assert cited == [line for line in after.splitlines() if "edition 2 of" in line]
    assert json.loads(read(client, f"{address('pledge_json', 'harbour')}?edition=2")) == data
    assert data["made_on"] == "2023-12-05"


def test_the_data_say_what_it_is_and_what_was_corrected(client, address, pledge):
    edition = correct(pledge, slug="harbour", made_on=date(2023, 11, 30), made_on_precision="by")
    data = json.loads(read(client, address("pledge_json", "harbour")))
    assert (data["slug"], data["made_on"], data["made_on_precision"]) == ("harbour", "2023-11-30", "by")
    [told] = data["corrections"]
    assert told["edition"] == edition.number
    assert told["before"] == {
        "slug": "harbor",
        "mandate": "vega-2021",
        "made_on": "2023-12-05",
        "made_on_precision": "day",
    }
    assert told["after"]["slug"] == "harbour"
    assert told["note_en"] == "We had mistyped it."


def test_the_mandates_count_it_where_it_belongs_and_did_in_each_edition(client, address, pledge):
    noboa = factories.MandateFactory(slug="noboa-2023", person="Daniel Noboa")
    edition = correct(pledge, mandate=noboa)
    title = "Mend the harbour"
    assert title in read(client, address("mandate", "noboa-2023"))
    assert title not in read(client, address("mandate", "vega-2021"))
    assert title in read(client, f"{address('mandate', 'vega-2021')}?edition={edition.number - 1}")
    assert title in read(client, f"{address('pledges')}?mandate=noboa-2023")
    assert fulltext.find("Noboa")[0]
    assert not fulltext.find("Vega")[0]


def test_what_changed_between_the_editions_says_so(client, address, pledge):
    edition = correct(pledge, made_on=date(2023, 11, 30))
    query = f"?from_edition={edition.number - 1}&to_edition={edition.number}"
    text = read(client, address("changes") + query)
    assert "was corrected" in text
    assert "Said on: it said 5 December 2023, it says 30 November 2023." in text
    [change] = json.loads(read(client, address("changes_json") + query))["changes"]
    assert (change["kind"], change["details"][0]) == ("corrected", "We had mistyped it.")


def test_feeds_have_the_correction_and_keep_the_ids_and_links_of_what_they_had(client, address, pledge):
    def entries(slug):
        text = read(client, address("pledge_feed", slug))
        found = [part.split("</entry>")[0] for part in text.split("<entry>")[1:]]
        return text.split("<id>")[1].split("</id>")[0], {
            part.split("<id>")[1].split("</id>")[0]: part.split('href="')[1].split('"')[0] for part in found
        }

    feed, before = entries("harbor")
    correct(pledge, slug="harbour")
    same_feed, after = entries("harbour")
    assert same_feed == feed
    assert before.items() <= after.items()
    [new] = after.keys() - before.keys()
    assert ":pledgecorrection:" in new
    assert "/en/pledges/harbour/?edition=3" in after[new]
    assert "Corrected: Mend the harbour" in read(client, address("pledges_feed"))
    assert "Corrected: Mend the harbour" in read(client, address("changes_feed"))


def test_a_search_that_the_pledge_leaves_tells_of_it_once_more(client, address, pledge):
    factories.PublishedPledgeFactory(mandate=pledge.mandate)
    correct(pledge, mandate=factories.MandateFactory(slug="noboa-2023"))
    feed = read(client, f"{address('pledges_feed')}?mandate=vega-2021")
    assert "Corrected: Mend the harbour" in feed


def test_alerts_of_the_pledge_follow_it_and_tell_of_it(pledge):
    alert = Alert.objects.create(
        email="reader@example.org", language="en", kind="pledge", query="harbor", created_at=timezone.now()
    )
    edition = correct(pledge, slug="harbour")
    alert.refresh_from_db()
    assert alert.query == "harbour"
    changes = reader_alerts.Changes(edition.number - 1, edition.number, timezone.localdate())
    [section] = reader_alerts.sections(changes.matching("pledge", "harbour"), until=edition.number)
    words = [line.words for line in section.lines]
    assert "Correction: We had mistyped it." in words
    assert "Address: it said /en/pledges/harbor/, it says /en/pledges/harbour/." in words


def test_an_alert_can_be_asked_for_at_the_old_address(client, address, pledge):
    correct(pledge, slug="harbour")
    assert "Mend the harbour" in read(client, f"{address('alert')}?pledge=harbor")


def test_the_sitemap_has_the_new_address_only(client, pledge):
    correct(pledge, slug="harbour")
    text = read(client, "/sitemap-pledges.xml")
    assert "/en/pledges/harbour/" in text
    assert "/harbor/" not in text


def test_a_pledge_may_take_its_address_back(client, address, pledge):
    correct(pledge, slug="harbour")
    correct(pledge, slug="harbor")
    assert "Mend the harbour" in read(client, address("pledge", "harbor"))
    assert client.get(address("pledge", "harbour"))["Location"] == address("pledge", "harbor")
    assert client.get(f"{address('pledge', 'harbour')}?edition=3")["Location"].startswith(address("pledge", "harbor"))
    assert publishing.verify() == []


def test_of_a_pledge_that_was_retracted_later_the_old_address_says_so_too(client, address, pledge):
    correct(pledge, slug="harbour")
    draft = retraction.start_retraction(pledge=pledge, by=factories.EditorFactory())
    draft.note_en = "It was never said."
    draft.save()
    publishing.publish(draft, by=factories.PublisherFactory())
    pulse.refresh()
    response = client.get(address("pledge", "harbor"), follow=True)
    assert response.status_code == 410
    assert publishing.verify() == []


# --- the chain


def test_every_edition_still_verifies(pledge):
    indicator = factories.IndicatorFactory()
    indicator.pledges.add(pledge)
    publishing.record_change(indicator, by=factories.EditorFactory())
    correct(pledge, slug="harbour", made_on=date(2023, 11, 30))
    assert publishing.verify() == []
    factories.PublishedUpdateFactory(pledge=Pledge.objects.get(pk=pledge.pk))
    correct(pledge, slug="old-harbour", mandate=factories.MandateFactory())
    publishing.record_change(indicator, by=factories.EditorFactory())
    assert publishing.verify() == []


def test_the_table_of_an_earlier_edition_has_what_it_said(pledge):
    edition = correct(pledge, slug="a-harbour", made_on=date(2023, 11, 30))
    factories.PublishedPledgeFactory(slug="b-road")
    for number, slug, day in (
        (edition.number - 1, "harbor", date(2023, 12, 5)),
        (edition.number, "a-harbour", date(2023, 11, 30)),
    ):
        [stood] = [each for each in standings(number, timezone.localdate()) if each.pledge == pledge]
        assert (stood.pledge.slug, stood.pledge.made_on) == (slug, day)
    # On a day on which it was said by what stands now, but not by what the earlier edition had.
    assert standings(edition.number, date(2023, 12, 1))
    assert not standings(edition.number - 1, date(2023, 12, 1))


# --- what is refused


def test_nothing_changed_or_no_reason_is_refused(pledge):
    [problem] = problems(pledge)
    assert problem.startswith("Change the day, the mandate or the address")
    [problem] = problems(pledge, slug="harbour", note_en="")
    assert problem == "Say what was wrong, in at least one language."


def test_a_day_that_contradicts_what_is_published_is_refused_with_what_there_is(pledge):
    [problem] = problems(pledge, made_on=timezone.localdate() + timedelta(days=1), made_on_precision="by")[:1]
    assert "in the future" in problem
    found = problems(pledge, made_on=date(2024, 7, 2), made_on_precision="day")
    assert any("source document is of 5 December 2023" in problem for problem in found)
    assert any("before this day: 1 July 2024." in problem for problem in found)


def test_a_deadline_that_would_be_over_before_is_refused():
    pledge = factories.PublishedPledgeFactory(
        source_document__published_on=date(2024, 12, 31),
        wording__deadline=date(2024, 1, 1),
        wording__deadline_precision="month",
    )
    assert any("Its deadline, January 2024" in problem for problem in problems(pledge, made_on=date(2024, 2, 1)))
    correct(pledge, made_on=date(2024, 1, 31))


def test_a_mandate_that_carries_it_or_is_closed_is_refused(pledge):
    later = factories.MandateFactory(starts_on=date(2025, 5, 24), ends_on=date(2025, 5, 25))
    pledge.carried_into.add(later)
    assert any("is carried into this mandate" in problem for problem in problems(pledge, mandate=later))
    pledge.carried_into.clear()
    later.closed_on = date(2025, 6, 1)
    later.save()
    assert any("closed" in problem for problem in problems(pledge, mandate=later))


def test_an_address_of_another_pledge_is_refused_also_one_that_it_had_once_or_of_a_draft(pledge):
    other = factories.PublishedPledgeFactory(slug="road")
    draft = factories.PledgeFactory(slug="bridge")
    correct(other, slug="highway")
    for slug in ("road", "highway", draft.slug, "feed"):
        [problem] = problems(pledge, slug=slug)
        assert "address" in problem
        PledgeCorrection.objects.filter(pledge=pledge).exclude(state="published").delete()


def test_who_wrote_it_does_not_publish_it(pledge):
    author = factories.EditorFactory()
    draft = actions.start_pledge_correction(pledge=pledge, by=author)
    draft.slug, draft.note_en = "harbour", "Mistyped."
    draft.save()
    with pytest.raises(errors.Refused, match="two pairs of eyes"):
        publishing.publish(draft, by=author)
    assert Pledge.objects.get(pk=pledge.pk).slug == "harbor"


def test_a_draft_is_changed_on_its_own_page_and_a_retracted_pledge_not_at_all(pledge):
    by = factories.EditorFactory()
    with pytest.raises(errors.Refused, match="on its own page"):
        actions.start_pledge_correction(pledge=factories.PledgeFactory(), by=by)
    draft = retraction.start_retraction(pledge=pledge, by=by)
    draft.note_en = "It was never said."
    draft.save()
    publishing.publish(draft, by=factories.PublisherFactory())
    with pytest.raises(errors.Refused, match="retracted"):
        actions.start_pledge_correction(pledge=pledge, by=by)


def test_when_something_fails_all_of_it_is_undone(pledge, monkeypatch):
    draft, editions = draft_of(pledge, slug="harbour"), Edition.objects.count()
    monkeypatch.setattr(fulltext, "index", lambda _pledges: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        publishing.publish(draft, by=factories.EditorFactory())
    draft.refresh_from_db()
    assert (draft.state, Pledge.objects.get(pk=pledge.pk).slug) == ("draft", "harbor")
    assert Edition.objects.count() == editions


def test_it_goes_out_at_a_set_time(pledge):
    draft, by = draft_of(pledge, slug="harbour"), factories.EditorFactory()
    scheduling.schedule(item=draft, by=by, at=timezone.now() + timedelta(hours=1))
    later = timezone.now() + timedelta(hours=2)
    assert ("pledgecorrection", draft.pk) in list(scheduling.due_for_publication(now=later))
    assert scheduling.publish_if_due(kind="pledgecorrection", pk=draft.pk, now=later)
    assert Pledge.objects.get(pk=pledge.pk).slug == "harbour"
