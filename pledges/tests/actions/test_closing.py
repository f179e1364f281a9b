"""The end of a mandate, decision by decision, and of the tracker: both are said to readers, and both can be undone."""

import html
from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from pledges import jobs
from pledges.actions import closing, errors, leads, leases, publishing, retraction, watch
from pledges.models import Article, Edition, Lead, Newsroom, Update
from pledges.queries import pulse
from pledges.queries.mandate_closing import last_decisions
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
END = date(2025, 5, 24)
LATER = END + timedelta(days=30)


@pytest.fixture
def mandate():
    return factories.MandateFactory(slug="first", person="Ana First", starts_on=date(2023, 11, 23), ends_on=END)


@pytest.fixture
def second():
    return factories.MandateFactory(slug="second", person="Ana First", starts_on=END + timedelta(days=1), ends_on=None)


@pytest.fixture
def pending(mandate):
    return factories.PublishedPledgeFactory(slug="pending", mandate=mandate, wording__title_en="Dredge the port")


@pytest.fixture
def kept(mandate):
    pledge = factories.PublishedPledgeFactory(slug="kept", mandate=mandate, wording__title_en="Mend the harbour")
    factories.PublishedUpdateFactory(pledge=pledge, status="kept")
    return pledge


def decisions(mandate):
    return {one.pledge.slug: one.decision for one in last_decisions(mandate, timezone.localdate())}


def read(client, url, status=200):
    pulse.refresh()  # as after a commit
    response = client.get(url)
    assert response.status_code == status
    return html.unescape(response.content.decode())


def page(mandate):
    return reverse("admin:pledges_mandate_close", args=[mandate.pk])


# --- what decides


def test_a_verdict_is_a_decision_and_what_is_pending_waits(mandate, pending, kept):
    assert decisions(mandate) == {"pending": "", "kept": "settled"}
    for status in ("in_progress", "unclear", "not_started"):
        update = {"status": status, "happened_on": END - timedelta(days=1), "reason_detail_en": "Nobody knows."}
        factories.PublishedUpdateFactory(pledge=pending, **update)
        assert decisions(mandate)["pending"] == "", status


def test_an_update_of_the_last_day_decides_once_it_is_published(mandate, pending):
    draft = closing.start_final_update(pledge=pending, mandate=mandate, by=factories.ReporterFactory())
    assert (draft.happened_on, draft.status, draft.state) == (END, "not_started", "draft")
    assert closing.start_final_update(pledge=pending, mandate=mandate, by=factories.EditorFactory()) == draft
    (waiting,) = last_decisions(mandate, timezone.localdate())
    assert (waiting.decision, waiting.draft) == ("", draft)
    factories.EvidenceFactory(update=draft)
    draft.text_en = "Nothing was done."
    draft.save()
    publishing.publish(draft, by=factories.EditorFactory())
    assert decisions(mandate) == {"pending": "told"}


def test_the_final_update_begins_with_the_status_that_the_pledge_has(mandate, pending):
    factories.PublishedUpdateFactory(
        pledge=pending, status="stalled", failure_reason="blocked", reason_detail_en="By the court."
    )
    draft = closing.start_final_update(pledge=pending, mandate=mandate, by=factories.ReporterFactory())
    assert (draft.status, draft.failure_reason, draft.reason_detail_en) == ("stalled", "blocked", "By the court.")


def test_to_carry_it_into_a_later_mandate_decides_and_makes_an_edition(mandate, second, pending):
    carried = {"pledge": pending, "mandate": mandate, "by": factories.EditorFactory()}
    edition = closing.carry_pledge(**carried, into=second, reason="Repeated in the inaugural speech.")
    assert edition.items.get().kind == "pledge"
    assert decisions(mandate) == {"pending": "carried"}
    assert decisions(factories.MandateFactory()) == {}
    with pytest.raises(errors.Refused, match="already"):
        closing.carry_pledge(**carried, into=second, reason="Again.")
    assert publishing.verify() == []


