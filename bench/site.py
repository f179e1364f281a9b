"""The public site by other people's measures: `python -m bench.site ORIGIN --npm FOLDER [--only nu,weight,lighthouse]`.

Reads the sitemap of a tracker that runs (`make run`), and prints Markdown: what the Nu HTML checker says of every page,
how heavy the first page is when it is compressed, and Lighthouse's scores of the home page, the list, a pledge and a
mandate. FOLDER is where `npm install --ignore-scripts vnu-jar lighthouse` was run; the checker needs Java, Lighthouse
Debian's Chromium. It ends with 1 when the checker complains, a score is below 98, or the first page weighs over 60 kB.
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
BESIDES = ["/en/nothing-here/", "/es/nothing-here/", "/en/?on=2999-01-01", "/en/?on=2024-06-01", "/en/pledges/?q=port"]


def fetch(where: str) -> bytes:
    """The body at an address, of errors too."""
    try:
        with urllib.request.urlopen(where, timeout=60) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        return error.read()


def pages(origin: str) -> list[str]:
    """Every address in the sitemaps, and some that are in none."""
    maps = re.findall(r"<loc>(.*?)</loc>", fetch(f"{origin}/sitemap.xml").decode())
    found = [where for each in maps for where in re.findall(r"<loc>(.*?)</loc>", fetch(each).decode())]
    return [*found, *(origin + path for path in BESIDES)]


def nu(npm: Path, addresses: list[str]) -> int:
    """Print what the Nu HTML checker says of these pages; returns how many messages there are."""
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, where in enumerate(addresses):
            file = Path(folder) / f"{number}.html"
            file.write_bytes(fetch(where))
            names[str(file)] = where
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
        where = names.get(first.get("url", "").removeprefix("file:"))
        print(f"- {kind}, {count} times: {text}\n  {where} {first.get('extract', '')!r}")
    print(f"Nu HTML checker: {len(messages)} messages on {len(addresses)} pages\n")
    return len(messages)


def weight(origin: str) -> int:
    """Print how many bytes the front page has with its style sheet, font and scripts, compressed; returns the sum
    without the scripts, which it works without."""
    text = fetch(f"{origin}/en/")
    sizes = {"HTML": len(gzip.compress(text, 9))}
    for where in re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|woff2|js))"', text.decode()):
        body = fetch(urljoin(origin, where))
        sizes[where.rpartition("/")[2]] = len(body if where.endswith("woff2") else gzip.compress(body, 9))
    print("| of the front page, compressed | bytes |\n|---|---|")
    for name, size in sizes.items():
        print(f"| {name} | {size:,} |")
    total = sum(size for name, size in sizes.items() if not name.endswith(".js"))
    print(f"| **HTML, style sheet and font** | **{total:,}** |\n| with scripts | {sum(sizes.values()):,} |\n")
    return total


def lighthouse(npm: Path, addresses: list[str]) -> int:
    """Print Lighthouse's scores of these pages, and what cost points; returns the lowest score."""
    lowest = 100
    print("| page | performance | accessibility | best practices | SEO |\n|---|---|---|---|---|")
    lost = []
    for where in addresses:
        command = [
            str(npm / "node_modules/.bin/lighthouse"),
            where,
            "--quiet",
            "--output=json",
            f"--chrome-flags={FLAGS}",
        ]
        environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        report = json.loads(done.stdout)
        scores = [round(100 * (part["score"] or 0)) for part in report["categories"].values()]
        lowest = min(lowest, *scores)
        print(f"| {where} | {' | '.join(map(str, scores))} |")
        lost += [
            f"- {where}: {audit['title']} ({audit.get('displayValue', audit['score'])})"
            for part in report["categories"].values()
            for ref in part["auditRefs"]
            if ref["weight"] and ((audit := report["audits"][ref["id"]])["score"] or 0) < 0.9
            if audit["scoreDisplayMode"] not in ("notApplicable", "manual")
        ]
    print("\n" + "\n".join(lost))
    return lowest


def main() -> int:
    """Measure; 1 when something falls short."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("origin", help="such as http://127.0.0.1:8000")
    options.add_argument("--npm", type=Path, required=True)
    options.add_argument("--only", default="nu,weight,lighthouse")
    chosen = options.parse_args()
    origin, wanted = chosen.origin.rstrip("/"), chosen.only.split(",")
    addresses = pages(origin)
    english = [where for where in addresses if where.startswith(f"{origin}/en/")]
    four = [f"{origin}/en/", f"{origin}/en/pledges/"]
    four += [next(where for where in english if f"/{part}/" in where[:-1]) for part in ("pledges", "mandates")]
    short = "nu" in wanted and nu(chosen.npm, addresses) > 0
    short |= "weight" in wanted and weight(origin) > MOST_BYTES
    short |= "lighthouse" in wanted and lighthouse(chosen.npm, four) < LEAST
    return int(short)


if __name__ == "__main__":
    sys.exit(main())
