"""The desk and the site with many rows: `python -m bench.desk [--pages inbox,search] [--repeat 7]`.

Fills two databases of its own, one with 100 pledges, 500 updates and 2,000 leads and one with a hundred times as many
(and half a million history events), and requests the desk's pages in both as an editor through Django's test client.
Prints a Markdown table of the number of queries, the median times and their ratio. The public site's pages are
requested too (`--pages site`: only those), with an empty page cache, and the first page of a process that has just
started; it also prints how much memory the table of standings takes.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from bench import environment, many

SIZES = {"small": (100, 500, 2_000, 5_000), "large": (10_000, 50_000, 200_000, 500_000)}
# As in `bench.many`, whose rows these refer to.
FILL = """
SET session_replication_role = replica;
INSERT INTO pledges_source (id, name, publisher, url, language, kind, official, active, interval_minutes,
    slowest_minutes, note_en, note_es, failure, failures, etag, last_modified, moved_from, selector, series, data_path,
    period_column, value_column, sample, left_out, notice)
  SELECT g, 'Feed ' || g, 'Daily ' || g, 'https://daily.example/feed/' || g, 'en', 'feed', false, true, 60, 1440, '',
    '', '', 0, '', '', '', '', '', '', '', '', false, '', '' FROM generate_series(1, 50) g;
INSERT INTO pledges_story (id, opened_at) SELECT g, now() FROM generate_series(1, {leads}) g;
INSERT INTO pledges_article (id, source_id, entry_id, url, title, summary, publisher, language, found_at, state,
    attempts, failure, text, times_changed, fingerprint, story_id)
  SELECT g, 1 + g % 50, g, 'https://daily.example/a/' || g, 'Report ' || g || ' on the ' || {word} || ' works', '',
    'Daily ' || g % 30, 'en', now() - g * interval '1 minute', 'read', 1, '', repeat('The minister spoke. ', 40), 0,
    '{{}}', g FROM generate_series(1, {leads}) g;
INSERT INTO pledges_lead (id, article_id, pledge_id, story_id, raised_at, sentence, words, score, suggestion,
    suggested_status, cue, opinion, state, dismiss_reason, dismiss_note, decided_by_id, decided_at)
  SELECT g, g, 1 + g % {pledges}, g, now() - g * interval '1 minute', 'Work on the ' || {word} || ' began on Monday.',
    '{{began}}', 0.5 + (g % 50) / 100.0, 'change', 'in_progress', 'began', '',
    CASE WHEN g % 4 = 0 THEN 'open' ELSE 'dismissed' END, CASE WHEN g % 4 = 0 THEN '' ELSE 'nothing_new' END, '',
    CASE WHEN g % 4 > 0 THEN 2 END, CASE WHEN g % 4 > 0 THEN now() END FROM generate_series(1, {leads}) g;
INSERT INTO pghistory_context (id, created_at, updated_at, metadata)
  SELECT md5('bench' || g)::uuid, now(), now(), CASE WHEN g % 10 = 0
    THEN jsonb_build_object('user', 1 + g % 19, 'url', '/admin/') ELSE jsonb_build_object('task', 'pledges.tasks.poll')
    END FROM generate_series(1, {events} / 5) g;
INSERT INTO pledges_leadevent (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, state, dismiss_reason,
    dismiss_note)
  SELECT now() - g * interval '10 seconds', CASE WHEN g % 2 = 0 THEN 'insert' ELSE 'update' END, 1 + g % {leads},
    CASE WHEN g % 7 > 0 THEN md5('bench' || 1 + g % ({events} / 5))::uuid END,
    CASE WHEN g % 2 = 0 THEN 'open' ELSE 'dismissed' END, '', '' FROM generate_series(1, {events} * 8 / 10) g;
INSERT INTO pledges_updateevent (id, pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, state, author_id,
    review_note, created_at, updated_at, pledge_id, happened_on, happened_precision, status, failure_reason,
    reason_detail_en, reason_detail_es, text_en, text_es, correction_note_en, correction_note_es)
  SELECT 1 + g % {updates}, now() - g * interval '37 seconds', 'update', 1 + g % {updates},
    md5('bench' || 1 + g % ({events} / 5))::uuid, 'draft', 2, '', now(), now(), 1, '2024-01-01', 'day', 'in_progress',
    '', '', '', 'Work ' || g, '', '', '' FROM generate_series(1, {events} * 2 / 10) g;
