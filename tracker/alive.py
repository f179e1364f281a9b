"""`python -m tracker.alive`: does the web server of this container answer? The container's health check.

The health page may say that the watch is late or the database away (503): that is for the operator's monitor, and no
reason to hold this container for broken.
"""

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit


def main() -> int:
    """0 when the health page answers at all, else 1."""
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
