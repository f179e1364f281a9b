"""Copies of a database on the tests' server, and the tests' connection led to one of them."""

import contextlib
from collections.abc import Iterator

import psycopg
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from psycopg import sql

from pledges.management.commands import prepare_database
from tracker import embedded


@contextlib.contextmanager
def copied(source: str, name: str, *, drop: bool = False) -> Iterator[None]:
    """A copy of the database `source`, in which everything that this process asks of the database happens meanwhile.

    Threads that have a connection keep it: start them within. With `drop` nothing is left of the copy at the end.
    """
    before = connection.settings_dict["NAME"]
    connection.close()
    _run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}", sql.Literal(source))
    _run("CREATE DATABASE {} TEMPLATE {}", sql.Identifier(name), sql.Identifier(source))
    connection.settings_dict["NAME"] = name  # all threads' connections have this very dictionary
    ContentType.objects.clear_cache()  # each database has numbers of its own
    try:
        prepare_database.grant(settings.APP_DATABASE_ROLE)  # what a role may do with the database itself is not copied
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        ContentType.objects.clear_cache()
        if drop:
            _run("DROP DATABASE {} WITH (FORCE)", sql.Identifier(name))  # a server's threads may still be connected


@contextlib.contextmanager
def empty(name: str) -> Iterator[None]:
    """As `copied`, an empty database; within a test, whose transaction goes on untouched. It is dropped at the end."""
    _run("CREATE DATABASE {}", sql.Identifier(name))
    try:
        with connected_to(name):
            yield
    finally:
        _run("DROP DATABASE {} WITH (FORCE)", sql.Identifier(name))


@contextlib.contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Meanwhile this thread has another connection, to the database `name`, with a transaction of its own."""
    before = connections["default"]
    connections["default"] = other = connections.create_connection("default")
    other.settings_dict = before.settings_dict | {"NAME": name}
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        other.close()
        connections["default"] = before
        ContentType.objects.clear_cache()


def _run(statement: str, *values: sql.Composable) -> None:
    address = embedded.database_url(embedded.OWNER_ROLE, "postgres")
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*values))
