"""The time to match one article of 600 words with 1,000, 10,000 and 100,000 pledges, and the quality of matches.

    python -m bench.matching [FOLDER]

The pledges are generated from the lexicon's words and invented names, in both languages. What the sentence encoder adds
is measured on a few more articles. Quality is measured on the labelled sets in FOLDER, if given. No database is needed.
"""

import argparse
import gc
import json
import os
import random
import resource
import statistics
import time
from pathlib import Path

import django

from pledges.domain.languages import LANGUAGES
from pledges.watch.matching import concepts
from pledges.watch.matching.matcher import Index, Profile
from pledges.watch.text import encoder

SIZES = (1_000, 10_000, 100_000)
ARTICLES = 60
ENCODED = 10  # articles that are read with the encoder
WORDS = 600
_SYLLABLES = "ba be ca co da di fa go la li lu ma mo na no pa pe ra ri ro sa se ta to va vi za".split()


class Writer:
    """Generates pledges and articles from names and lexicon words, with the frequencies of news (Zipf)."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        sides: dict[str, list] = {language: [] for language in LANGUAGES}
        for path in sorted(concepts.DATA.glob("*.txt")):
            for line in path.read_text(encoding="utf-8").splitlines():
                if "|" in line:
                    for language, side in zip(LANGUAGES, line.strip("~ ").split("|"), strict=True):
                        sides[language] += [word.strip() for word in side.split(",")]
        self.words = {}
        for language, words in sides.items():
            self.chance.shuffle(words)
            self.words[language] = words, [1 / (rank + 20) ** 0.7 for rank in range(len(words))]
        self.names = ["".join(self.chance.choices(_SYLLABLES, k=3)).capitalize() for _ in range(20_000)]

    def phrase(self, language: str, words: int, names: int) -> str:
        known, weights = self.words[language]
        parts = self.chance.choices(known, weights, k=words) + self.chance.choices(self.names, k=names)
        self.chance.shuffle(parts)
        return " ".join(parts)

    def pledge(self, number: int) -> Profile:
        texts = {
            code: f"{self.phrase(code, 5, 1)}\n{self.phrase(code, 12, 2)}. {self.phrase(code, 8, 1)}."
            for code in LANGUAGES
        }
        return Profile(number, texts, context=("Costaverde", "Marina Paz"))

    def article(self, language: str) -> tuple[str, str]:
        text = "Marina Paz, Costaverde. "
        while text.count(" ") < WORDS:
            text += self.phrase(language, 13, 1).capitalize() + ". "
        return self.phrase(language, 6, 1), text


def speed(sizes: list[int]) -> None:
    """Print the time to match an article against so many pledges, for each size."""
    writer = Writer(7)
    pledges = [writer.pledge(number) for number in range(max(sizes))]
    articles = [(*writer.article(language), language) for language in LANGUAGES for _ in range(ARTICLES // 2)]
    print(f"one article of {WORDS} words, median of {ARTICLES} (half in each language)")
    medians = {}
    for size in sizes:
        gc.collect()
        memory_before, started = _resident(), time.perf_counter()
        index = Index(pledges[:size])
        build_seconds = time.perf_counter() - started
        megabytes = _resident() - memory_before
        for title, text, language in articles[:: ARTICLES // 6]:
            index.match(title, text, language)  # fills the caches, as in a worker
        wall, processor = [], []
        for title, text, language in articles:
            started, processor_started = time.perf_counter(), time.process_time()
            index.match(title, text, language)
            wall.append(time.perf_counter() - started)
            processor.append(time.process_time() - processor_started)
        medians[size] = statistics.median(wall)
        print(
            f"  {size:>7,} pledges: {medians[size] * 1000:6.2f} ms   ({statistics.median(processor) * 1000:.2f} ms of "
            f"processor time, slowest {max(wall) * 1000:.1f} ms; "
            f"index built in {build_seconds:.1f} s, {megabytes:.0f} MB)"
        )
        del index
    print(f"  {sizes[-1]:,} against {sizes[0]:,}: {medians[sizes[-1]] / medians[sizes[0]]:.1f} times the time")


def encoding(size: int) -> None:
    """Print what the sentence encoder adds to an article of which no sentence was read before, among `size` pledges."""
    model = encoder.local()
    if model is None:
        print(f"without the sentence encoder: {encoder.why_not_local()}")
        return
    writer = Writer(8)
    index = Index([writer.pledge(number) for number in range(size)])
    added = []
    for number in range(ENCODED):
        title, text = writer.article(language := LANGUAGES[number % len(LANGUAGES)])
        started = time.process_time()
        index.match(title, text, language)
        without, started = time.process_time() - started, time.process_time()
        index.match(title, text, language, encoder=model)
        added.append(time.process_time() - started - without)
    print(
        f"the sentence encoder adds {statistics.median(added) * 1000:.0f} ms of processor time to such an article, "
        f"with its candidates' vectors (median of {ENCODED}; the first: {added[0] * 1000:.0f} ms)"
    )


def quality(folder: Path) -> None:
    """Print the quality of the default matcher on each labelled set in a folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    from pledges.jobs.evaluation_sets import checked, measures, scores  # which needs Django to be set up

    for path in sorted(folder.glob("*.json")):
        data = checked(json.loads(path.read_text(encoding="utf-8")))
        ndcg, precision, best = measures(data["qrels"], data["docs"], scores(data))
        print(f"  {path.stem:<22} nDCG@10 {ndcg:.3f}  AP {precision:.3f}  best F1 {best:.3f}")


def _resident() -> float:
    """The resident memory of this process in MB; its maximum where /proc does not exist."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 2**20
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of labelled sets")
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, help="numbers of pledges, ascending")
    options = parser.parse_args()
    speed(list(options.sizes))
    encoding(options.sizes[0])
    if options.folder:
        print(f"quality, by the default matcher, on {options.folder}")
        quality(options.folder)


if __name__ == "__main__":
    main()
