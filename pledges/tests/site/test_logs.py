"""Log lines name the request or task that they belong to, and no reader."""

import io
import json
import logging
import re
import subprocess
import sys

import brotli
import pytest

from pledges import jobs
from pledges.tests.support.own_process import environment
from pledges.tests.support.receiver import Receiver
from tracker import celery, logs
from tracker.settings import BASE_DIR

TOKEN = "Zm9vYmFyLWJhei1xdXV4LWNvcmdlLWdyYXVsdC1nYXI"


@pytest.fixture
def lines():
    """`lines()`: what was logged as JSON since."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonLineFormatter())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_line_names_the_request_and_so_does_the_response(client, lines):
    response = client.get("/en/nothing-here/?q=ana@reader.example")
    [line] = [line for line in lines() if line["logger"] == "django.request"]
    assert line.keys() == {"time", "level", "logger", "message", "request_id"}
    assert (line["level"], line["message"]) == ("WARNING", "Not Found: /en/nothing-here/")
    assert line["request_id"] == response["X-Request-ID"]
    assert len(line["request_id"]) == 32


@pytest.mark.parametrize(
    ("given", "proxies", "is_taken"),
    [("of-the-proxy-1", 1, True), ("of-a-visitor-1", 0, False), ("two\nlines", 1, False), ("x" * 65, 1, False)],
)
def test_an_id_is_taken_from_the_proxy_and_from_nobody_else(client, settings, given, proxies, is_taken):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    response = client.get("/healthz", HTTP_X_REQUEST_ID=given)
    assert (response["X-Request-ID"] == given) == is_taken


def test_addresses_of_readers_and_tokens_of_links_stay_out(lines):
    try:
        raise ValueError(f"no mail to ana.luz+x@reader.example.org for /en/alerts/end/{TOKEN}/")
    except ValueError:
        logging.getLogger("pledges").exception("Refused: %s", "ana@reader.example")
    [line] = lines()
    assert line["message"] == "Refused: [address]"
    assert line["exception"].endswith("no mail to [address] for /en/alerts/end/[token]/")
    slug = "/en/pledges/a-pledge-whose-address-is-very-long-indeed-and-of-small-letters/"
    assert logs.scrubbed(slug) == slug
    assert logs.scrubbed(f"/1-{'c9abcd'}-{'0123456789abcdef' * 2}/") == "/1-/[token]/"


@pytest.mark.parametrize("address", ["josé@news.example", "\nbob@news.example", '"\tbob@news.example"'])
def test_json_hides_no_part_of_an_address(lines, address):
    try:
        raise ValueError(address)
    except ValueError:
        logging.getLogger("pledges").exception("Refused: %s", address)
    [line] = lines()
    expected = re.sub(r"\w+@[\w.]+", "[address]", address)
    assert line["message"] == f"Refused: {expected}"
    assert line["exception"].endswith(f"ValueError: {expected}")


def test_what_strangers_send_is_read_once():
    """It would take hours if each of its characters might begin an address."""
    assert logs.scrubbed("a" * 2_000_000 + " @" + "b" * 2_000_000) == "a" * 2_000_000 + " @" + "b" * 2_000_000


@pytest.mark.django_db
def test_what_a_task_logs_names_the_task_and_the_request_that_enqueued_it(lines):
    logs.request_id.set("a-request")
    headers = {}
    celery.label_message(headers=headers)
    logs.request_id.set("")
    log = logging.getLogger("pledges")
    celery.task_postrun.connect(noting := lambda **_signal: log.info("done"), weak=False)
    celery.task_postrun.receivers.insert(0, celery.task_postrun.receivers.pop())  # before the ids are taken away
    try:
        jobs.drop_lookups.apply(task_id="a-task", headers=headers)
    finally:
        celery.task_postrun.disconnect(noting)
    line = next(line for line in lines() if line["message"] == "done")
    assert (line["task_id"], line["task"], line["request_id"]) == ("a-task", "pledges.tasks.drop_lookups", "a-request")
    assert (logs.request_id.get(), logs.task.get()) == ("", ("", ""))


FAILING = """
import io, sys
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
from tracker.wsgi import application
from pledges.site import health
def fail(*_args):
    secret = "a password"
    raise ValueError("no mail to ana@reader.example")
health.JsonResponse = fail
environ = {
    "REQUEST_METHOD": "GET", "PATH_INFO": "/healthz", "QUERY_STRING": "q=my+illness", "SERVER_NAME": "localhost",
    "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "203.0.113.7",
    "HTTP_COOKIE": "sessionid=secret1",
    "HTTP_X_FORWARDED_FOR": "203.0.113.7", "HTTP_USER_AGENT": "agent-of-ana", "wsgi.input": io.BytesIO(),
    "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr, "HTTP_HOST": "localhost",
}
response = application(environ, lambda status, headers: print(status, dict(headers)["X-Request-ID"]))
print(b"".join(response).decode())
import sentry_sdk
sentry_sdk.flush(10)
import urllib.request
urllib.request.urlopen(sys.argv[1], b"to a third party")
"""


def test_a_failure_reaches_sentry_without_anything_of_the_visitor_and_the_page_names_it():
    receiver = Receiver()
    own = environment(
        DJANGO_SETTINGS_MODULE="tracker.settings",
        SECRET_KEY="unused",
        DATABASE_URL="postgres:///unused",
        BROKER_URL="redis://localhost:1",
        SITE_URL="http://localhost",
        COMPRESS_STATIC="no",
        DEBUG="no",
        SENTRY_DSN=receiver.origin.replace("://", "://key@") + "/1",
    )
    try:
        command = [sys.executable, "-W", "ignore", "-c", FAILING, receiver.origin.replace("127.0.0.1", "localhost")]
        done = subprocess.run(command, cwd=BASE_DIR, env=own, capture_output=True, text=True)
    finally:
        receiver.close()
    assert done.stdout.startswith("500 Internal Server Error "), done.stderr
    number = done.stdout.split()[4]
    assert f"<code>{number}</code>" in done.stdout
    [(_path, _headers, body), (_other_path, of_others, _other_body)] = receiver.posts
    assert not {"sentry-trace", "baggage"} & of_others.keys()
    body = brotli.decompress(body)
    event = json.loads(body.split(b"\n")[2])
    assert event["exception"]["values"][-1]["value"] == "no mail to [address]"
    assert event["request"] == {"method": "GET", "url": "http://localhost/healthz"}
    assert event["tags"]["request_id"] == number
    for personal in (b"illness", b"secret1", b"203.0.113", b"agent-of-ana", b"ana@", b"a password"):
        assert personal not in body
