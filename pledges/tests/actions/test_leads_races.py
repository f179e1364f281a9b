"""Several people on one lead at the same moment, in transactions of their own: one wins, the others are told who."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pghistory
import pytest
from django.db import connection
from django.utils import timezone

from pledges.actions import errors, leads, publishing
from pledges.models import Evidence, Lead, Story, Update
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rosa():
    return factories.EditorFactory(byline="Rosa")


@pytest.fixture
def elena():
    return factories.EditorFactory(byline="Elena")


@pytest.fixture
def pledge():
    return factories.PublishedPledgeFactory()


def at_once(*works) -> list[str]:
    """Do all at the same moment, each by (person, function); the words of the refusals."""
    together = threading.Barrier(len(works))

    def run(person, work) -> list[str]:
        try:
            together.wait()
            with pghistory.context(user=person.pk):
                work(person)
            return []
        except errors.Refused as error:
            return error.messages
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [said for done in [pool.submit(run, *work) for work in works] for said in done.result()]


# Each decides of the lead as the page had it: it was read before anybody else began.


def accept(lead):
    seen = Lead.objects.get(pk=lead.pk)
    return lambda person: leads.accept_lead(lead=seen, by=person)


def dismiss(lead):
    seen = Lead.objects.get(pk=lead.pk)
    return lambda person: leads.dismiss_lead(lead=seen, by=person, reason="nothing_new")


def merge(lead, into):
    seen = Lead.objects.get(pk=lead.pk)
    return lambda person: leads.merge_lead(lead=seen, into=into, by=person)


def move(lead, to):
    seen = Lead.objects.get(pk=lead.pk)
    return lambda person: leads.move_lead(lead=seen, pledge=to, by=person)


def undo(lead):
    return lambda person: leads.undo_lead(lead=Lead(pk=lead.pk, pledge_id=lead.pledge_id), by=person)


@pytest.mark.parametrize("first", ["accept", "dismiss", "merge", "move"])
@pytest.mark.parametrize("second", ["accept", "dismiss", "merge", "move"])
def test_one_decides_and_the_other_is_told_who(pledge, rosa, elena, first, second):
    lead, other = factories.LeadFactory.create_batch(2, pledge=pledge)
    elsewhere = factories.PublishedPledgeFactory()
    works = {
        "accept": accept(lead),
        "dismiss": dismiss(lead),
        "merge": merge(lead, other),
        "move": move(lead, elsewhere),
    }
    [said] = at_once((rosa, works[first]), (elena, works[second]))
    lead.refresh_from_db()
    assert lead.decided_by.byline in said
    assert Update.objects.count() == (lead.state == "accepted")
    assert Lead.objects.filter(pledge=elsewhere).count() == (lead.dismiss_reason == "not_about")
    assert lead.merged_into == (other if lead.dismiss_reason == "duplicate" else None)


@pytest.mark.parametrize("decide", [accept, dismiss])
def test_undone_twice_is_undone_once(pledge, rosa, elena, decide):
    lead = factories.LeadFactory(pledge=pledge)
    decide(lead)(rosa)
    [said] = at_once((rosa, undo(lead)), (elena, undo(lead)))
    lead.refresh_from_db()
    assert (lead.state, Update.objects.count()) == ("open", 0)
    assert said in {f"{who} has already opened this lead again." for who in ("Rosa", "Elena")}


def test_the_lead_that_another_is_merged_into_is_moved_at_that_moment(pledge, rosa, elena):
    lead, into = factories.LeadFactory.create_batch(2, pledge=pledge)
    elsewhere = factories.PublishedPledgeFactory()
    said = at_once((rosa, merge(lead, into)), (elena, move(into, elsewhere)))
    lead.refresh_from_db()
    if said:  # moved first
        assert "Elena" in said[0] and lead.state == "open"
    else:
        assert lead.merged_into == into
    assert Lead.objects.get(pk=into.pk).dismiss_reason == "not_about"
    assert Lead.objects.get(pledge=elsewhere).state == "open"


def test_two_who_move_a_storys_leads_each_to_the_others_pledge_leave_one_open(pledge, rosa, elena):
    story, other = Story.objects.create(opened_at=timezone.now()), factories.PublishedPledgeFactory()
    here, there = (factories.LeadFactory(pledge=one, story=story, article__story=story) for one in (pledge, other))
    [said] = at_once((rosa, move(here, other)), (elena, move(there, pledge)))
    assert sorted(Lead.objects.values_list("state", flat=True)) == ["dismissed", "open"]
    assert "has already dismissed this story for that pledge" in said


@pytest.mark.parametrize("decide", [accept, dismiss])
def test_a_move_is_undone_while_somebody_decides_there(pledge, rosa, elena, decide):
    lead = factories.LeadFactory()
    there = leads.move_lead(lead=lead, pledge=pledge, by=rosa)
    said = at_once((rosa, undo(lead)), (elena, decide(there)))
    assert Lead.objects.get(pk=lead.pk).state == "open"
    if said:  # taken back first
        assert "somebody had moved it here" in said[0] and not Lead.objects.filter(pk=there.pk).exists()
    else:
        assert Lead.objects.get(pk=there.pk).decided_by == elena
    assert Update.objects.count() == Lead.objects.filter(state="accepted").count()


def test_the_draft_is_discarded_while_somebody_undoes_its_lead(pledge, rosa, elena):
    lead = factories.LeadFactory(pledge=pledge)
    draft = leads.accept_lead(lead=lead, by=rosa)
    at_once((rosa, undo(lead)), (elena, lambda person: publishing.discard_draft(item=draft, by=person)))
    lead.refresh_from_db()
    assert (lead.state, Update.objects.count()) == ("open", 0)


def test_further_evidence_is_taken_out_again_and_the_draft_stays(pledge, rosa, elena):
    first = factories.LeadFactory(pledge=pledge)
    draft = leads.accept_lead(lead=first, by=rosa)
    story = Story.objects.create(opened_at=timezone.now())
    more = factories.LeadFactory(pledge=pledge, story=story, article__story=story)
    copy = factories.ArticleFactory(story=story)
    leads.accept_lead(lead=more, by=elena, to=draft, also=[copy.pk])
    assert draft.evidence.count() == 3
    with pytest.raises(errors.Refused, match="worked on"):
        leads.undo_lead(lead=first, by=rosa)
    assert len(at_once((rosa, undo(more)), (elena, undo(more)))) == 1
    more.refresh_from_db()
    assert (more.state, more.update) == ("open", None)
    assert [piece.url for piece in Evidence.objects.all()] == [first.article.url]

    leads.accept_lead(lead=more, by=elena, to=draft)
    Evidence.objects.filter(url=more.article.url).update(title="As printed")
    with pytest.raises(errors.Refused, match="worked on this evidence"):
        leads.undo_lead(lead=more, by=elena)
    assert draft.evidence.count() == 2
