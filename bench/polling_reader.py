"""`reader` polls the same feeds, run by its own interpreter: polling_reader.py PORT FEEDS WORKERS DATABASE.

Prints the seconds of the first poll and of one of unchanged feeds, then the numbers of entries and failed feeds.
"""

import sys
import time

from reader import make_reader


def main(port: int, feeds: int, workers: int, database: str) -> None:
    """Poll all feeds twice."""
    reader = make_reader(database)
    for number in range(1, feeds + 1):
        reader.add_feed(f"http://127.1.{number // 256}.{number % 256}:{port}/feed")
    for _round in range(2):
        started = time.perf_counter()
        reader.update_feeds(scheduled=False, workers=workers)
        print(f"{time.perf_counter() - started:.3f}", flush=True)
    entries, failed = reader.get_entry_counts().total, sum(1 for feed in reader.get_feeds() if feed.last_exception)
    print(entries, failed, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
