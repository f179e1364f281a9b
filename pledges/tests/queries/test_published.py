"""The table of standings says what the rows say, and holds none of Django's instances."""

from dataclasses import fields, is_dataclass

import pytest
from django.db.models import Model
from django.utils import timezone

from pledges.models import Edition
from pledges.queries import published
from pledges.queries.standings import standings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_edition")]
COMPUTED = {
    published.PublicMandate: ("years", "office"),
    published.PublicInstitution: ("name",),
    published.PublicWording: ("criteria", "deadline_end", "title", "edition_id"),
    published.PublicUpdate: ("text", "edition_id"),
}


def parts(value):
    """Every value in a value, itself included."""
    yield value
    inner = value if isinstance(value, (tuple, list)) else ()
    if is_dataclass(value):
        inner = [getattr(value, each.name) for each in fields(value)]
    for each in inner:
        yield from parts(each)


def test_values_are_those_of_the_rows():
    pledges = [standing.pledge for standing in standings(Edition.objects.count(), timezone.localdate())]
    found = list(parts(pledges))
    assert not any(isinstance(each, Model) for each in found)
    rows = {row for row in found if isinstance(row, published.Row)}
    assert len({type(row) for row in rows}) == 9
    for row in rows:
        instance = row.model._default_manager.get(pk=row.pk)
        assert row == instance and instance == row and hash(row) == hash(instance)
        columns = {each.attname for each in row.model._meta.concrete_fields} & {each.name for each in fields(row)}
        for name in (*columns, *COMPUTED.get(type(row), ())):
            assert getattr(row, name) == getattr(instance, name), name
        if type(row) in (
            published.PublicMandate,
            published.PublicTopic,
            published.PublicInstitution,
        ):
            assert str(row) == str(instance)


def test_what_belongs_to_a_row_is_what_django_finds():
    for standing in standings(Edition.objects.count(), timezone.localdate()):
        pledge = standing.pledge
        row = pledge.model._default_manager.get(pk=pledge.pk)
        assert list(pledge.mandates) == [row.mandate, *row.carried_into.all()]
        assert list(pledge.topics) == list(row.topics.all())
        assert list(pledge.institutions) == list(row.institutions.all())
        assert pledge.source_document == row.source_document
        assert sorted(pledge.indicators) == sorted(row.indicators.values_list("pk", flat=True))
        assert list(pledge.wordings) == list(row.wordings.order_by("number"))
        assert set(pledge.updates) == set(row.updates.all())
        for update in pledge.updates:
            assert list(update.evidence) == list(update.model._default_manager.get(pk=update.pk).evidence.all())
