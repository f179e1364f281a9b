"""What the compose file promises to operators: no service without bounds, no image that cannot be pinned."""

import ast
import re
import subprocess
import sys

import yaml
from django.conf import settings

from tracker import web_worker
from tracker.celery import app

TEXT = (settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES = yaml.safe_load(TEXT)["services"]
DOCKERFILE = (settings.BASE_DIR / "Dockerfile").read_text(encoding="utf-8")
PROXY = (settings.BASE_DIR / "Caddyfile").read_text(encoding="utf-8")


def test_each_service_is_bounded_in_memory_processes_and_logs():
    for name, service in SERVICES.items():
        assert {"mem_limit", "pids_limit"} <= service.keys(), name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name


def test_each_image_can_be_pinned_and_make_images_finds_it():
    others = {service["image"] for service in SERVICES.values() if "build" not in service}
    [base] = {service["build"]["args"]["PYTHON_IMAGE"] for service in SERVICES.values() if "build" in service}
    for image in others | {base}:
        assert re.fullmatch(r"\$\{[A-Z]+_IMAGE:-[\w./-]+:[\w.-]+\}", image), image
    assert f"ARG PYTHON_IMAGE={base.partition(':-')[2].rstrip('}')}\nFROM ${{PYTHON_IMAGE}}\n" in DOCKERFILE


def test_no_service_answers_without_a_password_and_only_the_proxy_is_published():
    assert "${BROKER_PASSWORD}" in SERVICES["broker"]["command"]
    for name in ("BROKER_URL", "CACHE_URL"):
        assert re.match(r"redis://:\$\{\w+_PASSWORD\b", SERVICES["web"]["environment"][name])
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_the_service_that_reads_untrusted_pages_cannot_reach_the_backups():
    assert [name for name, service in SERVICES.items() if "/backups" in str(service.get("volumes"))] == [
        "migrate",
        "publisher",
    ]


def test_what_is_scaled_has_no_name_of_its_own_and_the_proxy_looks_up_how_many_there_are():
    assert not any("container_name" in service for service in SERVICES.values())
    assert "dynamic a web 8000" in PROXY and "lb_try_duration 5s" in PROXY
    assert "\t\tfail_duration" not in PROXY, "who breaks off requests could make web seem down"


def test_a_request_goes_to_another_web_only_where_it_cannot_be_done_twice():
    assert re.search(r"lb_retry_match {\s+method GET HEAD\s+}", PROXY)


def test_what_web_had_and_did_not_answer_is_not_called_undone():
    """Unlike what reached no web: that may be sent again."""
    [conditions] = re.findall(r"\n\t\t@unanswered {\s+(.*?)\s+}\n", PROXY, re.DOTALL)
    assert conditions.splitlines()[0] == "not method GET HEAD"
    assert '!{err.message}.contains("dial tcp")' in conditions
    handled = re.findall(r"handle @(\w+) {.*?rewrite \* (\S+)\n(.*?)\n\t\t}", PROXY, re.DOTALL)
    assert [(name, page) for name, page, _rest in handled] == [
        ("too_large", "/large.html"),
        ("unanswered", "/unanswered.html"),
        ("down", "/down.html"),
    ]
    assert ["Retry-After" in rest for _name, _page, rest in handled] == [False, False, True]


def test_workers_and_beat_come_past_the_banners_that_they_print_at_their_start():
    """`make run` starts them without."""
    for name in ("worker", "publisher", "beat"):
        assert "--quiet" not in SERVICES[name]["command"]
    timeout = settings.REDIS_TIMEOUT_SECONDS
    options = app.connection(transport_options={"visibility_timeout": 60}).transport_options
    assert options == app.connection().transport_options | {"visibility_timeout": 60}
    assert options["socket_timeout"] == options["socket_connect_timeout"] == timeout


def test_the_health_check_imports_nothing_of_the_project():
    """It runs every ten seconds in each container."""
    [command] = re.findall(r"^HEALTHCHECK .* CMD (.*)$", DOCKERFILE, re.MULTILINE)
    python, *arguments = ast.literal_eval(command)
    assert python == "python"
    run = [sys.executable, "-X", "importtime", *arguments]
    done = subprocess.run(run, cwd=settings.BASE_DIR, capture_output=True, text=True)
    imported = re.findall(r"\| +([\w.]+)$", done.stderr, re.MULTILINE)
    assert "urllib.request" in imported
    assert not [name for name in imported if re.match(r"(tracker|celery|django)\b", name)]


def test_what_clients_leave_unfinished_takes_half_of_webs_tmp_at_most():
    [size] = re.findall(r"/tmp:size=(\d+)m", " ".join(SERVICES["web"]["tmpfs"]))
    [processes] = re.findall(r'"--workers", "(\d+)"', DOCKERFILE)
    assert int(processes) * web_worker.HELD_BYTES <= int(size) * 2**20 / 2
