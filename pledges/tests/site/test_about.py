"""The pages about the tracker itself, and what stands on every page: the ways, the words for who shows a link."""

import html
import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from pledges.actions import edition_snapshots, publishing
from pledges.domain import rules
from pledges.models import FAILURE_LABELS, STATUS_LABELS, TIMELINESS_LABELS, Article, Edition, Newsroom
from pledges.queries import pulse
from pledges.site import definitions
from pledges.site.shared import navigation
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("language", ["en", "es"])
ABOUT = ["methodology", "watch", "data", "accessibility", "contact", "editions", "corrections"]


@pytest.fixture
def page(client, address):
    """The HTML of a page that answers with 200, entities resolved."""

    def get(name, *args, language="en", query=""):
        response = client.get(address(name, *args, language=language) + query)
        assert response.status_code == 200
        return html.unescape(response.content.decode())

    return get


def commands(text):
    """The commands that a page prints, as one would copy them."""
    return [html.unescape(re.sub(r"<[^>]+>", "", block)) for block in re.findall(r"<pre.*?</pre>", text, re.DOTALL)]


# --- what stands on every page --------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("name", ABOUT)
def test_each_page_is_reached_from_every_other_and_says_where_one_is(client, address, name, language):
    factories.PublishedPledgeFactory()
    where = address(name, language=language)
    assert f'href="{where}"' in client.get(address("home", language=language)).content.decode()
    text = client.get(where).content.decode()
    assert f'<a href="{where}" aria-current="page">' in text
    assert text.count("aria-current=") == 1


def test_a_page_within_another_marks_the_one_that_it_belongs_to(client, address):
    pledge = factories.PublishedPledgeFactory()
    text = client.get(address("pledge", pledge.slug)).content.decode()
    assert f'<a href="{address("pledges")}" aria-current="true">' in text


def test_the_ways_keep_the_day_that_the_page_is_of_where_there_is_one(client, address):
    factories.PublishedPledgeFactory()
    text = client.get(address("home") + "?on=2024-06-01").content.decode()
    assert f'href="{address("mandates")}?on=2024-06-01"' in text
    assert f'href="{address("methodology")}"' in text


@BOTH
def test_pages_say_what_they_are_about_and_where_they_stand(client, address, language):
    newsroom = Newsroom.get()
    newsroom.about_en, newsroom.about_es = 'Who "keeps" what <was> said.', 'Quién "cumple" lo <que> dijo.'
    newsroom.save()
    factories.PublishedPledgeFactory()
    titles, about = {}, {}
    for name in ["home", *ABOUT]:
        where = address(name, language=language)
        text = client.get(where).content.decode()
        assert f'<link rel="canonical" href="http://testserver{where}">' in text
        titles[name] = re.search(r"<title>(.*?)</title>", text).group(1)
        assert f'<meta property="og:title" content="{titles[name]}">' in text
        about[name] = re.search(r'<meta name="description" content="(.*?)">', text).group(1)
        assert f'<meta property="og:description" content="{about[name]}">' in text
    assert len(set(titles.values())) == len(titles)
    assert len(set(about.values())) == len(about)
    assert html.unescape(about["home"]) == (newsroom.about_en if language == "en" else newsroom.about_es)
    assert "<" not in about["home"]


CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)">')


@pytest.mark.parametrize("path", ["", "pledges/", "pledges/harbour/", "mandates/", "indicators/", "corrections/"])
def test_a_page_of_another_time_is_not_indexed_and_its_canonical_address_is_its_own(client, path):
    """Whoever saves or cites it by that address gets what they saw."""
    factories.PublishedUpdateFactory(pledge=factories.PublishedPledgeFactory(slug="harbour"))

    def head(query):
        text = client.get(f"/en/{path}{query}").content.decode()
        assert "noindex" in text
        return [html.unescape(address) for address in CANONICAL.findall(text)]

    here = f"http://testserver/en/{path}"
    assert head("?edition=02&utm=x") == [f"{here}?edition=2"]
    today = timezone.localdate().isoformat()
    assert head(f"?edition=2&on={today}") == head(f"?on={today}&edition=2") == [f"{here}?on={today}&edition=2"]


def test_the_public_address_is_the_one_that_is_set(client, address, settings):
    settings.SITE_URL = "https://pledges.example.org"
    factories.PublishedPledgeFactory()
    text = client.get(address("pledges") + "?sort=title&utm=x").content.decode()
    assert '<link rel="canonical" href="https://pledges.example.org/en/pledges/?sort=title">' in text


