"""A local server that stands in for an OpenAI-compatible endpoint: it answers well, wrongly, slowly, or not at all."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def endpoint(answer, status=200, wait=0.0, headers=(), drip=False):
    """A server that gives this answer with this HTTP status to each question (either may be a function of the
    question's body); yields (address, the questions)."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.path, dict(self.headers), body))
            said = answer(body) if callable(answer) else answer
            time.sleep(wait)
            self.send_response(status(body) if callable(status) else status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            try:
                for at in range(0, len(said), 1 if drip else len(said) or 1):
                    self.wfile.write(said[at : at + (1 if drip else len(said))])
                    time.sleep(0.05 if drip else 0)
            except OSError:
                pass

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()


def completion(content):
    """The answer of a chat model that says `content`."""
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


def embeddings(rows):
    """The answer of an embeddings model with these vectors."""
    return json.dumps({"data": [{"index": at, "embedding": list(row)} for at, row in enumerate(rows)]}).encode()
