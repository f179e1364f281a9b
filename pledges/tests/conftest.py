"""The first data set, loaded once and copied for each module; and nothing that a process remembers outlives a test."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import translation

from pledges.tests.support import factories, other_database, snapshots, watched
from tracker.breaker import BREAKERS


@pytest.fixture(autouse=True)
def fresh_process(empty_cache):
    """A request leaves its language behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def broker_away(empty_cache, monkeypatch):
    """As after a call to the broker that was not answered: nothing is sent to it, and nothing is read from it."""
    breaker = BREAKERS["broker"]
    monkeypatch.setattr(breaker, "seconds", 3600)
    breaker.open(ConnectionRefusedError("the broker is away"))
    yield
    breaker.close()


@pytest.fixture(scope="session")
def loaded_database(django_db_setup, django_db_blocker) -> str:
    """The name of a database with the first data set: copying it takes a tenth of the time that loading takes."""
    name = "test_first_edition"
    with django_db_blocker.unblock(), other_database.copied(connection.settings_dict["NAME"], name):
        call_command("load_first_edition", verbosity=0)
    return name


@pytest.fixture(scope="module")
def first_edition(loaded_database, django_db_blocker):
    """The first data set in the database, for all tests of the module: a copy of its own, which is dropped at its end.

    The module's tests need `db` (not `transactional_db`, which empties the database): each one's changes are undone.
    """
    with django_db_blocker.unblock(), other_database.copied(loaded_database, "test_copy", drop=True):
        yield


@pytest.fixture(scope="session")
def recorded_database(django_db_setup, django_db_blocker) -> tuple[str, snapshots.Record]:
    """The name of a database with the record of `support.snapshots`, and that record."""
    name = "test_record"
    with django_db_blocker.unblock(), other_database.copied(connection.settings_dict["NAME"], name):
        return name, snapshots.make_record()


@pytest.fixture(scope="module")
def record(recorded_database, django_db_blocker):
    """The record of `support.snapshots` in the database, as `first_edition` has the first data set."""
    name, record = recorded_database
    with django_db_blocker.unblock(), other_database.copied(name, "test_copy_of_record", drop=True):
        yield record


@pytest.fixture
def own_first_edition(loaded_database):
    """The first data set for one test with `transactional_db`, in a database that is dropped with all it does there."""
    with other_database.copied(loaded_database, "test_copy", drop=True):
        yield


@pytest.fixture(scope="session")
def address():
    """`address("pledge", "new-prisons", language="es")`: where a page stands in a language."""

    def find(name: str, *args, language: str = "en") -> str:
        with translation.override(language):
            return reverse(name, args=args)

    return find


@pytest.fixture
def reporter(client):
    """A reporter who is logged in."""
    user = factories.ReporterFactory(byline="Rosa")
    client.force_login(user)
    return user


@pytest.fixture
def editor(client):
    """An editor who is logged in."""
    user = factories.EditorFactory(byline="Elena")
    client.force_login(user)
    return user


@pytest.fixture
def mandate():
    """A mandate in which pledges are made."""
    return factories.MandateFactory()


@pytest.fixture
def two_candidates():
    """A document with two open candidates: (document, first, second)."""
    row = factories.IntakeFactory()
    first = factories.CandidateFactory(intake=row, deadline=date(2025, 1, 1), deadline_precision="year")
    return row, first, factories.CandidateFactory(intake=row, sentence="We will plant trees.", action="plant trees")


@pytest.fixture
def patience(monkeypatch):
    """Documents are waited for: other work on this machine is no reason to fail."""
    monkeypatch.setattr("pledges.jobs.documents.PATIENCE", 120.0)


@pytest.fixture
def web(settings):
    """A site on the loopback that the watch may read (see `watched.Web`)."""
    site = watched.Web()
    settings.SAMPLE_NEWSWIRE = site.origin
    settings.WATCH_HOST_DELAY_SECONDS = 0
    yield site
    if site.thread.is_alive():
        site.close()


@pytest.fixture(autouse=True)
def told(monkeypatch):
    """What tasks tell the workers, as (task, id), instead of messages to the broker; without an id it is None."""
    from pledges import jobs

    messages = []

    def note(name, ids=None):
        messages.extend((name, pk) for pk in ids or [None])

    monkeypatch.setattr(jobs.read_sources, "delay", lambda: note("read_sources"))
    monkeypatch.setattr(jobs.read_articles, "delay", lambda ids=None: note("read_article", ids))
    monkeypatch.setattr(jobs.find_source, "delay", lambda pk: note("find_source", [pk]))
    for task in (jobs.read_sources, jobs.read_articles):
        monkeypatch.setattr(task, "apply_async", lambda **_options: None)
    return messages


@pytest.fixture(autouse=True)
def checks_in_this_thread(monkeypatch, request):
    """The checks of /readyz see what the test has not committed. The mark `threads` leaves them in threads."""
    from pledges.jobs import readiness

    if not request.node.get_closest_marker("threads"):
        monkeypatch.setattr(readiness._Running, "start", readiness._Running.run)
        monkeypatch.setattr(readiness._Running, "join", lambda *_seconds: None)
        monkeypatch.setattr(readiness, "connections", type("Kept", (), {"close_all": staticmethod(lambda: None)}))
