"""The public site measured with other tools: `python -m bench.site ORIGIN --npm FOLDER [--only nu,weight,lighthouse]`.

Reads the sitemap of a running tracker (`make run`), and prints as Markdown: the messages of the Nu HTML checker on
every page, the compressed size of the front page, and Lighthouse's scores of the home page, the list, a pledge and a
mandate. FOLDER is where `npm install --ignore-scripts vnu-jar lighthouse` was run; the checker needs Java, Lighthouse
Debian's Chromium. Exits with 1 if the checker has messages, a score is below 98, or the front page is over 60 kB.
"""

import argparse
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from urllib.parse import urljoin

LEAST, MOST_BYTES = 98, 60_000
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking"
UNLISTED = ["/en/nothing-here/", "/es/nothing-here/", "/en/?on=2999-01-01", "/en/?on=2024-06-01", "/en/pledges/?q=port"]


def fetch(url: str) -> bytes:
    """The body of the response, also of an error."""
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return response.read()
    except urllib.error.HTTPError as error:
        return error.read()


def pages(origin: str) -> list[str]:
    """Every address in the sitemaps, and some that are in none of them."""
    maps = re.findall(r"<loc>(.*?)</loc>", fetch(f"{origin}/sitemap.xml").decode())
    listed = [url for sitemap in maps for url in re.findall(r"<loc>(.*?)</loc>", fetch(sitemap).decode())]
    return [*listed, *(origin + path for path in UNLISTED)]


def nu(npm: Path, addresses: list[str]) -> int:
    """Print the messages of the Nu HTML checker on these pages; returns how many there are."""
    with tempfile.TemporaryDirectory() as folder:
        urls = {}
        for number, url in enumerate(addresses):
            file = Path(folder) / f"{number}.html"
            file.write_bytes(fetch(url))
            urls[str(file)] = url
        jar = next(npm.rglob("vnu.jar"))
        command = [
            "java",
            "-jar",
            str(jar),
            "--format",
            "json",
            "--exit-zero-always",
            *map(str, sorted(Path(folder).iterdir())),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    messages = json.loads(done.stderr or done.stdout)["messages"]
    for (kind, text), count in Counter((m.get("subType") or m["type"], m["message"]) for m in messages).most_common():
        first = next(m for m in messages if m["message"] == text)
        page = urls.get(first.get("url", "").removeprefix("file:"))
        print(f"- {kind}, {count} times: {text}\n  {page} {first.get('extract', '')!r}")
    print(f"Nu HTML checker: {len(messages)} messages on {len(addresses)} pages\n")
    return len(messages)


def weight(origin: str) -> int:
    """Print the compressed sizes of the front page and its style sheet, font and scripts.

    Returns the sum in bytes without the scripts, since the page works without them.
    """
    text = fetch(f"{origin}/en/")
    sizes = {"HTML": len(gzip.compress(text, 9))}
    for path in re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|woff2|js))"', text.decode()):
        body = fetch(urljoin(origin, path))
        sizes[path.rpartition("/")[2]] = len(body if path.endswith("woff2") else gzip.compress(body, 9))
    print("| the front page, compressed | bytes |\n|---|---|")
    for name, size in sizes.items():
        print(f"| {name} | {size:,} |")
    total = sum(size for name, size in sizes.items() if not name.endswith(".js"))
    print(f"| **HTML, style sheet and font** | **{total:,}** |\n| with scripts | {sum(sizes.values()):,} |\n")
    return total


def lighthouse(npm: Path, addresses: list[str]) -> int:
    """Print Lighthouse's scores of these pages and the audits that failed; returns the lowest score."""
    lowest = 100
    print("| page | performance | accessibility | best practices | SEO |\n|---|---|---|---|---|")
    failed = []
    for url in addresses:
        command = [
            str(npm / "node_modules/.bin/lighthouse"),
            url,
            "--quiet",
            "--output=json",
            f"--chrome-flags={FLAGS}",
        ]
        environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        report = json.loads(done.stdout)
        scores = [round(100 * (part["score"] or 0)) for part in report["categories"].values()]
        lowest = min(lowest, *scores)
        print(f"| {url} | {' | '.join(map(str, scores))} |")
        failed += [
            f"- {url}: {audit['title']} ({audit.get('displayValue', audit['score'])})"
            for part in report["categories"].values()
            for ref in part["auditRefs"]
            if ref["weight"] and ((audit := report["audits"][ref["id"]])["score"] or 0) < 0.9
            if audit["scoreDisplayMode"] not in ("notApplicable", "manual")
        ]
    print("\n" + "\n".join(failed))
    return lowest


def main() -> int:
    """Measure; 1 if something is worse than it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("origin", help="such as http://127.0.0.1:8000")
    parser.add_argument("--npm", type=Path, required=True)
    parser.add_argument("--only", default="nu,weight,lighthouse")
    options = parser.parse_args()
    origin, wanted = options.origin.rstrip("/"), options.only.split(",")
    addresses = pages(origin)
    english = [url for url in addresses if url.startswith(f"{origin}/en/")]
    four = [f"{origin}/en/", f"{origin}/en/pledges/"]
    four += [next(url for url in english if f"/{part}/" in url[:-1]) for part in ("pledges", "mandates")]
    bad = "nu" in wanted and nu(options.npm, addresses) > 0
    bad |= "weight" in wanted and weight(origin) > MOST_BYTES
    bad |= "lighthouse" in wanted and lighthouse(options.npm, four) < LEAST
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
