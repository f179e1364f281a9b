"""Nobody changes a public pledge's address, mandate or day but a correction in the newest edition: by any SQL."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from pledges.actions import pledge_corrections, publishing
from pledges.models import Pledge, PledgeCorrection
from pledges.tests.models.test_rules_in_database import refused, run
from pledges.tests.support import factories
from pledges.tests.support.together import Other

pytestmark = pytest.mark.django_db
FINAL = "keeps its address, mandate and day"
PUBLISH = "UPDATE pledges_pledgecorrection SET state = 'published', published_by_id = %s, edition_id = %s WHERE id = %s"


@pytest.fixture
def pledge():
    return factories.PublishedPledgeFactory(slug="harbor", made_on=date(2023, 12, 5))


def draft_of(pledge, **values):
    draft = pledge_corrections.start_pledge_correction(pledge=pledge, by=factories.EditorFactory())
    for name, value in {"note_en": "Mistyped.", **values}.items():
        setattr(draft, name, value)
    draft.save()
    return draft


def by_hand(draft):
    """What `PUBLISH` takes, with an edition that names the draft."""
    by = factories.EditorFactory()
    return by.pk, factories.EditionFactory(acts=[("corrected", draft)], by=by).pk, draft.pk


def correct(pledge, **values):
    return publishing.publish(draft_of(pledge, **values), by=factories.EditorFactory())


def test_a_published_correction_is_carried_out_by_the_database(app_role, pledge):
    draft = draft_of(pledge, slug="harbour")
    run(PUBLISH, *by_hand(draft))
    assert Pledge.objects.get(pk=pledge.pk).slug == "harbour"


@pytest.mark.parametrize(
    "change", ["slug = 'x'", "made_on = '2023-12-01'", "made_on_precision = 'by'", "mandate_id = %s", "id = id + 1000"]
)
def test_no_other_way_changes_it(app_role, pledge, change):
    draft_of(pledge, slug="harbour", made_on=date(2023, 12, 1))
    other = factories.MandateFactory()
    parameters = [other.pk] if "%s" in change else []
    assert FINAL in refused(f"UPDATE pledges_pledge SET {change} WHERE id = %s", *parameters, pledge.pk)
    assert FINAL in refused("DELETE FROM pledges_pledge WHERE id = %s", pledge.pk)


def test_a_correction_permits_its_own_values_once(app_role, pledge):
    correct(pledge, slug="harbour")
    assert FINAL in refused("UPDATE pledges_pledge SET slug = 'harbor' WHERE id = %s", pledge.pk)
    correct(pledge, slug="harbor")
    assert FINAL in refused("UPDATE pledges_pledge SET slug = 'harbour' WHERE id = %s", pledge.pk)


def test_a_correction_does_not_lie_about_what_was(app_role, pledge):
    draft = draft_of(pledge, slug="harbour")
    run("UPDATE pledges_pledgecorrection SET was_slug = 'port' WHERE id = %s", draft.pk)
    assert "what the pledge said until now" in refused(PUBLISH, *by_hand(draft))


def test_it_needs_two_people_its_edition_a_reason_and_a_change(app_role, pledge):
    draft = draft_of(pledge, slug="harbour")
    by, edition, pk = by_hand(draft)
    assert "two pairs of eyes" in refused(PUBLISH, draft.author_id, edition, pk)
    factories.EditionFactory()
    assert "named by the newest edition" in refused(PUBLISH, by, edition, pk)
    run("UPDATE pledges_pledgecorrection SET note_en = '' WHERE id = %s", pk)
    assert "pledgecorrection_has_note" in refused(PUBLISH, *by_hand(draft))
    run("UPDATE pledges_pledgecorrection SET note_en = 'x', slug = was_slug WHERE id = %s", pk)
    assert "pledgecorrection_changes_something" in refused(PUBLISH, *by_hand(draft))


@pytest.mark.parametrize("statement", ["UPDATE {} SET slug = 'x'", "DELETE FROM {}"])
def test_a_published_correction_is_final(app_role, pledge, statement):
    correct(pledge, slug="harbour")
    refused(statement.format("pledges_pledgecorrection"))


def test_only_of_a_public_pledge(app_role):
    pledge = factories.PledgeFactory()
    values = {name: getattr(pledge, name) for name in ("mandate", "made_on", "made_on_precision")}
    before = {f"was_{name}": value for name, value in values.items()}
    draft = PledgeCorrection.objects.create(
        pledge=pledge, author=factories.EditorFactory(), slug="x", was_slug=pledge.slug, note_en="x", **values, **before
    )
    assert "only a published pledge" in refused(PUBLISH, *by_hand(draft))


@pytest.mark.parametrize(
    ("day", "precision", "said"),
    [
        (date(2024, 7, 2), "day", "an update tells what came of a pledge"),
        (date(2024, 12, 1), "by", "the deadline comes before"),
        (date(2025, 1, 1), "by", "older than the day"),
    ],
)
def test_its_day_does_not_contradict_what_is_published(app_role, day, precision, said):
    pledge = factories.PublishedPledgeFactory(
        source_document__published_on=date(2024, 12, 31),
        wording__deadline=date(2024, 11, 1),
        wording__deadline_precision="month",
    )
    if precision == "by" and day.year == 2025:  # of what is earlier only the document is in its way
        pledge = factories.PublishedPledgeFactory(source_document__published_on=date(2024, 12, 31))
    factories.PublishedUpdateFactory(pledge=pledge)
    draft = draft_of(pledge, made_on=day, made_on_precision=precision)
    assert said in refused(PUBLISH, *by_hand(draft))


def test_an_update_that_was_corrected_is_not_in_the_way(app_role, pledge):
    pledge = factories.PublishedPledgeFactory(source_document__published_on=date(2024, 12, 31))
    wrong = factories.PublishedUpdateFactory(pledge=pledge, happened_on=date(2024, 1, 10))
    correction = publishing.start_correction(update=wrong, by=factories.EditorFactory())
    correction.happened_on, correction.correction_note_en = date(2024, 8, 1), "A month was wrong."
    correction.save()
    publishing.publish(correction, by=factories.EditorFactory())
    correct(pledge, made_on=date(2024, 7, 1))
    assert Pledge.objects.get(pk=pledge.pk).made_on == date(2024, 7, 1)


def test_not_into_a_mandate_that_carries_it(app_role, pledge):
    later = factories.MandateFactory()
    pledge.carried_into.add(later)
    assert "carried into this mandate" in refused(PUBLISH, *by_hand(draft_of(pledge, mandate=later)))


def test_an_address_that_a_pledge_had_is_given_to_no_other(app_role, pledge):
    other, draft = factories.PublishedPledgeFactory(), factories.PledgeFactory()
    correct(pledge, slug="harbour")
    for slug in ("harbor", "harbour"):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.PledgeFactory(slug=slug)
        with pytest.raises(IntegrityError), transaction.atomic():
            Pledge.objects.filter(pk=draft.pk).update(slug=slug)
        refused(PUBLISH, *by_hand(draft_of(other, slug=slug)))


@pytest.mark.django_db(transaction=True)
def test_not_even_to_one_that_is_entered_while_the_correction_is_published():
    pledge, mandate = factories.PublishedPledgeFactory(slug="harbor"), factories.MandateFactory()
    document = factories.SourceDocumentFactory()
    draft = draft_of(pledge, slug="harbour")
    by = factories.EditorFactory()
    with transaction.atomic():
        publishing.publish(draft, by=by)
        other = Other(
            lambda: Pledge.objects.create(
                slug="harbor", mandate=mandate, made_on=date(2023, 12, 1), source_document=document
            )
        )
        other.waits_for_us()
    other.join()
    assert isinstance(other.error, IntegrityError)
    assert "another pledge had this address" in str(other.error)
