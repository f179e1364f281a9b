"""The public API at /api/v1 over HTTP: what clients send, and what they get."""

from datetime import date
from urllib.parse import urlsplit

import pytest
from django.core.cache import caches
from django.utils import timezone

from pledges.actions import publishing
from pledges.models import Indicator
from pledges.queries import pulse
from pledges.site.shared import limits
from pledges.tests.actions.test_pledge_corrections import correct
from pledges.tests.actions.test_retraction import retract
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
BEGIN_OF_A_MINUTE = 1_764_500_040  # seconds since the epoch; the clock of these tests stands still
OPERATIONS = [
    *("pledges", "pledges/harbour", "search?q=harbour", "updates", "evidence", "mandates", "mandates/vega"),
    *("indicators", "indicators/jobs", "editions", "editions/2", "changes?from_edition=0", "openapi.json"),
]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """`clock[0]` is the time by which requests are counted."""
    now = [BEGIN_OF_A_MINUTE + 15]
    monkeypatch.setattr(limits, "time", lambda: now[0])
    return now


@pytest.fixture
def pledges():
    """Edition 1 and 4 publish a pledge, 2 and 3 an update of the first, 5 an indicator."""
    vega = factories.MandateFactory(slug="vega")
    mended = factories.PublishedPledgeFactory(
        slug="harbour",
        mandate=vega,
        topics=[factories.TopicFactory(slug="ports")],
        wording__title_en="Mend the harbour",
    )
    factories.PublishedUpdateFactory(pledge=mended, happened_on=date(2024, 3, 1), status="in_progress")
    factories.PublishedUpdateFactory(pledge=mended, happened_on=date(2024, 7, 1), status="kept", text_en="It stands.")
    other = factories.PublishedPledgeFactory(slug="lighthouse", mandate=vega, wording__title_en="Paint the lighthouse")
    jobs = factories.IndicatorFactory(slug="jobs")
    factories.ObservationFactory(indicator=jobs)
    publishing.record_change(jobs, by=factories.EditorFactory())
    pulse.refresh()
    return mended, other


@pytest.fixture
def read(client):
    """`read("pledges?limit=1")`: the answer, whose status is checked."""

    def get(where, status=200, **headers):
        response = client.get(f"/api/v1/{where}", headers=headers)
        assert response.status_code == status, response.content
        return response

    return get


def slugs(answer):
    return [row["slug"] for row in answer.json()["results"]]


def marked(problem):
    """The parameters to mend."""
    return [each["parameter"] for each in problem.json()["errors"]]


def test_pledges_with_the_filters_and_the_search_of_the_list(pledges, read):
    answer = read("pledges")
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert slugs(answer) == ["harbour", "lighthouse"]
    assert slugs(read("pledges?status=kept&status=broken&topic=ports")) == ["harbour"]
    assert slugs(read("pledges?q=paint")) == ["lighthouse"]
    assert slugs(read("pledges?sort=title&limit=1")) == ["harbour"]


def test_as_of_an_edition_and_of_a_day(pledges, client, read):
    then = read("pledges?edition=2").json()
    assert [(row["slug"], row["status"]) for row in then["results"]] == [("harbour", "in_progress")]
    page = urlsplit(then["results"][0]["url_en"])
    assert (page.query, client.get(f"{page.path}?{page.query}").status_code) == ("edition=2", 200)
    assert read("pledges/harbour?on=2024-05-01").json()["status"] == "in_progress"
    assert read("updates?edition=2").json()["count"] == 1
    assert read("mandates?on=2020-01-01").json()["results"] == []
    assert read("indicators?edition=4").json()["results"] == []
    assert marked(read("editions/5?edition=4", 404)) == ["number"]


def test_a_mandate_is_listed_from_the_edition_that_names_it(pledges, read):
    later = factories.PublishedPledgeFactory(mandate=factories.MandateFactory(slug="later", starts_on=date(2023, 1, 1)))
    pulse.refresh()
    assert later.mandate.slug in slugs(read("mandates"))
    assert slugs(read("mandates?edition=5")) == ["vega"]
    read("mandates/later?edition=5", 404)


