"""A small site on the loopback that the watch reads in tests: feeds and pages, with the headers of a real one."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, bytes, dict[str, str]]


class Web:
    """Serves what was put there with `serve`; notes `requests` as (path, headers) and the
    status of each answer; those for robots.txt (there is none, unless it is served) by themselves."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.answers: list[int] = []
        self.robots_requests: list[dict[str, str]] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                if self.path == "/robots.txt":
                    web.robots_requests.append(headers)
                else:
                    web.requests.append((self.path, headers))
                status, body, extra = web.pages.get(self.path, (404, b"", {}))
                if "ETag" in extra and headers.get("if-none-match") == extra["ETag"]:
                    status, body = 304, b""
                if self.path != "/robots.txt":
                    web.answers.append(status)
                self.send_response(status)
                for name, value in extra.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def serve(
        self, path: str, body: bytes, status: int = 200, etag: str = "", last_modified: str = "", **extra
    ) -> None:
        """Answer `path` with these bytes from now on; with an ETag, and a 304 to who has it, if one is given."""
        headers = {"ETag": etag} if etag else {}
        headers |= {"Last-Modified": last_modified} if last_modified else {}
        self.pages[path] = (status, body, headers | extra)

    def close(self) -> None:
        """Stop, so that connections are refused."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def entry(web: Web, slug: str, *, title: str = "", summary: str = "", id: str = "", query: str = "") -> str:
    """An Atom entry about the page /<slug>."""
    return f"""<entry><id>{id or f"tag:daily.example,2024:{slug}"}</id><title>{title or f"Title of {slug}"}</title>
        <link href="{web.origin}/{slug}{query}"/><summary>{summary or f"Summary of {slug}."}</summary>
        <published>2024-07-01T15:00:00Z</published><updated>2024-07-01T15:00:00Z</updated></entry>"""


def atom(*entries: str) -> bytes:
    """An Atom feed."""
    return f"""<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
        <id>tag:daily.example,2024:feed</id><title>The Daily Example</title><updated>2024-07-01T15:00:00Z</updated>
        {"".join(entries)}</feed>""".encode()


def page(title: str, *paragraphs: str, language: str = "en") -> bytes:
    """An article's page."""
    told = paragraphs or (
        "A paragraph about nothing in particular, long enough to be taken for an article's text. " * 3,
    )
    body = "".join(f"<p>{text}</p>" for text in told)
    return f"""<!doctype html><html lang="{language}"><head><title>{title}</title></head>
        <body><main><article><h1>{title}</h1>{body}</article></main></body></html>""".encode()
