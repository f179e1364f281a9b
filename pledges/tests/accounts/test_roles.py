"""The application's database role can do its work, and cannot touch what is final, whatever SQL it runs."""

import io

import pghistory.models
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from pledges.management.commands.prepare_database import append_only_tables, make_role
from pledges.models import Update

pytestmark = pytest.mark.django_db


def run(statement: str) -> None:
    """Run one statement; when it fails, the transaction of the test goes on."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def trigger_names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_%%'")
        return [name for (name,) in cursor.fetchall()]


def test_the_role_does_its_daily_work(app_role):
    run("INSERT INTO pledges_topic (slug, name_en, name_es) VALUES ('sea', 'The sea', 'El mar')")
    run("UPDATE pledges_topic SET name_en = 'At sea' WHERE slug = 'sea'")
    run("DELETE FROM pledges_topic WHERE slug = 'sea'")


ATTACKS = [
    "UPDATE pledges_update SET text_en = 'x' WHERE state = 'published'",
    "DELETE FROM pledges_update WHERE state = 'published'",
    "UPDATE pledges_update SET state = 'draft' WHERE state = 'published'",
    "TRUNCATE pledges_update CASCADE",
    "ALTER TABLE pledges_update DISABLE TRIGGER ALL",
    "DROP TABLE pledges_update CASCADE",
    "UPDATE pledges_edition SET number = 99",
    "DELETE FROM pledges_editionitem",
    "UPDATE pledges_evidence SET url = 'https://elsewhere.example'",
    "DELETE FROM pledges_evidence",
    "UPDATE pledges_wording SET statement_en = 'x'",
    "DELETE FROM pledges_updateevent",
    "SET session_replication_role = replica",
    "CREATE TEMPORARY TABLE pledges_newsroom (two_person_rule boolean)",
    "CREATE SCHEMA elsewhere",
    "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN "
    "LANGUAGE sql AS 'SELECT TRUE'",
]


def test_what_is_published_withstands_all_sql_of_the_role(app_role):
    run("RESET ROLE")
    call_command("load_first_edition", verbosity=0, stdout=io.StringIO())
    # pgtrigger lets any session tell triggers to stand aside. Ours must not listen.
    run("SET LOCAL pgtrigger.ignore = '{" + ",".join(trigger_names()) + "}'")
    run(f'SET ROLE "{app_role}"')
    succeeded = []
    for attack in ATTACKS:
        try:
            run(attack)
        except DatabaseError:
            continue
        succeeded.append(attack)
    assert succeeded == []
    assert Update.objects.filter(state="published").exists()


def test_history_and_editions_are_append_only():
    tables = append_only_tables()
    assert {"pledges_edition", "pledges_editionitem"} <= tables
    history = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    assert {model._meta.db_table for model in history if model._meta.managed and not model._meta.proxy} <= tables


def test_a_role_with_powers_of_its_own_is_refused():
    run("CREATE ROLE mighty CREATEDB")
    with pytest.raises(CommandError, match="mighty has powers"):
        make_role("mighty", "")


def test_the_password_is_kept_encrypted():
    make_role("tracker_test_role", "a secret")
    make_role("tracker_test_role", "another secret")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'tracker_test_role'")
        kept = cursor.fetchone()[0]
    assert kept.startswith("SCRAM-SHA-256$")
    assert "secret" not in kept
