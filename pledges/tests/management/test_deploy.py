"""What an operator runs before going live: Django's check of the settings, and the audit of the dependencies."""

import subprocess
import sys

from django.conf import settings

from bench import advisories
from pledges.tests.support.own_process import environment

PRODUCTION = {
    "SECRET_KEY": "".join(map(chr, range(48, 123))),
    "DATABASE_URL": "postgres://tracker_app@db:5432/tracker",
    "BROKER_URL": "redis://broker:6379/0",
    "SITE_URL": "https://pledges.example.org",
}


def test_the_settings_of_production_pass_djangos_check_without_a_warning():
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment(**PRODUCTION), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_audit_tells_that_nothing_was_looked_up_from_that_nothing_was_there():
    clean = {"name": "redis", "version": "8.1.0", "vulns": []}
    unknown = {"name": "celery", "skip_reason": "Dependency not found on PyPI"}
    advisory = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["5.2.20"]}
    vulnerable = {"name": "django", "version": "5.2.19", "vulns": [advisory]}
    assert advisories.verdict([clean]) == ("1 of 1 packages looked up, 0 advisories.", 0)
    text, code = advisories.verdict([clean, vulnerable])
    assert code == 1 and "django 5.2.19: PYSEC-2026-1, CVE-2026-1, mended in 5.2.20" in text
    text, code = advisories.verdict([clean, unknown])
    assert code == 2 and "Not looked up: celery" in text
    text, code = advisories.verdict([unknown])
    assert code == 2 and "could not be reached" in text