SET session_replication_role = DEFAULT;
UPDATE pledges_lead SET searched = NULL; -- its trigger writes it
"""
STARTED = "site: home, in a process that has just started"
SEQUENCES = ("source", "story", "article", "lead")


def fill(size: str) -> None:
    """Insert the rows of a size ("small" or "large"), and collect the planner's statistics."""
    from django.db import connection

    pledges, updates, leads, events = SIZES[size]
    many.fill(pledges, updates)
    many.insert(FILL.format(word=many.WORD, pledges=pledges, updates=updates, leads=leads, events=events), SEQUENCES)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def pages() -> dict[str, str]:
    """The addresses that are requested, by name: the desk's, then the site's."""
    from django.urls import reverse

    lists = {name: reverse(f"admin:pledges_{name}_changelist") for name in ("lead", "update", "pledge", "article")}
    record = reverse("admin:pledges_record")
    return {
        "front page": reverse("admin:index"),
        "inbox": lists["lead"],
        "inbox, all": f"{lists['lead']}?state=all",
        "inbox, a pledge": f"{lists['lead']}?pledge=7",
        "inbox, strong": f"{lists['lead']}?score=high",
        "inbox, page 20": f"{lists['lead']}?p=20",
        "inbox, search": f"{lists['lead']}?q=tax",
        "inbox, search two words": f"{lists['lead']}?q=tax+police",
        "inbox, search a word of all": f"{lists['lead']}?q=report",
        "inbox, search it and another": f"{lists['lead']}?q=tax+report",
        "inbox, search nothing": f"{lists['lead']}?q=xyzzy",
        "inbox, search one": f"{lists['lead']}?q=1996&state=all",
        "a lead": reverse("admin:pledges_lead_change", args=[4]),
        "pledges": lists["pledge"],
        "pledges, due": f"{lists['pledge']}?due=yes",
        "pledges, by status": f"{lists['pledge']}?o=2",
        "pledges, search": f"{lists['pledge']}?q=hospital",
        "a pledge": reverse("admin:pledges_pledge_change", args=[7]),
        "updates": lists["update"],
        "updates to review": f"{lists['update']}?state=review",
        "updates, a pledge": f"{lists['update']}?pledge=7",
        "updates, search": f"{lists['update']}?q=hospital+daily",
        "a draft": reverse("admin:pledges_update_change", args=[51]),
        "a new update": reverse("admin:pledges_update_add"),
        "articles": lists["article"],
        "articles, search": f"{lists['article']}?q=hospital+daily",
        "the record": record,
        "the record, a person": f"{record}?who=5",
        "the record, people": f"{record}?who=people",
        "the record, the database": f"{record}?who=database",
        "the record, a row": f"{record}?kind=lead&row=77",
        "an edition": reverse("admin:pledges_edition_change", args=[1]),
        STARTED: reverse("home"),
        "site: home": reverse("home"),
        "site: the list": reverse("pledges"),
        "site: a status": f"{reverse('pledges')}?status=in_progress",
        "site: search": f"{reverse('pledges')}?q=hospital",
        "site: search a word of all": f"{reverse('pledges')}?q=report",
        "site: a feed": f"{reverse('pledges_feed')}?status=in_progress",
        "site: an alert": f"{reverse('alert')}?status=in_progress",
        "site: a pledge": reverse("pledge", args=[f"the-{many.WORDS[1]}-17"]),
        "site: a pledge's data": reverse("pledge_json", args=[f"the-{many.WORDS[1]}-17"]),
        "site: the mandates": reverse("mandates"),
        "site: a mandate": reverse("mandate", args=["president"]),
        "site: a comparison": reverse("compare"),
        "site: this week": reverse("this_week"),
        "site: changes": reverse("changes"),
        "site: changes as data": reverse("changes_json"),
    }


def table() -> float:
    """The memory in megabytes that the table of standings takes in a process."""
    from django.utils import timezone

    from pledges.queries import pulse
    from pledges.queries.standings import standings

    process, beat = psutil.Process(), pulse.current()
    before = process.memory_info().rss
    standings(beat.edition, timezone.localdate())
    return (process.memory_info().rss - before) / 1_000_000


