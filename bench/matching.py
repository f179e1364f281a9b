"""What matching one article of 600 words costs against 1,000, 10,000 and 100,000 pledges; and how well it finds.

    python -m bench.matching [FOLDER]

The pledges are made up out of the lexicon's words and invented names, in both languages. Quality is printed where
FOLDER (or ../shared/data/matching) holds labelled sets. No database is needed.
"""

import argparse
import gc
import json
import random
import resource
import statistics
import time
from pathlib import Path

from pledges.domain.languages import LANGUAGES
from pledges.jobs.evaluation_sets import checked, measures, scores
from pledges.watch.matching import concepts
from pledges.watch.matching.matcher import Index, Profile

SIZES = (1_000, 10_000, 100_000)
ARTICLES = 60
WORDS = 600
SETS = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "matching"
_SYLLABLES = "ba be ca co da di fa go la li lu ma mo na no pa pe ra ri ro sa se ta to va vi za".split()


class Writer:
    """Makes up pledges and articles: lexicon words as news uses them (few often, most rarely), and names."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        sides: dict[str, list] = {language: [] for language in LANGUAGES}
        for path in sorted(concepts.DATA.glob("*.txt")):
            for line in path.read_text(encoding="utf-8").splitlines():
                if "|" in line:
                    for language, side in zip(LANGUAGES, line.strip("~ ").split("|"), strict=True):
                        sides[language] += [one.strip() for one in side.split(",")]
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
            one: f"{self.phrase(one, 5, 1)}\n{self.phrase(one, 12, 2)}. {self.phrase(one, 8, 1)}." for one in LANGUAGES
        }
        return Profile(number, texts, context=("Costaverde", "Marina Paz"))

    def article(self, language: str) -> tuple[str, str]:
        said = "Marina Paz, Costaverde. "
        while said.count(" ") < WORDS:
            said += self.phrase(language, 13, 1).capitalize() + ". "
        return self.phrase(language, 6, 1), said


def speed(sizes: list[int]) -> None:
    writer = Writer(7)
    pledges = [writer.pledge(number) for number in range(max(sizes))]
    articles = [(*writer.article(language), language) for language in LANGUAGES for _ in range(ARTICLES // 2)]
    print(f"one article of {WORDS} words, median of {ARTICLES} (half in each language)")
    medians = {}
    for size in sizes:
        gc.collect()
        before, started = _resident(), time.perf_counter()
        index = Index(pledges[:size])
        built = time.perf_counter() - started
        grown = _resident() - before
        for title, text, language in articles[:: ARTICLES // 6]:
            index.match(title, text, language)  # caches fill as they do in a worker
        laps, work = [], []
        for title, text, language in articles:
            started, worked = time.perf_counter(), time.process_time()
            index.match(title, text, language)
            laps.append(time.perf_counter() - started)
            work.append(time.process_time() - worked)
        medians[size] = statistics.median(laps)
        print(
            f"  {size:>7,} pledges: {medians[size] * 1000:6.2f} ms   ({statistics.median(work) * 1000:.2f} ms of it "
            f"the processor's, slowest {max(laps) * 1000:.1f} ms; "
            f"index built in {built:.1f} s, {grown:.0f} MB)"
        )
        del index
    print(f"  {sizes[-1]:,} against {sizes[0]:,}: {medians[sizes[-1]] / medians[sizes[0]]:.1f} times the time")


def quality(folder: Path) -> None:
    for path in sorted(folder.glob("*.json")):
        data = checked(json.loads(path.read_text(encoding="utf-8")))
        ndcg, precision, best = measures(data["qrels"], data["docs"], scores(data))
        print(f"  {path.stem:<22} nDCG@10 {ndcg:.3f}  AP {precision:.3f}  best F1 {best:.3f}")


def _resident() -> float:
    """This process's memory in MB, now where the system says so, else at its highest."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 2**20
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=SETS, help="a folder of labelled sets")
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, help="numbers of pledges, rising")
    options = parser.parse_args()
    folder = options.folder
    speed(list(options.sizes))
    if folder.is_dir():
        print(f"quality, by the default matcher, on {folder}")
        quality(folder)


if __name__ == "__main__":
    main()
