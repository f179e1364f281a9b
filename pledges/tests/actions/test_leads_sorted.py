"""Leads put together, moved to another pledge, and every decision undone."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from pledges.actions import errors, leads, publishing
from pledges.jobs import profiles
from pledges.models import Article, Autosave, Comment, Lead, Story, Update
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return factories.EditorFactory(byline="Elena")


@pytest.fixture
def pledge():
    return factories.PublishedPledgeFactory()


def in_story(**lead) -> Lead:
    story = Story.objects.create(opened_at=timezone.now())
    return factories.LeadFactory(story=story, article__story=story, **lead)


def state_of(lead: Lead) -> tuple:
    lead.refresh_from_db()
    return lead.state, lead.dismiss_reason, lead.merged_into


# --- merging --------------------------------------------------------------------------------------------------------


def test_merging_makes_one_story_of_two_and_undo_takes_it_apart(pledge, editor):
    kept, other = in_story(pledge=pledge), in_story(pledge=pledge)
    before = other.article.story
    leads.merge_lead(lead=other, into=kept, by=editor)
    assert state_of(other) == ("dismissed", "duplicate", kept)
    assert state_of(kept) == ("open", "", None)
    assert Article.objects.get(pk=other.article_id).story == kept.article.story
    leads.undo_lead(lead=other, by=editor)
    assert state_of(other) == ("open", "", None)
    assert Article.objects.get(pk=other.article_id).story == before


def test_two_leads_without_a_story_get_one(pledge, editor):
    kept, other = factories.LeadFactory(pledge=pledge), factories.LeadFactory(pledge=pledge)
    leads.merge_lead(lead=other, into=kept, by=editor)
    kept.refresh_from_db()
    assert kept.story is not None
    assert set(Article.objects.filter(story=kept.story)) == {kept.article, other.article}
    leads.reopen_lead(lead=other, by=editor)
    assert set(Article.objects.filter(story=kept.story)) == {kept.article}


def test_what_the_merged_story_tells_later_shows_at_the_lead_that_stands_for_both(pledge, editor):
    kept, other = in_story(pledge=pledge, suggested_status=""), in_story(pledge=pledge)
    later = factories.ArticleFactory(story=other.story)
    leads.merge_lead(lead=other, into=kept, by=editor)

    class Match:
        pledge, score, sentence, words = kept.pledge_id, 0.9, "It is open.", ("open",)
        suggested_status, cue = "kept", "open"

    assert leads.raise_leads(article=later, matches=[Match()], now=timezone.now()) == 0
    kept.refresh_from_db()
    assert (kept.article, kept.suggested_status) == (later, "kept")
    assert state_of(other) == ("dismissed", "duplicate", kept)


def test_the_merged_articles_can_be_evidence_of_the_draft(pledge, editor):
    kept, other = in_story(pledge=pledge), in_story(pledge=pledge)
    copy = factories.ArticleFactory(story=other.story)
    leads.merge_lead(lead=other, into=kept, by=editor)
    update = leads.accept_lead(lead=Lead.objects.get(pk=kept.pk), by=editor, also=[other.article_id, copy.pk])
    assert update.evidence.count() == 3


@pytest.mark.parametrize("wrong", ["itself", "another pledge", "dismissed"])
def test_what_cannot_be_merged_with(pledge, editor, wrong):
    lead = factories.LeadFactory(pledge=pledge)
    if wrong == "itself":
        into = lead
    elif wrong == "another pledge":
        into = factories.LeadFactory()
    else:
        into = factories.LeadFactory(pledge=pledge)
        leads.dismiss_lead(lead=into, by=editor, reason="other")
    with pytest.raises(errors.Refused):
        leads.merge_lead(lead=lead, into=into, by=editor)
    assert state_of(lead) == ("open", "", None)


def test_merging_into_an_accepted_lead_is_possible_and_a_decided_one_stays(pledge, editor):
    accepted, late = factories.LeadFactory(pledge=pledge), factories.LeadFactory(pledge=pledge)
    leads.accept_lead(lead=accepted, by=editor)
    leads.merge_lead(lead=late, into=accepted, by=editor)
    with pytest.raises(errors.Refused, match="Elena has already decided"):
        leads.merge_lead(lead=late, into=accepted, by=factories.ReporterFactory())


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_each_into_the_other_at_once_leave_one_open():
    pledge, editor = factories.PublishedPledgeFactory(), factories.EditorFactory()
    one, two = factories.LeadFactory(pledge=pledge), factories.LeadFactory(pledge=pledge)
    together, refused = threading.Barrier(2), []

    def work(lead: Lead, into: Lead) -> None:
        together.wait()
        try:
            leads.merge_lead(lead=lead, into=into, by=editor)
        except errors.Refused as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert sorted(Lead.objects.values_list("state", flat=True)) == ["dismissed", "open"]


# --- moving ---------------------------------------------------------------------------------------------------------


def test_moving_dismisses_here_and_raises_there_and_undo_takes_it_back(pledge, editor):
    lead = in_story()
    there = leads.move_lead(lead=lead, pledge=pledge, by=editor)
    assert state_of(lead) == ("dismissed", "not_about", None)
    assert (there.pledge, there.state, there.raised_by) == (pledge, "open", editor)
    assert (there.article, there.sentence, there.story) == (lead.article, lead.sentence, lead.story)
    leads.undo_lead(lead=lead, by=editor)
    assert state_of(lead) == ("open", "", None)
    assert not Lead.objects.filter(pledge=pledge).exists()


def test_moving_teaches_the_watch_for_both_pledges_at_once(pledge, editor):
    lead = factories.LeadFactory()
    there = leads.move_lead(lead=lead, pledge=pledge, by=editor)
    assert profiles.decisions() == {lead.pledge_id: ((lead.pk, False),), pledge.pk: ((there.pk, True),)}


def test_what_was_decided_there_stays_when_the_move_is_undone(pledge, editor):
    lead = factories.LeadFactory()
    there = leads.move_lead(lead=lead, pledge=pledge, by=editor)
    leads.accept_lead(lead=there, by=editor)
    leads.undo_lead(lead=lead, by=editor)
    assert state_of(lead)[0] == "open"
    assert state_of(there)[0] == "accepted"


def test_a_lead_that_is_there_already_is_not_raised_twice_nor_taken_away(pledge, editor):
    lead = in_story()
    known = factories.LeadFactory(pledge=pledge, article=factories.ArticleFactory(story=lead.story), story=lead.story)
    assert leads.move_lead(lead=lead, pledge=pledge, by=editor) == known
    leads.undo_lead(lead=lead, by=editor)
    assert state_of(known)[0] == "open"


def test_moving_where_the_story_was_dismissed_or_to_the_same_pledge_is_refused_whole(pledge, editor):
    lead = factories.LeadFactory()
    known = factories.LeadFactory(pledge=pledge, article=lead.article)
    leads.dismiss_lead(lead=known, by=editor, reason="not_about")
    for where in (pledge, lead.pledge):
        with pytest.raises(errors.Refused):
            leads.move_lead(lead=lead, pledge=where, by=editor)
    assert state_of(lead) == ("open", "", None)


# --- undoing an acceptance ------------------------------------------------------------------------------------------


def test_undoing_an_acceptance_discards_the_untouched_draft(editor, app_role):
    lead = factories.LeadFactory()
    leads.accept_lead(lead=lead, by=editor)
    leads.undo_lead(lead=lead, by=editor)
    assert state_of(lead) == ("open", "", None)
    assert not Update.objects.exists()


@pytest.mark.parametrize("touched", ["saved", "submitted", "talked about", "typed into"])
def test_a_draft_that_somebody_has_worked_on_is_not_discarded(editor, touched):
    lead = factories.LeadFactory()
    update = leads.accept_lead(lead=lead, by=editor)
    if touched == "saved":
        update.text_en = "In our own words."
        update.save()
    elif touched == "submitted":
        publishing.submit_for_review(item=update, by=editor)
    elif touched == "talked about":
        Comment.objects.create(update=update, author=editor, text="Which day?")
    else:
        Autosave.objects.create(user=editor, kind="update", key=str(update.pk), data={"text_en": "I"})
    with pytest.raises(errors.Refused, match="worked on"):
        leads.undo_lead(lead=lead, by=editor)
    assert Update.objects.filter(pk=update.pk).exists()
    assert state_of(lead)[0] == "accepted"


def test_another_reporter_does_not_undo_what_is_not_theirs(editor):
    lead = factories.LeadFactory()
    leads.accept_lead(lead=lead, by=editor)
    with pytest.raises(errors.Refused, match="Elena has accepted"):
        leads.undo_lead(lead=lead, by=factories.ReporterFactory())


def test_a_snooze_is_undone_and_an_open_lead_has_nothing_to_undo(editor):
    lead = factories.LeadFactory()
    leads.snooze_lead(lead=lead, by=editor, until=timezone.localdate() + timedelta(days=3))
    leads.undo_lead(lead=lead, by=editor)
    assert state_of(lead)[0] == "open"
    with pytest.raises(errors.Refused):
        leads.undo_lead(lead=lead, by=editor)