def test_a_mandate_without_pledges_may_be_asked_for_from_the_edition_that_published_it(pledges, read):
    later = factories.MandateFactory(slug="later", starts_on=date(2025, 5, 24), ends_on=None)
    assert marked(read("pledges?mandate=later", 422)) == ["mandate"], "it is a draft"
    publishing.record_change(later, by=factories.EditorFactory())
    pulse.refresh()
    for where in ("pledges?mandate=later", "pledges?mandate=later&q=harbour", "evidence?mandate=later"):
        assert read(where).json()["count"] == 0
    assert slugs(read("pledges?mandate=later&mandate=vega&sort=title")) == ["harbour", "lighthouse"]
    assert read("changes?mandate=later&since=2025-01-01").json()["kinds"] == {"mandate": 1}
    assert read("changes?mandate=later&since=2024-01-01&to=2024-02-01").json()["count"] == 0
    for where in ("pledges?mandate=later&edition=5", "changes?mandate=later&since=2025-01-01&edition=5"):
        assert marked(read(where, 422)) == ["mandate"]


def test_a_topic_that_pledges_no_longer_have_may_be_asked_for_in_changes(pledges, read):
    retract(pledges[0])
    pulse.refresh()
    assert read("changes?topic=ports&from_edition=5").json()["kinds"] == {"retracted": 1}
    assert read("changes?topic=ports&from_edition=3&to_edition=4").json()["count"] == 0
    assert marked(read("changes?topic=ports&from_edition=6", 422)) == ["topic"]


def test_a_walk_sees_each_row_once_whatever_is_published_meanwhile(client, read):
    expected = [
        factories.PublishedPledgeFactory(slug=f"pledge-{number}", wording__title_en=f"Pledge {number}").slug
        for number in range(5)
    ]
    answer, seen = read("pledges?sort=title&limit=2").json(), []
    assert answer["count"] == 5
    while True:
        seen += [row["slug"] for row in answer["results"]]
        assert answer["edition"] == 5
        if not answer["next"]:
            break
        factories.PublishedPledgeFactory(wording__title_en="A title that comes first")
        pulse.refresh()
        assert answer["next"].startswith("http://testserver/api/v1/pledges?sort=title&limit=2&cursor=")
        answer = client.get(answer["next"]).json()
    assert seen == expected


def test_a_cursor_belongs_to_its_list(pledges, read):
    following = read("pledges?limit=1").json()["next"].partition("cursor=")[2]
    assert slugs(read(f"pledges?limit=7&cursor={following}")) == ["lighthouse"], "another limit is no other list"
    invented = ["x", "W10", "bnVsbA", "WzEsIjIwMjQtMDEtMDEiLDEsIngiXQ", "%00", "á", "a" * 300]
    for wrong in (f"topic=ports&cursor={following}", *(f"cursor={cursor}" for cursor in invented)):
        assert marked(read(f"pledges?{wrong}", 422)) == ["cursor"]


def test_an_etag_is_answered_with_304_and_kept_answers_cost_no_query(pledges, read, django_assert_num_queries):
    answers = {where: read(where) for where in OPERATIONS}
    with django_assert_num_queries(0):
        for where, answer in answers.items():
            again = read(where, 304, if_none_match=answer["ETag"])
            assert (again.content, again["ETag"]) == (b"", answer["ETag"])
            assert {each["Access-Control-Allow-Origin"] for each in (answer, again)} == {"*"}
            if "q=" not in where:  # there is no limit to searches
                assert read(where).content == answer.content
    factories.SourceFactory(last_success_at=timezone.now())
    pulse.refresh()
    for where, answer in answers.items():
        assert read(where, 304, if_none_match=answer["ETag"]), "no answer shows that sources were read"
    factories.PublishedPledgeFactory()
    pulse.refresh()
    for where, answer in answers.items():
        assert read(where, if_none_match=answer["ETag"])["ETag"] != answer["ETag"]