# --- the front page ---------------------------------------------------------------------------------------------------


def test_the_front_page_asks_first_and_answers_the_usual_questions(client, address):
    mandate = factories.MandateFactory()
    pledge = factories.PublishedPledgeFactory(mandate=mandate, made_on=mandate.starts_on)
    factories.PublishedUpdateFactory(pledge=pledge, status="kept")
    text = client.get(address("home")).content.decode()
    assert text.index('role="search"') < text.index("What is overdue?") < text.index('class="tally')
    links = dict(re.findall(r'<li><a href="([^"]*)">([^<]*\?)</a></li>', text))
    assert {"/en/pledges/?deadline=overdue", "/en/pledges/?status=kept"} <= set(links)
    for where in links:
        assert client.get(where if where.startswith("/") else f"/en/{where}").status_code == 200
    assert f"?on={mandate.starts_on.isoformat()}" in links


# --- the methodology --------------------------------------------------------------------------------------------------


@BOTH
def test_the_methodology_gives_every_word_of_the_rules_its_meaning_and_an_address(page, language):
    text = page("methodology", language=language)
    with translation.override(language):
        for kind, words, labels in (
            ("status", definitions.STATUSES, STATUS_LABELS),
            ("failure", definitions.FAILURES, FAILURE_LABELS),
            ("deadline", definitions.TIMELINESS, TIMELINESS_LABELS),
        ):
            assert set(words) == set(labels)
            for value, meaning in words.items():
                row = text[text.index(f'id="{kind}-{value}"') :].partition("</tr>")[0]
                assert str(labels[value]) in row
                assert str(meaning) in row
    assert str(rules.DUE_SOON_DAYS) in text


def test_everything_that_is_listed_on_a_page_is_there(page):
    factories.PublishedPledgeFactory()
    for name in ABOUT:
        text = page(name)
        for anchor in re.findall(r'href="#([^"]+)"', text):
            assert f'id="{anchor}"' in text, (name, anchor)


# --- the data ---------------------------------------------------------------------------------------------------------


@BOTH
def test_what_can_be_taken_along_is_at_the_addresses_that_are_given(client, page, language):
    """One by one: those that need a page's name with the names of pages that there are."""
    pledge = factories.PublishedPledgeFactory(slug="harbour")
    edition_snapshots.make(Edition.objects.get())
    text = page("data", language=language)
    with translation.override(language):
        links = [(link, link.address) for _kind, links in navigation.OFFERS for link in links if link.address]
        assert links
        for link, address in links:
            assert address in text
            mandate = pledge.mandate.slug
            where = address.replace("SLUG", mandate if link.name.startswith("mandate") else pledge.slug)
            if not link.name.startswith("indicator"):
                assert client.get(where, follow=True).status_code == (200 if link.opens else 405), link.name


# --- the watch --------------------------------------------------------------------------------------------------------


def lead(days_ago, state="open", **options):
    now = timezone.now() - timedelta(days=days_ago)
    decided = {} if state == "open" else {"decided_by": factories.EditorFactory(), "decided_at": now}
    reason = {"dismiss_reason": "not_about"} if state == "dismissed" else {}
    article = factories.ArticleFactory(found_at=now, state=options.pop("article", Article.State.READ))
    return factories.LeadFactory(article=article, raised_at=now, state=state, **decided, **reason, **options)


def test_the_watch_is_told_in_numbers(page):
    lead(2, "accepted")
    lead(3, "dismissed")
    lead(4, "dismissed", article=Article.State.FAILED)
    lead(5)
    lead(6, raised_by=factories.EditorFactory())  # a person's
    lead(200, "accepted")
    lead(400, "accepted")  # longer ago than a year
    text = page("watch")
    rows = {
        re.sub(r" \(.*", "", label).strip(): [cell.strip() for cell in re.findall(r'<td class="num">(.*?)</td>', cells)]
        for label, cells in re.findall(r'<tr><th scope="row">([^<]*)</th>((?:<td class="num">[^<]*</td>)+)</tr>', text)
    }
    assert rows == {
        "articles found": ["5", "6"],
        "of these read in full": ["4", "5"],
        "of these not readable": ["1", "1"],
        "leads raised": ["4", "5"],
        "of these decided by people": ["3", "4"],
        "accepted": ["1", "2"],
        "share of the decided that was accepted": ["33%", "50%"],
    }
    assert "not about this pledge (2)" in text
    assert "too few decisions yet" in text


