"""Checks the upgrade of a database of the last release: `python -m bench.upgrade`, in a clone that has its commit.

The release's own code creates a database and loads the first data set; this code upgrades it, and creates a new one.
Then it compares the schemas of both, privileges and column order included, and the output of `verify` and the first
edition before and after. Exits with 1 if anything differs. Delete it at the next release, with the `replaces` of the
migrations.
"""

import argparse
import difflib
import json
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELEASE = "8b89dfd"
EDITION = """
import sys
from django.test import Client
answer = Client().get("/en/editions/1.json", headers={"host": "localhost"})
assert answer.status_code == 200, answer
sys.stdout.buffer.write(answer.getvalue())
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--release", default=RELEASE, help="the commit to upgrade from")
    parser.add_argument("--python", default=sys.executable, help="the Python with that release's requirements")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tracker-upgrade-") as folder:
        os.environ["STATE_DIR"] = str(Path(folder) / "state")
        from tracker import embedded  # reads STATE_DIR

        release = Path(folder) / "release"
        archive = subprocess.run(["git", "archive", options.release], cwd=ROOT, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            tar.extractall(release, filter="data")
        with embedded.start(durable=False):
            return compare(release, options.python)


def compare(release: Path, python: str) -> int:
    """Print the comparison; returns the exit status, 0 if nothing differs."""
    _psql("CREATE DATABASE upgraded", "CREATE DATABASE fresh")
    print(f"release, new database: {_seconds(release, python, 'upgraded'):.1f} s of processor time")
    manage(release, python, "upgraded", "load_first_edition")
    before = _published(release, python)
    print(f"release's database, upgraded: {_seconds(ROOT, sys.executable, 'upgraded'):.1f} s")
    print(f"this code, new database: {_seconds(ROOT, sys.executable, 'fresh'):.1f} s")
    after = _published(ROOT, sys.executable)
    schemas = [_schema("upgraded"), _schema("fresh")]
    print(f"verify before: {before[0].decode().strip()}\nverify after: {after[0].decode().strip()}")
    print(f"edition 1, {len(before[1]):,} bytes: {_same(before[1], after[1])}")
    print(f"schema, {len(schemas[0]):,} lines, of the upgraded and the new database: {_same(*schemas)}")
    sys.stdout.writelines(difflib.unified_diff(schemas[0], schemas[1], "upgraded", "fresh"))
    editions = [json.dumps(json.loads(edition), indent=1).splitlines(True) for _verify, edition in (before, after)]
    sys.stdout.writelines(difflib.unified_diff(editions[0], editions[1], "before", "after"))
    return int(before != after or schemas[0] != schemas[1])


def _same(one: object, other: object) -> str:
    return "the same" if one == other else "DIFFERENT"


def _published(code: Path, python: str) -> list[bytes]:
    """The output of `verify`, and the bytes of the first edition."""
    return [
        manage(code, python, "upgraded", *command) for command in (["verify"], ["shell", "--no-imports", "-c", EDITION])
    ]


def manage(code: Path, python: str, database: str, *command: str) -> bytes:
    """The output of a management command, run by the code in a folder as the application's database role."""
    from tracker import embedded

    environment = {name: value for name, value in os.environ.items() if name not in ("SAMPLE_NEWSWIRE", "SITE_URL")} | {
        "DATABASE_URL": embedded.database_url(database=database),
        "OWNER_DATABASE_URL": embedded.database_url(embedded.OWNER_ROLE, database),
        "BROKER_URL": embedded.broker_url(),
        "CACHE_URL": embedded.cache_url(),
        "SECRET_KEY": "only for this",
        "ALLOWED_HOSTS": "localhost",
        "HTTPS": "no",
    }
    done = subprocess.run(
        [python, "manage.py", *command], cwd=code, env=environment, check=True, stdout=subprocess.PIPE
    )
    return done.stdout


def _seconds(code: Path, python: str, database: str) -> float:
    """Processor seconds of `prepare_database`, with Django's start but without the database server's work."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    manage(code, python, database, "prepare_database", "--verbosity=0")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _psql(*statements: str) -> None:
    from tracker import embedded

    commands = [f"--command={statement}" for statement in statements]
    address = embedded.database_url(embedded.OWNER_ROLE, "postgres")
    subprocess.run([embedded.binaries() / "psql", address, "--quiet", "--no-psqlrc", *commands], check=True)


def _schema(database: str) -> list[str]:
    """The schema with its privileges, as pg_dump writes it, without the key that is random each time."""
    from tracker import embedded

    command: list[str | Path] = [embedded.binaries() / "pg_dump", "--schema-only", "--restrict-key=none"]
    address = embedded.database_url(embedded.OWNER_ROLE, database)
    return subprocess.run([*command, address], check=True, capture_output=True, text=True).stdout.splitlines(True)


if __name__ == "__main__":
    sys.exit(main())
