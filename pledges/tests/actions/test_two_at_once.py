"""Two people at one draft at the same moment: one waits for the other and is told; neither is thrown out.

Who comes first holds here what its work begins with, until the other waits for that.
"""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from pledges import models
from pledges.actions import errors, leads, locks, publishing, together
from pledges.tests.support import factories
from pledges.tests.support.together import Other

pytestmark = pytest.mark.django_db(transaction=True)


def press(editor, update, route: str, **data):
    """Press a button on the update's page at the desk; the answer's page."""
    client = Client()
    client.force_login(editor)
    url = reverse(f"admin:pledges_update_{route}", args=[update.pk])
    return lambda: client.post(url, data, follow=True).content.decode()


def test_who_publishes_from_the_form_while_another_publishes_the_preview_is_told():
    update, editor = factories.UpdateFactory(), factories.EditorFactory(byline="Elena")
    piece = update.evidence.get()
    form = {"pledge": update.pledge_id, "happened_on": update.happened_on, "happened_precision": "day"}
    form |= {"status": update.status, "text_en": update.text_en, "_publish": "1"}
    form |= {"evidence-TOTAL_FORMS": 1, "evidence-INITIAL_FORMS": 1, "evidence-0-id": piece.pk}
    form |= {"evidence-0-url": piece.url, "evidence-0-publisher": piece.publisher, "evidence-0-update": update.pk}
    publish = press(factories.EditorFactory(), update, "change", **form)
    with transaction.atomic():
        locks.lock_pledges({update.pledge_id})
        other = Other(publish)
        other.waits_for_us()
        publishing.publish(update, by=editor)
    other.join()
    assert other.error is None
    assert "Elena has published this in edition" in other.answer


def test_who_discards_a_draft_while_another_undoes_its_lead_finds_it_gone():
    lead, editor = factories.LeadFactory(), factories.EditorFactory()
    draft = leads.accept_lead(lead=lead, by=editor)
    discard = press(factories.EditorFactory(), draft, "delete", post="yes")
    with transaction.atomic():
        locks.lock_pledges({lead.pledge_id})
        other = Other(discard)
        other.waits_for_us()
        leads.undo_lead(lead=lead, by=editor)
    other.join()
    assert other.error is None
    lead.refresh_from_db()
    assert (lead.state, models.Update.objects.count()) == ("open", 0)


def test_of_two_who_publish_many_the_second_is_told_which_the_first_took_and_publishes_none():
    first, shared, last = (factories.UpdateFactory() for _number in range(3))
    editor, second = factories.EditorFactory(), factories.EditorFactory()
    theirs = [together.Decision(update, update.updated_at) for update in (last, shared)]
    editions = models.Edition.objects.count()
    with transaction.atomic():
        locks.lock_pledges({first.pledge_id, shared.pledge_id})
        other = Other(lambda: together.decide(publish=theirs, by=second))
        other.waits_for_us()
        ours = [together.Decision(update, update.updated_at) for update in (first, shared)]
        together.decide(publish=ours, by=editor)
    other.join()
    assert isinstance(other.error, errors.RefusedItems)
    assert [*other.error.reasons] == [shared]
    assert models.Edition.objects.count() == editions + 1
    last.refresh_from_db()
    assert last.state == "draft"