def test_before_anything_was_decided_no_share_is_made_up(page):
    text = page("watch")
    assert re.findall(r'<td class="num">\s*([^<\d\s]*)\s*</td>', text) == ["–", "–"]
    assert "No source is watched yet." in text


def test_each_source_says_how_it_does(page):
    now, long_ago = timezone.now(), timezone.now() - timedelta(days=40)
    expected = {}

    def source(words, **how):
        expected[factories.SourceFactory(**how).name] = words

    source("is read without trouble", last_success_at=now)
    source("was added and is not read yet")
    source("cannot be reached since", last_success_at=now, failing_since=now, failure="HTTP 403", failures=3)
    source(
        "answers, but has brought nothing new since", last_success_at=now, last_item_at=long_ago, usual_gap_minutes=9
    )
    source("gone for good", active=False, gone_at=now)
    source("not watched<", active=False, note_en="It asked us to stop.")
    text = page("watch")
    for name, words in expected.items():
        row = text[re.search(rf'<th scope="row">\s*{re.escape(name)}', text).start() :].partition("</tr>")[0]
        assert words in re.sub(r"\s+<", "<", row)
    assert "HTTP 403" not in text and "asked us to stop" not in text  # that is for editors


def test_a_hundred_sources_cost_as_many_queries_as_one_and_come_in_pages(client, address):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("watch")).status_code == 200
        return len(queries)

    factories.SourceFactory()
    client.get(address("watch"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pledges.site.shared.page_store.read", lambda _key: None)
        patch.setattr("pledges.site.shared.front.pages.get", lambda _address: None)
        one = cost()
        for _ in range(105):
            factories.SourceFactory()
        assert cost() == one
        assert client.get(address("watch") + "?page=2").content.decode().count('<th scope="row">') == 7 + 6


# --- who keeps it -----------------------------------------------------------------------------------------------------


def test_the_contact_is_the_newsrooms(page):
    assert "has given no address" in page("contact")
    newsroom = Newsroom.get()
    newsroom.contact_email = "desk@daily.example"
    newsroom.save()
    publishing.record_change(newsroom, by=factories.EditorFactory())
    pulse.refresh()
    text = page("contact")
    assert 'href="mailto:desk@daily.example"' in text
    assert 'href="mailto:desk@daily.example?subject=Mistake%20in%20the%20pledge%20tracker&body=Page%3A%0D%0A' in text


# --- the editions, and how to check them ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_commands_that_are_printed_do_what_is_said(live_server, client, address, tmp_path):
    for _ in range(2):
        factories.PublishedPledgeFactory()
    last = Edition.objects.first()
    assert last.number > 1
    where = address("editions")
    with_host = client.get(where, headers={"Host": live_server.url.removeprefix("http://")}).content.decode()
    one, chain, verify = commands(with_host)
    (tmp_path / "python3").symlink_to(sys.executable)
    own = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "no_proxy": "*"}
    if not shutil.which("curl"):  # what it would fetch
        fetch, _newline, one = one.partition("\n")
        path = re.search(r'"http://[^/]+(/[^"]+)"', fetch).group(1)
        (tmp_path / "edition.json").write_bytes(client.get(path).content)

    def run(command):
        return subprocess.run(["sh", "-c", command], cwd=tmp_path, env=own, capture_output=True, text=True, check=False)

    assert run(one).stdout == f"True {last.hash}\n"
    assert run(chain).stdout == f"{last.hash}\n"
    assert verify == "python manage.py verify"
    # And they see what was changed: here in the reader's copy, there in the newsroom's own database.
    copy = tmp_path / "edition.json"
    copy.write_text(copy.read_text().replace(last.publisher, "Somebody else"))
    check = one.partition("\n")[2] if one.startswith("curl") else one
    assert run(check).stdout.startswith("False ")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pledges_edition DISABLE TRIGGER USER")
        cursor.execute("UPDATE pledges_edition SET publisher = 'Somebody else' WHERE number = 1")
        cursor.execute("ALTER TABLE pledges_edition ENABLE TRIGGER USER")
    empty_caches()
    assert "edition 1 was changed" in run(chain).stderr


def test_the_commands_are_of_the_edition_that_the_page_is_of(page):
    for _ in range(2):
        factories.PublishedPledgeFactory()
    assert "editions/1.json" in page("editions", query="?edition=1")
    assert "editions/2.json" not in page("editions", query="?edition=1")


def test_before_the_first_edition_there_is_nothing_to_check(page):
    assert commands(page("editions")) == []
