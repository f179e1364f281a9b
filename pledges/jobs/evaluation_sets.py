"""Evaluation on a labelled set of pledges and documents, with the watch's own matcher.

The file is JSON: `lang` [of the pledges, of the documents], `queries` {id: pledge}, `docs` {id: text}, `qrels`
{query id: [ids of the documents about it]}. No database is read or written.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pledges.domain.languages import LANGUAGES
from pledges.watch.matching import learning
from pledges.watch.matching.learning import Example, Known
from pledges.watch.matching.matcher import THRESHOLD, Index, Profile, Vocabulary, document_terms
from pledges.watch.text.encoder import Encoder

_CUT = 10  # documents of each pledge that nDCG looks at


class BadSet(ValueError):
    """The file is not such a set; the message says what is wrong and where."""


def checked(data: object) -> dict[str, Any]:
    """The set, after checking its form. Raises BadSet."""
    if not isinstance(data, dict):
        raise BadSet('The file must hold a JSON object with "lang", "queries", "docs" and "qrels".')
    for name in ("queries", "docs"):
        part = data.get(name)
        if not isinstance(part, dict) or not part:
            raise BadSet(f'"{name}" must be an object {{id: text}} with at least one entry.')
        for key, text in part.items():
            if not isinstance(text, str):
                raise BadSet(f'"{name}": the entry "{key}" is not a text.')
    languages = data.get("lang")
    if not isinstance(languages, list) or len(languages) != 2 or any(code not in LANGUAGES for code in languages):
        raise BadSet('"lang" must be two of "en" and "es": the pledges\' language, then the documents\'.')
    labels = data.get("qrels")
    if not isinstance(labels, dict) or not labels:
        raise BadSet('"qrels" must be an object {query id: [document ids]} with at least one entry.')
    for query, documents in labels.items():
        if query not in data["queries"]:
            raise BadSet(f'"qrels": there is no query "{query}".')
        if not isinstance(documents, list) or not documents:
            raise BadSet(f'"qrels": "{query}" must have a list of at least one document id.')
        for document in documents:
            if not isinstance(document, str) or document not in data["docs"]:
                raise BadSet(f'"qrels": "{query}" names the document "{document}", which is not in "docs".')
    return data


def scores(
    data: dict[str, Any], *, learn: bool = False, encoder: Encoder | None = None
) -> dict[tuple[str, str], float]:
    """The score of each pair, {(query id, document id): probability}, without pairs that share no words.

    The pledges have a text in the first language of `lang` only. The vocabulary is that of the documents. With `learn`
    the documents are judged in the file's order, and after each one its labels are learned like an editor's decisions,
    for the pledges for which it was raised or should have been.
    """
    own, other = data["lang"]
    counts = Counter(key for text in data["docs"].values() for key in document_terms(*_parts(text), other))
    vocabulary = Vocabulary({other: len(data["docs"])}, {other: counts})
    profiles = {query: Profile(query, {own: text}) for query, text in data["queries"].items()}
    about = {query: set(documents) for query, documents in data["qrels"].items()}
    examples: dict[str, list[Example]] = {query: [] for query in profiles}
    index = Index(profiles.values(), vocabulary)
    found: dict[tuple[str, str], float] = {}
    for document, whole_text in data["docs"].items():
        title, text = _parts(whole_text)
        judged = index.match(title, text, other, threshold=0, most=len(profiles), encoder=encoder)
        found |= {(str(match.pledge), document): match.probability for match in judged}
        raised = {str(match.pledge) for match in judged if match.probability >= THRESHOLD}
        decided = [query for query in profiles if query in raised or document in about.get(query, ())]
        if not learn or not decided:
            continue
        for query in decided:
            examples[query].insert(0, Example(document, title, text, other, document in about.get(query, ())))
            lessons = learning.learn(examples[query], vocabulary, Known(texts={own: data["queries"][query]}))
            profiles[query] = replace(profiles[query], learned=learning.weights(lessons))
        index = Index(profiles.values(), vocabulary)
    return found


def measures(
    labels: dict[str, list[str]], documents: Iterable[str], run: dict[tuple[str, str], float]
) -> tuple[float, float, float]:
    """nDCG@10 (the mean over labelled pledges), the average precision of all pairs in one ranking, and the best F1
    of any threshold. Pairs without a score come last and count as not found; ties count against the run."""
    documents = list(documents)
    gains: list[float] = []
    pairs: list[tuple[float, bool]] = []
    for query, about in labels.items():
        known = set(about)
        scored = {document: run[query, document] for document in documents if (query, document) in run}
        ranked = sorted(scored, key=lambda document: (-scored[document], document))[:_CUT]
        gain = sum(_discount(rank) for rank, document in enumerate(ranked) if document in known)
        gains.append(gain / sum(_discount(rank) for rank in range(min(_CUT, len(known)))))
        pairs += [(-score, document in known) for document, score in scored.items()]
    total = sum(len(set(about)) for about in labels.values())
    hits, precision, best = 0, 0.0, 0.0
    for rank, (_, hit) in enumerate(sorted(pairs), 1):
        hits += hit
        precision += hit * hits / rank
        best = max(best, 2 * hits / (rank + total))
    return sum(gains) / len(gains), precision / total, best


def _discount(rank: int) -> float:
    return 1 / math.log2(rank + 2)


def _parts(text: str) -> tuple[str, str]:
    """Title and text: if there are several lines, the first is the title."""
    title, _, rest = text.strip().partition("\n")
    return (title, rest) if rest.strip() else ("", title)


def evaluate(
    data: object,
    *,
    learn: bool = False,
    run: Path | None,
    write: Callable[[str], object],
    encoder: Encoder | None = None,
) -> None:
    """Match and score a set; `write` gets lines for people, the file `run` the pairs. Raises BadSet and OSError."""
    labelled = checked(data)
    found = scores(labelled, learn=learn, encoder=encoder)
    if run:
        with run.open("w", encoding="utf-8") as file:
            file.writelines(f"{query}\t{document}\t{score:.8g}\n" for (query, document), score in found.items())
    ndcg, precision, best = measures(labelled["qrels"], labelled["docs"], found)
    own, other = labelled["lang"]
    write(f"{len(labelled['queries'])} pledges ({own}), {len(labelled['docs'])} documents ({other})")
    write(f"nDCG@10 {ndcg:.3f}  AP {precision:.3f}  best F1 {best:.3f}")
