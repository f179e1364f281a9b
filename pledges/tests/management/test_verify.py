"""What a first start has loaded stays as it was loaded, and `verify` names whatever was tampered with."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from pledges.management.commands import load_first_edition
from pledges.models import (
    Edition,
    EditionItem,
    Evidence,
    Newsroom,
    Observation,
    Pledge,
    Source,
    State,
    Update,
    User,
    Wording,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]
DATA = json.loads(load_first_edition.DATA.read_text(encoding="utf-8"))
TABLES = (Newsroom, Pledge, Wording, Update, Evidence, Observation, Source, Edition, EditionItem, User)


@pytest.fixture
def data(first_edition, db):
    """The data set, for every test here."""


def run(name, *args, **options):
    out = io.StringIO()
    call_command(name, *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def counts():
    return {model: model.objects.count() for model in TABLES}


def test_everything_is_loaded_as_one_edition():
    assert Edition.objects.count() == 1
    assert sorted(Pledge.objects.values_list("slug", flat=True)) == sorted(row["slug"] for row in DATA["pledges"])
    assert Update.objects.count() == sum(len(row["updates"]) for row in DATA["pledges"])
    assert Evidence.objects.count() == sum(len(u["evidence"]) for row in DATA["pledges"] for u in row["updates"])
    assert Observation.objects.count() == sum(len(row["observations"]) for row in DATA["indicators"])
    assert not Update.objects.exclude(state=State.PUBLISHED).exists()
    assert not Wording.objects.exclude(state=State.PUBLISHED).exists()
    assert not Update.objects.filter(evidence=None).exists()
    off = Source.objects.filter(active=False)
    assert off.count() == sum(not row["active"] for row in DATA["sources"]) > 0
    assert all(source.note_en for source in off)


def test_loading_again_changes_nothing():
    before = counts()
    assert "Everything is there already." in run("load_first_edition")
    assert counts() == before


def test_what_an_editor_entered_meanwhile_stays():
    Source.objects.filter(active=True).update(active=False)
    Newsroom.objects.update(name_en="Our own name")
    run("load_first_edition")
    assert not Source.objects.filter(active=True).exists()
    assert Newsroom.get().name_en == "Our own name"


def test_the_service_accounts_cannot_log_in_and_are_two():
    for user in User.objects.all():
        assert not user.is_active
        assert not user.has_usable_password()
    update = Update.objects.first()
    assert update.author != update.published_by


def test_without_a_sample_newswire_none_is_watched():
    assert not Source.objects.filter(sample=True).exists()


def tamper(statement, table):
    """As a superuser who switches the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_verify_is_content_with_what_was_published():
    assert "1 editions verified: nothing was changed." in run("verify")


@pytest.mark.parametrize(
    ("table", "statement", "named"),
    [
        ("pledges_update", "UPDATE pledges_update SET text_en = 'x' WHERE id = {update}", "update {update}"),
        (
            "pledges_update",
            "UPDATE pledges_update SET happened_on = '2020-01-01' WHERE id = {update}",
            "update {update}",
        ),
        (
            "pledges_evidence",
            "UPDATE pledges_evidence SET url = 'https://x' WHERE update_id = {update}",
            "update {update}",
        ),
        (
            "pledges_evidence",
            "DELETE FROM pledges_preservation WHERE evidence_id IN "
            "(SELECT id FROM pledges_evidence WHERE update_id = {update});"
            "DELETE FROM pledges_evidence WHERE update_id = {update}",
            "update {update}",
        ),
        ("pledges_wording", "UPDATE pledges_wording SET kept_es = 'x' WHERE id = {wording}", "wording {wording}"),
        ("pledges_topic", "UPDATE pledges_topic SET name_en = 'x' WHERE slug = 'prisons'", "topic"),
        ("pledges_editionitem", "DELETE FROM pledges_editionitem WHERE id = {item}", "Edition 1"),
        ("pledges_edition", "UPDATE pledges_edition SET publisher = 'x'", "Edition 1"),
        ("pledges_observation", "UPDATE pledges_observation SET value = 1", "observation"),
    ],
)
def test_verify_names_what_was_tampered_with(table, statement, named):
    update = Update.objects.first()
    rows = {"update": update.pk, "wording": Wording.objects.first().pk, "item": EditionItem.objects.first().pk}
    tamper(statement.format(**rows), table)
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"problem\(s\) found"):
        call_command("verify", stdout=out, stderr=out)
    assert named.format(**rows) in out.getvalue()
