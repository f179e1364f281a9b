"""An update published by mistake is withdrawn, or moved to its pledge: from that edition on, and only from then on."""

from datetime import date

import pytest
from django.utils import timezone

from pledges.actions import contributors, errors, leads, publishing, scheduling
from pledges.actions import withdrawal as actions
from pledges.desk.shared.base import where_it_stands
from pledges.desk.shared.due import status_now
from pledges.jobs import profiles
from pledges.models import Edition, Lead, Pledge, Update, Withdrawal
from pledges.queries import mandate_closing, visibility
from pledges.queries.search import fulltext
from pledges.queries.standings import standings
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbour():
    return factories.PublishedPledgeFactory(slug="harbour", wording__title_en="Mend the harbour")


@pytest.fixture
def road():
    return factories.PublishedPledgeFactory(slug="road", wording__title_en="Mend the road")


@pytest.fixture
def begun(harbour):
    return factories.PublishedUpdateFactory(pledge=harbour, happened_on=date(2024, 3, 1), text_en="Dredging began.")


@pytest.fixture
def kept(harbour, begun):
    return factories.PublishedUpdateFactory(pledge=harbour, status="kept", text_en="The tarmac is laid.")


def draft_of(update, to=None, **values):
    draft = actions.start_withdrawal(update=update, by=factories.EditorFactory(), to=to)
    Withdrawal.objects.filter(pk=draft.pk).update(**{"note_en": "It was another pier.", **values})
    draft.refresh_from_db()
    return draft


def withdraw(update, to=None):
    return publishing.publish(draft_of(update, to), by=factories.EditorFactory())


def correct(update, **values):
    draft = publishing.start_correction(update=update, by=factories.ReporterFactory())
    Update.objects.filter(pk=draft.pk).update(correction_note_en="A slip.", **values)
    draft.refresh_from_db()
    publishing.publish(draft, by=factories.EditorFactory())
    draft.refresh_from_db()
    return draft


def standing(slug, edition=None):
    table = standings(edition or Edition.objects.count(), timezone.localdate())
    return next(each for each in table if each.pledge.slug == slug)


def test_from_then_on_it_does_not_count(harbour, begun, kept):
    assert standing("harbour").status == "kept"
    edition = withdraw(kept)
    now = standing("harbour")
    assert (now.status, now.since, now.updates, now.withdrawn) == ("in_progress", begun.happened_on, (begun,), (kept,))
    assert now.last_edition == edition.number
    assert where_it_stands(harbour)["status"] == "in_progress"
    assert Pledge.objects.annotate(now=status_now("pk")).get(pk=harbour.pk).now == "in_progress"
    assert not fulltext.find("tarmac")[0]
    assert publishing.verify() == []


def test_an_older_edition_counts_it_as_it_did(harbour, begun, kept):
    before = Edition.objects.count()
    withdraw(kept)
    factories.PublishedPledgeFactory()
    then = standing("harbour", before)
    assert (then.status, then.updates, then.withdrawn) == ("kept", (begun, kept), ())
    assert standing("harbour", before + 1).status == "in_progress"


def test_a_draft_changes_nothing(harbour, kept):
    draft_of(kept)
    assert standing("harbour").status == "kept"


def test_the_only_update_leaves_the_pledge_unrated(harbour, begun):
    withdraw(begun)
    assert (standing("harbour").status, standing("harbour").since) == ("not_rated", None)


def test_withdrawing_the_last_correction_withdraws_all_that_it_corrected(harbour, begun, kept):
    with pytest.raises(errors.Refused, match="withdraw the correction"):
        first = correct(kept, text_en="The asphalt is laid.")
        actions.start_withdrawal(update=kept, by=factories.EditorFactory())
    second = correct(first, text_en="The concrete is laid.")
    withdraw(second)
    assert (standing("harbour").updates, standing("harbour").withdrawn) == ((begun,), (second,))
    assert list(visibility.counting_updates().filter(pledge=harbour)) == [begun]
    assert visibility.withdrawn_updates() == {kept.pk, first.pk, second.pk}


def test_the_edition_names_it(harbour, kept):
    edition = withdraw(kept)
    item = edition.items.get()
    assert (item.action, item.kind, item.pledge) == ("withdrawn", "withdrawal", harbour)


def test_it_does_not_settle_a_mandate(harbour, begun):
    harbour.mandate.ends_on = date(2024, 2, 1)
    harbour.mandate.save()
    assert mandate_closing.last_decisions(harbour.mandate, timezone.localdate())[0].decision == "told"
    withdraw(begun)
    assert mandate_closing.last_decisions(harbour.mandate, timezone.localdate())[0].decision == ""


# --- moved


def test_a_moved_update_counts_at_the_other_pledge_from_the_same_edition(harbour, road, begun, kept):
    draft = draft_of(kept, to=road)
    moved = draft.moved_to
    assert (moved.text_en, moved.happened_on, moved.status) == (kept.text_en, kept.happened_on, kept.status)
    assert [piece.url for piece in moved.evidence.all()] == [piece.url for piece in kept.evidence.all()]
    edition = publishing.publish(draft, by=factories.EditorFactory())
    assert {(item.kind, item.action) for item in edition.items.all()} == {
        ("update", "published"),
        ("withdrawal", "withdrawn"),
    }
    assert (standing("harbour").status, standing("road").status) == ("in_progress", "kept")
    assert (standing("harbour", edition.number - 1).status, standing("road", edition.number - 1).status) == (
        "kept",
        "not_rated",
    )
    assert standing("harbour").withdrawn[0].withdrawal.moved_to == "road"
    assert publishing.verify() == []