def test_scripts_in_other_sites_pages_may_ask(client, read):
    asked = client.options("/api/v1/pledges")
    assert (asked.status_code, asked["Access-Control-Allow-Headers"]) == (204, "Accept-Language, If-None-Match")
    for answer in (asked, read("pledges?on=x", 422), read("moon", 404), client.post("/api/v1/pledges")):
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.head("/api/v1/pledges").status_code == 200


def test_what_cannot_be_is_marked_and_said_how_to_mend(pledges, read):
    expected = {
        "pledges": ["on=tomorrow", "on=2999-01-01", "on=20240601",
                    "on=", "on=%20", "edition=first", "edition=0", "limit=0", "limit=201",
                    "status=finished", "topic=moon", "since=2999-01-01", "sort=size", "statuss=kept",
                    "topic=", "institution=", "mandate=", f"q={'a' * 201}"],
        "pledges/harbour": ["limit=1"],
        "search": ["q=", "q=%00"],
        "updates": ["pledge=moon"],
        "evidence": ["pledge=moon", "mandate=moon", "topic="],
        "changes": ["kind=gossip", "to=2024-01-01&since=2024-02-01", "on=2024-01-01&from_edition=1",
                    "from_edition=1&since=2024-01-01", "to_edition=99", "to_edition=3&edition=2",
                    "topic=moon", "mandate=moon", "topic=moon&kind=status"],
    }  # fmt: skip
    for path, queries in expected.items():
        for query in queries:
            answer = read(f"{path}?{query}", 422)
            problem = answer.json()
            assert answer["Content-Type"] == "application/problem+json"
            assert (problem["status"], problem["type"]) == (422, "about:blank")
            assert marked(answer) == [query.partition("=")[0]], query
            assert problem["errors"][0]["detail"] in problem["detail"]
    assert marked(read("search", 422)) == ["q"]
    assert marked(read("pledges?limit=0&status=finished", 422)) == ["limit", "status"]


def test_what_is_not_there(pledges, read):
    expected = {
        "pledges?edition=99": ["edition"], "pledges/moon": ["slug"], "pledges/lighthouse?edition=3": ["slug"],
        "mandates/moon": ["slug"], "indicators/moon": ["slug"], "editions/99": ["number"],
        "editions/99999999999999999999": ["number"], "moon": [], "": [], "pledges/": [], "pledges/á": [],
    }  # fmt: skip
    for where, parameters in expected.items():
        answer = read(where, 404)
        assert answer["Content-Type"] == "application/problem+json"
        assert marked(answer) == parameters, where


def test_a_retracted_pledge_says_so(pledges, read):
    retract(pledges[1])
    pulse.refresh()
    problem = read("pledges/lighthouse", 410).json()
    assert (problem["status"], problem["slug"], problem["retracted"]["edition"]) == (410, "lighthouse", 6)
    assert problem["retracted"]["note_en"]
    assert read("pledges/lighthouse?edition=4").json()["retracted"]["edition"] == 6
    assert marked(read("pledges/lighthouse?edition=3", 404)) == ["slug"], "that edition still says nothing of it"
    assert slugs(read("pledges")) == ["harbour"]


def test_an_earlier_address_leads_to_the_present_one(pledges, client, read):
    correct(pledges[0], slug="port")
    moved = read("pledges/harbour?edition=2", 301)
    assert moved["Location"] == "/api/v1/pledges/port?edition=2"
    assert moved["Access-Control-Allow-Origin"] == "*"
    then = client.get(moved["Location"]).json()
    assert (then["slug"], then["status"], then["corrections"]) == ("harbour", "in_progress", [])
    [correction] = read("pledges/port").json()["corrections"]
    assert (correction["before"]["slug"], correction["after"]["slug"]) == ("harbour", "port")
    assert (correction["edition"], correction["note_en"]) == (6, "We had mistyped it.")
    assert read("updates?pledge=harbour").json()["count"] == 2


