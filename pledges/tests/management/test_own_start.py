"""`make run EMPTY=1`: what it puts into the database, and that later starts leave a tracker of one's own alone."""

import copy
import json
import stat

import pytest
from django.core.management import CommandError
from django.db import connections

from pledges.models import Newsroom, Pledge, User
from pledges.tests.management.test_loading import DATA, TABLES, counts, run
from tracker import embedded, first_start

pytestmark = pytest.mark.django_db
HERE = "http://127.0.0.1:8001"


@pytest.fixture
def state(settings, monkeypatch, tmp_path):
    """The state folder of `make run`, empty; its commands run on the tests' database."""
    settings.EMBEDDED = True
    monkeypatch.setattr(embedded, "STATE_DIR", tmp_path)
    monkeypatch.setattr("pledges.management.commands.prepare_database.Command.handle", lambda *_args, **_options: None)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    return tmp_path


def test_empty_loads_no_first_data_set(settings):
    settings.EMPTY = True
    with pytest.raises(CommandError, match="EMPTY is set"):
        run("load_first_edition")
    assert not Newsroom.objects.exists()


def test_an_empty_start_has_one_account_and_later_starts_leave_it_so(settings, state):
    settings.EMPTY, settings.SAMPLE_NEWSWIRE = True, HERE
    said = first_start.prepare(HERE)
    user = User.objects.get()
    password = (state / "first-account").read_text()
    assert f"log in as publisher with the password {password}" in said
    assert f"{HERE}/admin/" in said
    assert "America/Guayaquil" in said
    assert (user.username, user.check_password(password)) == ("publisher", True)
    assert stat.S_IMODE((state / "first-account").stat().st_mode) == 0o600
    assert settings.SAMPLE_NEWSWIRE == ""
    assert embedded.kept_time_zone() == "America/Guayaquil"

    settings.EMPTY = False
    assert password in first_start.prepare(HERE)
    assert counts() == dict.fromkeys(TABLES, 0) | {User: 1}
    user.set_password("another")
    user.save()
    said = first_start.prepare(HERE)
    assert "log in with your own account" in said
    assert password not in said


def test_empty_on_the_demonstration_is_refused_with_what_to_do_and_nothing_is_changed(settings, state):
    first_start.prepare(HERE)
    before = counts()
    settings.EMPTY = True
    with pytest.raises(SystemExit, match="make run EMPTY=1 STATE_DIR=my-tracker"):
        first_start.prepare(HERE)
    assert counts() == before
    settings.EMPTY = False
    assert "reporter" in first_start.prepare(HERE)


def test_a_data_set_of_ones_own_is_no_demonstration(settings, state, tmp_path):
    data = copy.deepcopy(DATA) | {"pledges": [], "indicators": [], "sources": [], "mandates": []}
    file = tmp_path / "own.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    run("load_first_edition", str(file))
    first_start.prepare(HERE)
    assert not Pledge.objects.exists()


@pytest.mark.parametrize("zone", ["Lima", "../etc/passwd", "America/"])
def test_a_time_zone_that_does_not_exist_is_said_before_anything_is_started(monkeypatch, zone):
    monkeypatch.setenv("TIME_ZONE", zone)
    with pytest.raises(SystemExit, match="such as America/Lima"):
        first_start.check_environment()