def test_what_is_not_carried(mandate, second, pending):
    carried = {"pledge": pending, "mandate": mandate, "by": factories.EditorFactory()}
    with pytest.raises(errors.Refused, match="Say why"):
        closing.carry_pledge(**carried, into=second, reason=" ")
    earlier = factories.MandateFactory(starts_on=date(2020, 1, 1), ends_on=date(2023, 11, 22))
    for into in (earlier, mandate):
        with pytest.raises(errors.Refused, match="later mandate"):
            closing.carry_pledge(**carried, into=into, reason="So.")
    with pytest.raises(errors.Refused, match="was not made in this mandate"):
        closing.carry_pledge(**carried | {"pledge": factories.PublishedPledgeFactory()}, into=second, reason="So.")


def test_a_person_may_leave_it_as_it_stands(mandate, pending):
    closing.leave_pledge(pledge=pending, mandate=mandate, by=factories.EditorFactory())
    assert decisions(mandate) == {"pending": "left"}
    pending.reviewed_on = END - timedelta(days=1)
    pending.save()
    assert decisions(mandate) == {"pending": ""}


def test_what_was_carried_in_is_to_be_decided_too_and_what_was_retracted_or_never_public_is_not(mandate, pending):
    earlier = factories.MandateFactory(starts_on=date(2020, 1, 1), ends_on=date(2023, 11, 22))
    carried = factories.PublishedPledgeFactory(slug="carried", mandate=earlier)
    closing.carry_pledge(pledge=carried, mandate=earlier, into=mandate, reason="So.", by=factories.EditorFactory())
    factories.PledgeFactory(slug="draft", mandate=mandate)
    gone = factories.PublishedPledgeFactory(slug="gone", mandate=mandate)
    draft = retraction.start_retraction(pledge=gone, by=factories.EditorFactory())
    draft.note_en = "Twice."
    draft.save()
    publishing.publish(draft, by=factories.PublisherFactory())
    assert decisions(mandate) == {"pending": "", "carried": ""}
    assert decisions(earlier) == {"carried": "carried"}


def test_the_list_takes_a_fixed_number_of_queries(mandate, pending, django_assert_max_num_queries):
    for _ in range(5):
        pledge = factories.PublishedPledgeFactory(mandate=mandate)
        factories.PublishedUpdateFactory(pledge=pledge)
    with django_assert_max_num_queries(4):
        assert [str(one.pledge) for one in last_decisions(mandate, timezone.localdate())]


# --- closing it


def test_it_is_not_closed_while_a_pledge_waits_nor_before_its_last_day(mandate, pending, kept):
    with pytest.raises(errors.Refused, match="1 pledge waits for a last decision: Dredge the port"):
        closing.close_mandate(mandate=mandate, by=factories.PublisherFactory())
    for ends_on, words in ((None, "no last day"), (timezone.localdate() + timedelta(days=1), "is not over")):
        other = factories.MandateFactory(ends_on=ends_on)
        with pytest.raises(errors.Refused, match=words):
            closing.close_mandate(mandate=other, by=factories.PublisherFactory())
    other = factories.MandateFactory(ends_on=timezone.localdate())
    assert closing.close_mandate(mandate=other, by=factories.PublisherFactory())


def test_its_public_page_says_how_it_ended_and_that_it_was_opened_again(client, address, mandate, pending, kept):
    url = address("mandate", "first")
    assert "was closed on" not in read(client, url)
    closing.leave_pledge(pledge=pending, mandate=mandate, by=factories.EditorFactory())
    edition = closing.close_mandate(mandate=mandate, by=factories.PublisherFactory())
    assert [(item.action, item.kind) for item in edition.items.all()] == [("published", "mandate")]
    text = read(client, url)
    assert "This mandate was closed on" in text
    assert "had a last decision. 1 kept, 1 not yet rated." in " ".join(text.split())
    assert publishing.verify() == []
    with pytest.raises(errors.Refused, match="already"):
        closing.close_mandate(mandate=mandate, by=factories.PublisherFactory())
    edition = closing.reopen_mandate(mandate=mandate, by=factories.PublisherFactory())
    assert edition.items.get().action == "changed"
    assert "was closed on" not in read(client, url)
    with pytest.raises(errors.Refused, match="not closed"):
        closing.reopen_mandate(mandate=mandate, by=factories.PublisherFactory())
    assert publishing.verify() == []