def measure(wanted: Callable[[str], bool], repeat: int, slow: bool = False) -> dict[str, tuple[int, float, int]]:
    """For each page the number of its queries, the median of its times in seconds (without the first request), and its
    compressed size in bytes.

    With `slow` the slowest queries are printed to stderr.
    """
    from django.conf import settings
    from django.contrib.auth.models import Group
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client

    from pledges.domain import process_cache
    from pledges.models import User

    editor = User.objects.create(username="bench", is_staff=True)
    editor.groups.add(Group.objects.get(name="Editor"))
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    results: dict[str, tuple[int, float, int]] = {}
    client.force_login(editor)
    for name, url in pages().items():
        if not wanted(name):
            continue
        queries: list[tuple[float, str]] = []

        def record(execute, sql, params, many, context, queries=queries):
            start = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                queries.append((time.perf_counter() - start, sql))

        def timed(name=name, url=url):
            if name.startswith("site"):
                cache.clear()
            if name == STARTED:
                process_cache.reset()
            start = time.perf_counter()
            return client.get(url), time.perf_counter() - start

        with connection.execute_wrapper(record):
            response, _seconds = timed()
        assert response.status_code == 200, (name, response.status_code)
        times = [timed()[1] for _n in range(repeat)]
        results[name] = len(queries), statistics.median(times), len(gzip.compress(response.content, 6))
        if slow:
            for seconds, sql in sorted(queries, reverse=True)[:2]:
                print(f"{name}: {seconds:.3f} s: {sql[:1500]}", file=sys.stderr)
    return results


@contextmanager
def filled(size: str) -> Iterator[None]:
    """Servers in STATE_DIR with a database of this size."""
    from tracker import embedded

    os.environ |= {"DATABASE_URL": embedded.owner_database_url(), "BROKER_URL": embedded.broker_url()}
    os.environ["CACHE_URL"] = embedded.cache_url()
    with embedded.start(durable=False):
        import django
        from django.conf import settings
        from django.core.management import call_command

        settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        django.setup()
        call_command("migrate", verbosity=0)
        start = time.perf_counter()
        fill(size)
        print(f"{size}: filled in {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
        yield


def run(size: str, names: list[str], repeat: int) -> tuple[float, dict[str, tuple[int, float, int]]]:
    """Fill a database of this size, and measure: (megabytes of standings, pages)."""
    with filled(size):
        return table(), measure(lambda name: not names or any(part in name for part in names), repeat)


def run_in_process(module: str, size: str, arguments: Sequence[str] = ()) -> Any:
    """What a bench prints as JSON with `--only SIZE`, in a process and a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as state:
        Path(state).chmod(0o755)  # so that the database's account can enter
        keep = {name: value for name, value in os.environ.items() if name not in environment.settings()}
        own = {"STATE_DIR": state, "SECRET_KEY": "bench", "ALLOWED_HOSTS": "testserver", "HTTPS": "no", "DEBUG": "no"}
        own |= {"DJANGO_SETTINGS_MODULE": "tracker.settings", "LOG_LEVEL": "WARNING"}
        command = [sys.executable, "-m", module, "--only", size, *arguments]
        done = subprocess.run(command, env=keep | own, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def main() -> int:
    """Measure both sizes and print them side by side; 1 if a page makes more queries with many rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", default="", help="parts of names, comma-separated; all by default")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", choices=SIZES, help="this size, as JSON; STATE_DIR says where")
    options = parser.parse_args()
    if options.only:
        names = [part.strip() for part in options.pages.split(",") if part.strip()]
        print(json.dumps(run(options.only, names, options.repeat)))
        return 0
    arguments = ["--pages", options.pages, "--repeat", str(options.repeat)]
    (little, small), (much, large) = (run_in_process("bench.desk", size, arguments) for size in SIZES)
    counts = ["/".join(f"{SIZES[size][n]:,}" for size in SIZES) for n in range(3)]
    print(f"{counts[0]} pledges, {counts[1]} updates, {counts[2]} leads; medians of {options.repeat} requests.\n")
    print("| page | queries, small | large | ms, small | large | ratio | kB gzip, small | large |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, (queries, seconds, size) in small.items():
        many, longer, larger = large[name]
        times = f"{1000 * seconds:.0f} | {1000 * longer:.0f} | {longer / seconds:.1f}"
        print(f"| {name} | {queries} | {many} | {times} | {size / 1000:.0f} | {larger / 1000:.0f} |")
    print(f"\nThe table of standings takes {little:.0f} and {much:.0f} MB of each process.")
    return 0 if all(small[name][0] >= large[name][0] for name in small) else 1


if __name__ == "__main__":
    sys.exit(main())
