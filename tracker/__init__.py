"""The Django project: settings, addresses and processes."""

from tracker.celery import app as celery_app

__version__ = "0.2.0"  # CHANGELOG.md; shown by /healthz, /readyz and at the foot of the desk
__all__ = ["celery_app"]