def test_at_the_desk_from_the_first_decision_to_the_last(client, mandate, second, pending, kept):
    other = factories.PublishedPledgeFactory(mandate=mandate, wording__title_en="Light the quay")
    third = factories.PublishedPledgeFactory(mandate=mandate, wording__title_en="Paint the crane")
    client.force_login(factories.PublisherFactory())
    text = read(client, page(mandate))
    assert "1 of 4 decided" in text
    assert text.index("Dredge the port") < text.index("Mend the harbour")
    assert 'name="_close"' not in text
    assert page(mandate) in read(client, reverse("admin:pledges_mandate_change", args=[mandate.pk]))
    client.post(page(mandate), {"_leave": "1", "pledge": pending.pk})
    response = client.post(page(mandate), {"_carry": "1", "pledge": other.pk, "into": second.pk, "reason": ""})
    assert response.status_code == 422
    assert "Say why the pledge is followed in the other mandate." in response.content.decode()
    client.post(page(mandate), {"_carry": "1", "pledge": other.pk, "into": second.pk, "reason": "Said again."})
    response = client.post(page(mandate), {"_close": "1"}, follow=True)
    assert "1 pledge waits for a last decision: Paint the crane" in html.unescape(response.content.decode())
    response = client.post(page(mandate), {"_update": "1", "pledge": third.pk})
    draft = Update.objects.get(pledge=third)
    assert response.url == reverse("admin:pledges_update_change", args=[draft.pk])
    assert "Its final update is not published yet (draft)" in read(client, page(mandate))
    client.post(page(mandate), {"_leave": "1", "pledge": third.pk})
    text = read(client, page(mandate))
    assert "4 of 4 decided" in text
    assert "carried into Ana First, 2025–" in text
    client.post(page(mandate), {"_close": "1"})
    mandate.refresh_from_db()
    assert mandate.closed_on == timezone.localdate()
    client.post(page(mandate), {"_reopen": "1"})
    mandate.refresh_from_db()
    assert mandate.closed_on is None


PRESSED = [("_leave", {"Editor", "Publisher"}), ("_carry", {"Editor", "Publisher"}), ("_close", {"Publisher"})]
PRESSED += [("_reopen", {"Publisher"}), ("_update", {"Reporter", "Editor", "Publisher"})]


@pytest.mark.parametrize(("button", "allowed"), PRESSED)
def test_who_may_press_what_on_the_page_of_a_mandate(client, mandate, pending, button, allowed):
    assert client.post(page(mandate), {button: "1"}).status_code == 302
    assert client.get(page(mandate)).url.startswith(reverse("admin:login"))
    for who in ("", "Reporter", "Editor", "Publisher"):
        client.force_login(factories.UserFactory(group=who))
        assert client.get(page(mandate)).status_code == (200 if who else 403)
        status = client.post(page(mandate), {button: "1", "pledge": pending.pk}).status_code
        assert (status in (302, 422)) == (who in allowed), who
        assert status in (302, 422, 403)


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30, "²"])
def test_a_pledge_that_there_is_not_is_not_found(client, mandate, number):
    client.force_login(factories.PublisherFactory())
    assert client.post(page(mandate), {"_leave": "1", "pledge": number}).status_code == 404


# --- the tracker


@pytest.fixture
def newsroom():
    return factories.NewsroomFactory()


def close(day=None, **notes):
    notes = {"note_en": "Our funding ended.", "note_es": "Se acabaron los fondos.", **notes}
    return closing.close_tracker(day=day or timezone.localdate(), **notes, by=factories.PublisherFactory())


def test_every_page_says_so_with_what_readers_should_know(client, address, newsroom, pending):
    edition = close()
    assert edition.items.get().kind == "newsroom"
    places = [("home",), ("pledges",), ("pledge", "pending"), ("mandates",), ("mandate", "first"), ("methodology",)]
    for name in [*places, ("corrections",), ("editions",), ("edition", 1)]:
        text = read(client, address(*name))
        assert "This tracker was closed on" in text, name
        assert "Our funding ended." in text, name
        assert "all day" not in text, name
    assert "Se acabaron los fondos." in read(client, address("home", language="es"))
    assert publishing.verify() == []


def test_a_day_to_come_closes_it_on_that_day(client, address, newsroom):
    close(day=timezone.localdate() + timedelta(days=1))
    assert "was closed" not in read(client, address("home"))
    source = factories.SourceFactory()
    assert leases.claim_due_sources(now=timezone.now())[0].row == source
    factories.SourceFactory(url="https://other.example/")
    assert leases.claim_due_sources(now=timezone.now() + timedelta(days=1, hours=1)) == []


