"""`python -I tracker/alive.py`: the container's health check, whether its web server answers.

It asks /healthz, which asks nobody else: a database that is down or a watch that is late is for the operator's
monitoring, and restarting this container would not help. `python -m tracker.alive readyz` prints what the monitoring
page says in full, which the proxy does not show.
"""

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit


def ask(page: str) -> tuple[int, str]:
    """Status and text of one of the two pages, asked without the proxy; 0 and the reason where nothing answers."""
    host = urlsplit(os.environ.get("SITE_URL", "")).netloc or "localhost"
    request = urllib.request.Request(f"http://127.0.0.1:8000/{page}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=8) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        return 0, str(error)


def main(page: str = "") -> int:
    """0 if the page says that all is well, else 1; prints what a page that is named says."""
    status, text = ask(page or "healthz")
    if page:
        print(text)
    return 0 if status == 200 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
