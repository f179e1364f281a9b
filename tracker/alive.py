"""`python -m tracker.alive`: the container's health check, whether its web server answers.

503 counts as healthy: it means that the watch is late or the database down, which is for the operator's monitoring, and
restarting this container would not help.
"""

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit


def main() -> int:
    """0 if the health page answers, else 1."""
    host = urlsplit(os.environ.get("SITE_URL", "")).netloc or "localhost"
    request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
    try:
        urllib.request.urlopen(request, timeout=8).close()
    except urllib.error.HTTPError as error:
        return 0 if error.code == 503 else 1
    except OSError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