def test_nothing_is_read_and_no_lead_is_raised_until_it_is_open_again(newsroom, pending, told):
    source, article = factories.SourceFactory(), factories.ArticleFactory(state=Article.State.NEW)

    class Match:
        score, sentence, words, suggestion, suggested_status, cue = 0.9, "Work began.", ("work",), "", "", ""

    Match.pledge = pending.pk
    close()
    jobs.poll()
    jobs.read_sources()
    jobs.read_articles()
    jobs.read_source(source.pk)
    jobs.read_article(article.pk)
    assert told == []
    source.refresh_from_db()
    article.refresh_from_db()
    assert (source.last_attempt_at, article.state, article.attempts) == (None, "new", 0)
    assert leads.raise_leads(article=article, matches=[Match], now=timezone.now()) == 0
    with pytest.raises(errors.Refused, match="no source is read"):
        watch.read_now(sources=[source])
    closing.reopen_tracker(by=factories.PublisherFactory())
    assert leases.waiting(now=timezone.now()) == (2, 1)  # the article came from a source of its own
    assert leads.raise_leads(article=article, matches=[Match], now=timezone.now()) == 1
    assert Lead.objects.count() == 1


def test_editors_are_not_told_every_day_that_sources_are_silent(newsroom, settings, monkeypatch):
    settings.EMAIL_HOST = "mail.example"
    factories.EditorFactory(email="editor@desk.example")
    factories.SourceFactory(failing_since=timezone.now() - timedelta(days=3), failure="HTTP 403", failures=9)
    monkeypatch.setattr(jobs.mail.digest, "FIRST_HOUR", 0)
    close()
    jobs.tell_editors()
    assert mail.outbox == []
    closing.reopen_tracker(by=factories.PublisherFactory())
    jobs.tell_editors()
    assert len(mail.outbox) == 1


def test_what_is_refused(newsroom):
    with pytest.raises(errors.Refused, match="Say what readers should know"):
        close(note_en=" ", note_es="")
    with pytest.raises(errors.Refused, match="still to come"):
        close(day=timezone.localdate() - timedelta(days=1))
    with pytest.raises(errors.Refused, match="not closed"):
        closing.reopen_tracker(by=factories.PublisherFactory())
    close()
    with pytest.raises(errors.Refused, match="closed already"):
        close()


def test_a_mistake_can_still_be_corrected(newsroom, kept):
    close()
    update = kept.updates.get()
    draft = publishing.start_correction(update=update, by=factories.ReporterFactory())
    draft.correction_note_en = "A slip."
    draft.save()
    assert publishing.publish(draft, by=factories.EditorFactory())


def test_at_the_desk_it_is_closed_and_opened_again(client, newsroom):
    url = reverse("admin:pledges_newsroom_close")
    client.force_login(factories.PublisherFactory())
    assert url in read(client, reverse("admin:pledges_newsroom_change", args=[1]))
    response = client.post(url, {"_close": "1", "day": "2001-01-01", "note_en": "", "note_es": ""})
    assert response.status_code == 422
    assert "still to come" in response.content.decode()
    assert not Edition.objects.exists()
    client.post(url, {"_close": "1", "day": timezone.localdate().isoformat(), "note_en": "The end.", "note_es": ""})
    assert Newsroom.get().closing_note_en == "The end."
    for shown in ("index", "pledges_source_changelist", "pledges_lead_changelist"):
        assert "no source is read and no lead is raised" in read(client, reverse(f"admin:{shown}")), shown
    assert "Open the tracker again" in read(client, url)
    client.post(url, {"_reopen": "1"})
    assert Newsroom.get().closed_on is None
    assert "no source is read" not in read(client, reverse("admin:index"))
    assert Edition.objects.count() == 2


def test_only_a_publisher_closes_it(client, newsroom):
    url = reverse("admin:pledges_newsroom_close")
    data = {"_close": "1", "day": timezone.localdate().isoformat(), "note_en": "The end.", "note_es": ""}
    assert client.post(url, data).url.startswith(reverse("admin:login"))
    for who in ("", "Reporter", "Editor"):
        client.force_login(factories.UserFactory(group=who))
        assert client.get(url).status_code == 403
        assert client.post(url, data).status_code == 403
    assert Newsroom.get().closed_on is None
