"""An application for tests of the web worker: no Django, no servers. Clients are waited for two seconds."""

import io
import time

from tracker import web_worker

web_worker.PUBLIC = web_worker.Limits(web_worker.PUBLIC.bytes, 2)
web_worker.IDLE_SECONDS = 2


def application(environ, start_response):
    """Say how many bytes were sent; /slow takes half a second, /large sends ten megabytes, /stream does not say how
    long it is, and /file is sent as a file. What a visitor has (If-None-Match) has not changed."""
    if "HTTP_IF_NONE_MATCH" in environ:
        start_response("304 Not Modified", [("ETag", environ["HTTP_IF_NONE_MATCH"]), ("Content-Length", "0")])
        return []
    body = str(len(environ["wsgi.input"].read())).encode()
    if environ["PATH_INFO"] == "/slow":
        time.sleep(0.5)
    if environ["PATH_INFO"] == "/large":
        body = b"x" * 10_000_000
    if environ["PATH_INFO"] == "/stream":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return iter([body, body])
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return environ["wsgi.file_wrapper"](io.BytesIO(body)) if environ["PATH_INFO"] == "/file" else [body]
