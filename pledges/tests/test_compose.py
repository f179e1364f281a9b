"""What the compose file promises to operators: no service without bounds, no image that cannot be pinned."""

import re

import yaml
from django.conf import settings

from tracker import web_worker

TEXT = (settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES = yaml.safe_load(TEXT)["services"]


def test_each_service_is_bounded_in_memory_processes_and_logs():
    for name, service in SERVICES.items():
        assert {"mem_limit", "pids_limit"} <= service.keys(), name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name


def test_each_image_can_be_pinned_and_make_images_finds_it():
    others = {service["image"] for service in SERVICES.values() if "build" not in service}
    [base] = {service["build"]["args"]["PYTHON_IMAGE"] for service in SERVICES.values() if "build" in service}
    for image in others | {base}:
        assert re.fullmatch(r"\$\{[A-Z]+_IMAGE:-[\w./-]+:[\w.-]+\}", image), image
    dockerfile = (settings.BASE_DIR / "Dockerfile").read_text(encoding="utf-8")
    assert f"ARG PYTHON_IMAGE={base.partition(':-')[2].rstrip('}')}\nFROM ${{PYTHON_IMAGE}}\n" in dockerfile


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
    proxy = (settings.BASE_DIR / "Caddyfile").read_text(encoding="utf-8")
    assert "dynamic a web 8000" in proxy and "lb_try_duration 5s" in proxy
    assert "\t\tfail_duration" not in proxy, "who breaks off requests could make web seem down"


def test_what_clients_leave_unfinished_takes_half_of_webs_tmp_at_most():
    [size] = re.findall(r"/tmp:size=(\d+)m", " ".join(SERVICES["web"]["tmpfs"]))
    [processes] = re.findall(r'"--workers", "(\d+)"', (settings.BASE_DIR / "Dockerfile").read_text(encoding="utf-8"))
    assert int(processes) * web_worker.HELD_BYTES <= int(size) * 2**20 / 2
