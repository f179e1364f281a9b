"""`manage.py prepare_database`: migrate as the owner, and grant the application's role what it needs, and no more."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import dj_database_url
import pghistory.models
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, models, transaction
from psycopg import sql

from pledges.queries import visibility
from pledges.queries.search import fulltext
from tracker import embedded

CONTEXT_TABLE = "pghistory_context"  # the triggers of pghistory upsert it; no other history is updated


class Command(BaseCommand):
    help = "Migrate, create the application's role if it is missing, grant its rights, index. Safe to repeat."

    def handle(self, **options: Any) -> None:
        """Do all of it as the owner: OWNER_DATABASE_URL, or else the embedded server's owner, or else DATABASE_URL."""
        app = dict(connection.settings_dict)
        role = settings.APP_DATABASE_ROLE
        with as_owner():
            call_command("migrate", interactive=False, verbosity=options["verbosity"])
            with transaction.atomic():
                make_role(role, app["PASSWORD"] if app["USER"] == role else "")
                grant(role)
            index_what_is_missing()
        self.stdout.write(f"The database is ready for {role}.")


@contextlib.contextmanager
def as_owner() -> Iterator[dict[str, Any]]:
    """Meanwhile the default connection is the owner's, whose settings this gives: of OWNER_DATABASE_URL, or else of the
    embedded server's owner, or else of DATABASE_URL. Raises CommandError if that is the application's role."""
    app = dict(connection.settings_dict)
    owner_url = os.environ.get("OWNER_DATABASE_URL") or (embedded.owner_database_url() if settings.EMBEDDED else "")
    owner = dj_database_url.parse(owner_url) if owner_url else app
    if owner["USER"] == settings.APP_DATABASE_ROLE:
        raise CommandError(f"Set OWNER_DATABASE_URL to the database as its owner: {owner['USER']} may not migrate.")
    connection.close()
    connection.settings_dict.update(owner)
    try:
        yield dict(connection.settings_dict)
    finally:
        connection.close()
        connection.settings_dict.update(app)


def make_role(role: str, password: str) -> None:
    """Create the application's role if it is missing, and set its password unless that is empty.

    Runs on the default connection, which must be the owner's. Raises CommandError if the role has too many rights.
    """
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if not cursor.fetchone():
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
        if password:
            # Encrypted here, so that the server never logs the password itself.
            secret = connection.connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(secret.decode())))
        cursor.execute(
            """SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
                      OR EXISTS (SELECT 1 FROM pg_auth_members WHERE member = pg_roles.oid)
                      OR EXISTS (SELECT 1 FROM pg_shdepend WHERE refobjid = pg_roles.oid AND deptype = 'o')
               FROM pg_roles WHERE rolname = %s""",
            [role],
        )
        if cursor.fetchone()[0]:
            raise CommandError(
                f"The role {role} has powers of its own, belongs to another role or owns something, so it could undo "
                "what is published. Take that from it, or name another role with APP_DATABASE_ROLE."
            )


def grant(role: str) -> None:
    """Give the role its rights in the schema `public`, and no others. Runs on the default connection, the owner's."""
    name = sql.Identifier(role)
    database = sql.Identifier(connection.settings_dict["NAME"])
    append_only = [sql.Identifier(table) for table in sorted(append_only_tables())]
    statements = [
        # Without temporary tables nothing can come before our tables in the triggers' search path.
        sql.SQL("REVOKE CREATE, TEMPORARY ON DATABASE {} FROM PUBLIC, {}").format(database, name),
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC, {}").format(name),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(name),
        sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}").format(name),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(name),
        # SELECT too: the nightly backup is made with this role, and reads where they stand.
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
        sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.SQL(", ").join(append_only), name),
        sql.SQL("REVOKE DELETE ON {} FROM {}").format(sql.Identifier(CONTEXT_TABLE), name),
        sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(name),
        # A table created later by a bare `migrate` can be read and added to; other rights come with this command.
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO {}").format(name),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}").format(name),
        # pgtrigger lets every session switch off its triggers with SET pgtrigger.ignore. Here no session may.
        sql.SQL(
            "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN "
            "LANGUAGE plpgsql STABLE AS 'BEGIN RETURN FALSE; END'"
        ),
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def index_what_is_missing() -> None:
    """Write the search vectors of public pledges that have none: a migration empties them if search is to find more.
    Retracted pledges never have any. Runs on the default connection."""
    public = visibility.public_pledges().filter(models.Q(search_en=None) | models.Q(search_es=None))
    fulltext.index(public.order_by().values_list("pk", flat=True))


def append_only_tables() -> set[str]:
    """The tables whose rows may only be added and read: models with `append_only = True`, and all history."""
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and (getattr(model, "append_only", False) is True or issubclass(model, pghistory.models.Event))
    }
