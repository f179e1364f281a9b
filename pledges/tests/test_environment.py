"""Neither tests nor benches depend on how somebody's own tracker is set."""

import os
import re

from django.conf import settings

from bench import environment

OF_COMPOSE = {"OWNER_DATABASE_PASSWORD", "APP_DATABASE_PASSWORD", "BROKER_PASSWORD", "BACKUP_VOLUME", "POSTGRES_IMAGE"}


def test_every_variable_of_an_operator_is_removed_and_nothing_else(monkeypatch):
    example = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")
    names = set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE)) | {"METRICS_DIR", "CELERY_TASKS", "CDN_SECONDS"}
    assert {"SENTRY_DSN", "LOG_FORMAT", "BACKUP_DIR", "EMPTY"} < names
    monkeypatch.setattr(os, "environ", dict.fromkeys(names | {"PATH", "HOME", "TZ"}, "x"))
    environment.forget_settings()
    assert os.environ.keys() == {"PATH", "HOME", "TZ"} | (names & OF_COMPOSE)
