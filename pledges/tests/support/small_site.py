"""An application for tests of the web worker: no Django, no servers. Clients are waited for two seconds."""

import time

from tracker import web_worker

web_worker.PUBLIC = web_worker.Limits(web_worker.PUBLIC.bytes, 2)
web_worker.IDLE_SECONDS = 2


def application(environ, start_response):
    """Say how many bytes were sent; /slow takes half a second, /large sends ten megabytes."""
    body = str(len(environ["wsgi.input"].read())).encode()
    if environ["PATH_INFO"] == "/slow":
        time.sleep(0.5)
    if environ["PATH_INFO"] == "/large":
        body = b"x" * 10_000_000
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
