"""Snapshots of editions with many pledges: `python -m bench.snapshots`.

Fills two databases as `bench.desk` does, lets an edition seal all of it, and prints how long making, storing and
verifying its snapshot takes, how much memory the process takes beyond the table of standings, and how large it is.
"""

import argparse
import json
import resource
import sys
import time

from bench import desk

KILOBYTE = 1000


def seal() -> None:
    """Let the newest edition have an item of every row, with its digest."""
    from pledges.models import Edition, EditionItem, Pledge
    from pledges.queries.sealed_content import KINDS, content_digest, with_content

    edition = Edition.objects.get()
    for kind, model in KINDS.items():
        rows = with_content(model)
        if any(field.name == "edition" for field in model._meta.fields):
            rows = rows.filter(edition=edition)
        items = []
        for row in rows.iterator(chunk_size=500):
            pledge = row.pk if isinstance(row, Pledge) else getattr(row, "pledge_id", None)
            values = {"action": "published", "kind": kind, "key": str(row.pk), "title": str(row)[:300]}
            items.append(EditionItem(edition=edition, pledge_id=pledge, sha256=content_digest(row), **values))
        EditionItem.objects.bulk_create(items, batch_size=1000)


def measure() -> dict[str, float]:
    """Seconds, megabytes and numbers by their names."""
    from pledges.actions import edition_snapshots
    from pledges.models import Edition
    from pledges.queries.edition_snapshots import stored
    from pledges.queries.edition_snapshots.rows import standings_at

    edition = Edition.objects.get()
    start = time.perf_counter()
    standings_at(edition)
    results = {"the table of standings, s": time.perf_counter() - start}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    assert edition_snapshots.make(edition)
    results["making and storing it, s"] = time.perf_counter() - start
    results["memory beyond that table, MB"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / KILOBYTE
    start = time.perf_counter()
    assert list(edition_snapshots.changed_snapshots()) == []
    results["verifying it, s"] = time.perf_counter() - start
    row = stored(edition.number)
    assert row
    results["the ZIP, MB"] = row.size / KILOBYTE**2
    return results


def main() -> int:
    """Measure both sizes and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=desk.SIZES, help="this size, as JSON; STATE_DIR says where")
    options = parser.parse_args()
    # No leads and little history: they are in no snapshot.
    desk.SIZES |= {name: (pledges, updates, 100, 100) for name, (pledges, updates, *_rest) in desk.SIZES.items()}
    if options.only:
        with desk.filled(options.only):
            seal()
            print(json.dumps(measure()))
        return 0
    small, large = (desk.run_in_process("bench.snapshots", size) for size in desk.SIZES)
    print("| | " + " | ".join(f"{desk.SIZES[size][0]:,} pledges" for size in desk.SIZES) + " |\n|---|--:|--:|")
    for name, value in small.items():
        print(f"| {name} | {value:.2f} | {large[name]:.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