def test_the_moved_draft_is_not_published_submitted_or_discarded_alone(road, kept):
    moved = draft_of(kept, to=road).moved_to
    for act in (publishing.publish, lambda item, by: publishing.submit_for_review(item=item, by=by)):
        with pytest.raises(errors.Refused, match="published with the withdrawal"):
            act(moved, by=factories.EditorFactory())
    with pytest.raises(errors.Refused, match="discard that draft instead"):
        publishing.discard_draft(item=moved, by=factories.EditorFactory())


def test_discarding_the_withdrawal_discards_the_draft_there(road, kept):
    draft = draft_of(kept, to=road)
    lead = factories.LeadFactory(pledge=road)
    leads.accept_lead(lead=lead, by=factories.EditorFactory(), to=draft.moved_to)
    publishing.discard_draft(item=draft, by=factories.EditorFactory())
    lead.refresh_from_db()
    assert (Withdrawal.objects.count(), Update.objects.filter(pledge=road).count(), lead.state) == (0, 0, "open")


def test_whoever_wrote_in_the_moved_draft_does_not_publish_either(road, kept):
    writer = factories.EditorFactory()
    draft = draft_of(kept, to=road)
    contributors.sign(item=draft.moved_to, by=writer)
    with pytest.raises(errors.Refused, match="two pairs of eyes"):
        publishing.publish(draft, by=writer)
    seen = draft.updated_at
    draft.refresh_from_db()
    assert draft.updated_at != seen  # whoever reviews sees that it was changed


def test_what_hinders_the_moved_draft_hinders_the_withdrawal(harbour, kept):
    late = factories.PublishedPledgeFactory(made_on=date(2024, 8, 1), source_document__published_on=date(2024, 8, 1))
    with pytest.raises(errors.Refused, match="At the other pledge: This day comes before"):
        withdraw(kept, to=late)
    assert standing("harbour").status == "kept"


def test_where_it_cannot_move(harbour, road, kept):
    by = factories.EditorFactory()
    for to, why in ((harbour, "choose another"), (factories.PledgeFactory(), "Readers do not see that pledge")):
        with pytest.raises(errors.Refused, match=why):
            actions.start_withdrawal(update=kept, by=by, to=to)
    draft_of(kept, to=road)
    assert actions.start_withdrawal(update=kept, by=by, to=road).moved_to.pledge == road
    with pytest.raises(errors.Refused, match="“Mend the road” is being written"):
        actions.start_withdrawal(update=kept, by=by, to=factories.PublishedPledgeFactory())


# --- leads


def test_leads_stay_decided_and_teach_the_watch_nothing(harbour):
    lead = factories.LeadFactory(pledge=harbour)
    update = leads.accept_lead(lead=lead, by=factories.ReporterFactory())
    publishing.publish(update, by=factories.EditorFactory())
    assert list(Lead.objects.filter(profiles.teaching())) == [lead]
    withdraw(correct(update, text_en="Another sentence."))
    lead.refresh_from_db()
    assert lead.state == "accepted"
    assert not Lead.objects.filter(profiles.teaching()).exists()


# --- what is refused


def test_what_is_refused_in_words(kept):
    by = factories.EditorFactory()
    with pytest.raises(errors.Refused, match="a draft can be discarded"):
        actions.start_withdrawal(update=factories.UpdateFactory(), by=by)
    draft = draft_of(kept, note_en="")
    with pytest.raises(errors.Refused, match="Say why"):
        publishing.publish(draft, by=factories.PublisherFactory())
    draft = draft_of(kept)
    with pytest.raises(errors.Refused, match="two pairs of eyes"):
        publishing.publish(draft, by=draft.author)
    correction = publishing.start_correction(update=kept, by=by)
    Update.objects.filter(pk=correction.pk).update(correction_note_en="A slip.")
    publishing.publish(draft, by=factories.EditorFactory())
    for act in (actions.start_withdrawal, publishing.start_correction):
        with pytest.raises(errors.Refused, match="was withdrawn"):
            act(update=kept, by=by)
    with pytest.raises(errors.Refused, match="was withdrawn: discard this draft"):
        publishing.publish(correction, by=factories.PublisherFactory())


def test_an_update_that_was_corrected_meanwhile_is_not_withdrawn(kept):
    draft = draft_of(kept)
    correct(kept)
    with pytest.raises(errors.Refused, match="corrected since"):
        publishing.publish(draft, by=factories.EditorFactory())


def test_it_goes_out_at_its_time(harbour, begun):
    draft, at = draft_of(begun), timezone.now() + timezone.timedelta(hours=1)
    scheduling.schedule(item=draft, by=factories.EditorFactory(), at=at)
    later = at + timezone.timedelta(minutes=1)
    assert list(scheduling.due_for_publication(now=later)) == [("withdrawal", draft.pk)]
    assert scheduling.publish_if_due(kind="withdrawal", pk=draft.pk, now=later)
    assert standing("harbour").status == "not_rated"