def test_it_is_only_read(client):
    for method in ("post", "put", "patch", "delete", "trace"):
        answer = getattr(client, method)("/api/v1/pledges")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer["Content-Type"] == "application/problem+json"


def test_errors_are_in_the_language_that_the_client_asks_for(read):
    assert "year, month and day" in read("pledges?on=2024-6-1", 422).json()["detail"]
    for where in ("pledges?on=2024-6-1", "changes?since=2024-02-01&to=2024-01-01"):
        texts = {read(where, 422, accept_language=code).json()["detail"] for code in ("en", "es")}
        assert len(texts) == 2, where


def test_a_network_may_send_so_many_requests_in_a_minute(client, read, settings, clock):
    settings.API_REQUESTS_PER_MINUTE = 2
    read("pledges")
    read("moon", 404)
    refused = read("pledges", 429)
    assert refused["Retry-After"] == "45"
    assert refused["Content-Type"] == "application/problem+json"
    assert client.get("/api/v1/pledges", REMOTE_ADDR="198.51.100.7").status_code == 200, "another network"
    clock[0] = BEGIN_OF_A_MINUTE + 59.9
    assert read("pledges", 429)["Retry-After"] == "1"
    clock[0] = BEGIN_OF_A_MINUTE + 60
    read("pledges")
    settings.API_REQUESTS_PER_MINUTE = 0
    for _request in range(3):
        read("pledges")


def test_a_network_is_what_a_trusted_proxy_says(client, settings):
    settings.API_REQUESTS_PER_MINUTE, settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1, 1

    def status(address):
        return client.get("/api/v1/pledges", headers={"X-Forwarded-For": address}).status_code

    assert [status("192.0.2.1"), status("192.0.2.1"), status("192.0.2.2")] == [200, 429, 200]
    assert status("192.0.2.9, 192.0.2.1") == 429, "only the proxy's own entry counts"
    assert [status("2001:db8::1"), status("2001:db8::2"), status("2001:db8:1::1")] == [200, 429, 200]


def test_without_the_broker_each_process_counts(read, settings, broker_away):
    settings.API_REQUESTS_PER_MINUTE = 1
    read("pledges")
    assert read("pledges", 429)["Retry-After"]


def test_many_rows_cost_as_many_queries_as_few(pledges, read, django_assert_max_num_queries):
    for number in range(3):
        more = factories.PublishedPledgeFactory(slug=f"more-{number}", wording__title_en=f"A harbour of {number} piers")
        factories.PublishedUpdateFactory(pledge=more)
        factories.PublishedUpdateFactory(pledge=pledges[0], happened_on=date(2024, 8, 1 + number))
    indicators = [Indicator.objects.get(), factories.IndicatorFactory(), factories.IndicatorFactory()]
    for year in (2020, 2021, 2022):
        for indicator in indicators:
            span = {"starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}
            factories.ObservationFactory(indicator=indicator, **span)
    publishing.record_change(*indicators, by=factories.EditorFactory())
    publishing.record_change(*(factories.TopicFactory() for _number in range(3)), by=factories.EditorFactory())
    pulse.refresh()
    read("pledges?q=x")  # standings are read once in a process
    newest = f"editions/{pulse.current().edition}"
    lists = [newest if "editions/" in where else where for where in OPERATIONS]
    for where in lists:
        if where in ("pledges/harbour", "mandates/vega", "openapi.json"):
            continue
        counts = []
        for limit in (2, 100):
            caches["pages"].clear()
            with django_assert_max_num_queries(50) as counted:
                answer = read(f"{where}{'&' if '?' in where else '?'}limit={limit}")
            counts.append((len(counted), len(answer.json()["results"])))
        [few, many] = counts
        assert few[0] == many[0] and few[1] == 2 < many[1], where
