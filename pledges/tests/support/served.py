"""A test client whose requests go the way of those that gunicorn serves."""

from typing import Any

from django.test import Client
from django.test.client import ClientHandler

from tracker.wsgi import readable


class _ServedHandler(ClientHandler):
    def __call__(self, environ: dict[str, Any]) -> Any:
        return super().__call__(readable(environ))


def served_client(**options: Any) -> Client:
    """A client that does what gunicorn's application does before Django (tracker/wsgi.py)."""
    client = Client(**options)
    client.handler = _ServedHandler(enforce_csrf_checks=options.get("enforce_csrf_checks", False))
    return client
