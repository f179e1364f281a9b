"""What a scraper gets where METRICS is set: requests, tasks, queues and work. No label is without end."""

import re

import pytest
from celery.signals import task_postrun, task_prerun
from django.utils import timezone

from pledges import jobs
from pledges.models import Lead
from pledges.queries import beat_tick, pulse
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def metrics():
    """The module, which a process loads only where METRICS is set."""
    from tracker import metrics

    task_prerun.connect(metrics._note_began)
    task_postrun.connect(metrics._note_ended)
    yield metrics
    task_prerun.disconnect(metrics._note_began)
    task_postrun.disconnect(metrics._note_ended)
    metrics.shutil.rmtree(metrics.DIRECTORY)


@pytest.fixture
def scrape(metrics):
    """`scrape()`: each series with its value."""

    def read() -> dict[str, float]:
        text = metrics.prometheus_client.generate_latest(metrics.registry([metrics.WorkCollector()])).decode()
        return {name: float(value) for name, value in re.findall(r"^(\w[^ ]*(?:\{.*\})?) (\S+)$", text, re.MULTILINE)}

    return read


def test_requests_are_counted_by_view_status_and_cache(client, address, scrape, settings):
    settings.MIDDLEWARE = ["tracker.metrics.RequestMetricsMiddleware", *settings.MIDDLEWARE]
    etag = [client.get(address("pledges")) for _again in range(2)][1]["ETag"]
    client.get(address("pledges"), HTTP_IF_NONE_MATCH=etag)
    for number in range(3):
        assert client.get(f"/wp-{number}.php").status_code == 404
    seen = scrape()
    assert seen['tracker_http_requests_total{cache="made",status="200",view="pledges"}'] == 1
    assert seen['tracker_http_requests_total{cache="hit",status="200",view="front"}'] == 1
    assert seen['tracker_http_requests_total{cache="hit",status="304",view="front"}'] == 1
    assert seen['tracker_http_requests_total{cache="made",status="404",view="none"}'] == 3
    assert seen['tracker_http_request_duration_seconds_count{view="pledges"}'] == 1
    assert not any("wp-" in name for name in seen), "no address is a label"


def test_tasks_are_counted_and_timed(scrape):
    jobs.drop_lookups.apply()
    name = "pledges.tasks.drop_lookups"
    assert scrape()[f'tracker_tasks_total{{state="SUCCESS",task="{name}"}}'] == 1
    assert scrape()[f'tracker_task_duration_seconds_count{{task="{name}"}}'] == 1


def test_work_and_checks_are_read_when_asked_in_few_queries(scrape, django_assert_max_num_queries):
    beat_tick.note(timezone.now())
    pulse.note_poll(timezone.now())
    factories.SourceFactory(next_due_at=timezone.now() - timezone.timedelta(hours=1))
    factories.LeadFactory()
    with django_assert_max_num_queries(25):
        seen = scrape()
    assert seen['tracker_sources{state="due"}'] == 2  # one is the lead's
    assert 3600 <= seen["tracker_source_oldest_due_seconds"] < 4000
    assert {state: seen[f'tracker_leads{{state="{state}"}}'] for state in Lead.State.values}["open"] == 1
    assert seen['tracker_check_ok{check="beat"}'] == 1
    assert seen['tracker_queue_messages{queue="mail"}'] == 0
    assert sum(value for name, value in seen.items() if name.startswith("tracker_process_memory_bytes")) > 10_000_000
