"""The commands of a first start: loading the data set once, verifying what is published, the demo accounts."""

import copy
import io
import json
import stat

import pytest
from django.core.management import CommandError, call_command

from pledges.management.commands import demo_accounts, load_first_edition
from pledges.models import (
    Edition,
    EditionItem,
    Evidence,
    Indicator,
    Mandate,
    Newsroom,
    Observation,
    Pledge,
    Source,
    Topic,
    Update,
    User,
    Wording,
)

pytestmark = pytest.mark.django_db
DATA = json.loads(load_first_edition.DATA.read_text(encoding="utf-8"))
TABLES = (
    Newsroom,
    Mandate,
    Topic,
    Pledge,
    Wording,
    Update,
    Evidence,
    Indicator,
    Observation,
    Source,
    Edition,
    EditionItem,
)


def run(name, *args, **options):
    out = io.StringIO()
    call_command(name, *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def counts():
    return {model: model.objects.count() for model in (*TABLES, User)}


def test_the_application_role_may_load_it(app_role):
    assert "Loaded as edition 1." in run("load_first_edition")


def test_the_sample_newswire_is_watched_where_it_is_served(settings):
    settings.SAMPLE_NEWSWIRE = "http://127.0.0.1:8001"
    run("load_first_edition")
    source = Source.objects.get(sample=True)
    assert source.url == "http://127.0.0.1:8001/newswire/feed.atom"
    assert source.interval_minutes == 1
    settings.SAMPLE_NEWSWIRE = "http://127.0.0.1:8002"
    run("load_first_edition")
    source.refresh_from_db()
    assert source.url == "http://127.0.0.1:8002/newswire/feed.atom"
    assert Source.objects.filter(sample=True).count() == 1


def broken(change):
    data = copy.deepcopy(DATA)
    change(data)
    return data


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.pop("topics"),
        lambda data: data["pledges"][3].update(title_en="", title_es=""),
        lambda data: data["pledges"][3]["topics"].append("no-such-topic"),
        lambda data: data["pledges"][3].update(mandate="no-such-mandate"),
        lambda data: data["pledges"][3]["updates"][0].update(evidence=[]),
        lambda data: data["pledges"][3]["updates"][0].update(happened_on="2024-13-45"),
        lambda data: data["pledges"][3]["updates"][0].update(happened_on="2999-01-01"),
        lambda data: data["pledges"][3]["updates"][0].update(status="banana"),
        lambda data: data["pledges"][3]["updates"][0].update(status="a status that is far too long"),
        lambda data: data["pledges"][3]["updates"][0].update(no_such_field=1),
        lambda data: data["pledges"][3]["updates"][0]["evidence"][0].update(url="javascript:alert(1)"),
        lambda data: data["pledges"][3].update(made_on=None),
        lambda data: data["pledges"][3].update(slug="not a slug/../"),
        lambda data: data["topics"][0].update(name_en="x" * 500),
        lambda data: data["topics"][0].update(name_en="nul\x00byte"),
        lambda data: data["indicators"][0]["observations"][0].update(value="many"),
        lambda data: data["sources"][0].update(url="not an address"),
        lambda data: data.update(pledges="text"),
        lambda data: data.update(pledges=[1]),
        lambda data: data.clear(),
    ],
)
def test_a_faulty_file_is_refused_in_words_and_nothing_is_loaded(tmp_path, change):
    file = tmp_path / "data.json"
    file.write_text(json.dumps(broken(change)))
    before = counts()
    with pytest.raises(CommandError) as refused:
        run("load_first_edition", str(file))
    assert "othing was loaded" in str(refused.value)
    assert counts() == before


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2]", b"null", b"\xff\xfe", b'"text"'])
def test_a_file_that_is_no_data_set_is_refused(tmp_path, content):
    file = tmp_path / "data.json"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=r"data\.json"):
        run("load_first_edition", str(file))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        run("load_first_edition", str(tmp_path / "nowhere.json"))


# --- demo accounts --------------------------------------------------------------------------------------------------


@pytest.fixture
def state_dir(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_accounts.embedded, "STATE_DIR", tmp_path)
    return tmp_path


@pytest.fixture
def embedded(settings, state_dir):
    settings.EMBEDDED = True
    return state_dir


def passwords(text):
    return dict(line.split() for line in text.splitlines())


def test_demo_accounts_can_log_in_and_do_what_their_group_may_and_no_more(client, embedded):
    shown = passwords(run("demo_accounts"))
    assert shown.keys() == {"reporter", "editor", "publisher"}
    for username, password in shown.items():
        assert len(password) >= 12
        assert client.login(username=username, password=password)
        user = User.objects.get(username=username)
        assert user.is_staff
        assert not user.is_superuser
        assert [group.name.lower() for group in user.groups.all()] == [username]


def test_they_are_the_same_at_the_second_start_and_kept_from_others(embedded):
    first = run("demo_accounts")
    assert run("demo_accounts") == first
    kept = embedded / "demo-accounts.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_new_database_gets_new_passwords(client, embedded):
    first = passwords(run("demo_accounts"))
    User.objects.all().delete()
    second = passwords(run("demo_accounts"))
    assert second.keys() == first.keys()
    assert not set(second.values()) & set(first.values())
    assert client.login(username="editor", password=second["editor"])


def test_there_are_none_in_production(settings, state_dir):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="createsuperuser"):
        run("demo_accounts")
    assert not User.objects.exists()
    assert list(state_dir.iterdir()) == []
