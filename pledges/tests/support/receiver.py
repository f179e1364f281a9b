"""A receiver of webhooks on the loopback: notes what is posted, and answers as the test wants it."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANG = 0  # instead of a status: no answer at all until `close`


class Receiver:
    """`posts` are (path, headers in lower case, body); `status` answers the next ones, with `headers` and `answer`.

    With `stalls` the answer has no end until `close`.
    """

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, str], bytes]] = []
        self.status, self.headers, self.answer, self.stalls = 200, {}, b"", False
        self._closed = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.posts.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                if receiver.status == HANG:
                    receiver._closed.wait()
                    return
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(receiver.answer)
                if receiver.stalls:
                    receiver._closed.wait()

            def log_message(self, *_args) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Stop, so that connections are refused."""
        self._closed.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
