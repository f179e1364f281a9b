"""A labelled set of pledges and documents, matched by the very code that the watch uses, and scored.

The file is JSON: `lang` [of the pledges, of the documents], `queries` {id: pledge}, `docs` {id: text}, `qrels`
{query id: [ids of the documents about it]}. No database is read or written.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from pledges.domain.languages import LANGUAGES
from pledges.watch.matching import learning
from pledges.watch.matching.learning import Example, Known
from pledges.watch.matching.matcher import THRESHOLD, Index, Profile, Vocabulary, document_terms

_CUT = 10  # documents looked at for each pledge by nDCG


class BadSet(ValueError):
    """The file is no such set; the message says what is wrong and where."""


def checked(data: object) -> dict:
    """The set as it stands, once its shape is known to be right. Raises BadSet."""
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
    if not isinstance(languages, list) or len(languages) != 2 or any(one not in LANGUAGES for one in languages):
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


def scores(data: dict, *, learn: bool = False) -> dict[tuple[str, str], float]:
    """What every pair scores, {(query id, document id): probability}; a pair that shares nothing at all is left out.

    The pledges have the text of the language that `lang` says and none in the other. The vocabulary is that of the
    documents. With `learn` the documents come in the file's order, and once one was judged, what its labels say of the
    pledges that it was raised for (or should have been) is fed back as an editor's decision.
    """
    own, other = data["lang"]
    counts = Counter(key for text in data["docs"].values() for key in document_terms(*_parts(text), other))
    vocabulary = Vocabulary({other: len(data["docs"])}, {other: counts})
    profiles = {query: Profile(query, {own: text}) for query, text in data["queries"].items()}
    about = {query: set(documents) for query, documents in data["qrels"].items()}
    examples: dict[str, list[Example]] = {query: [] for query in profiles}
    index = Index(profiles.values(), vocabulary)
    found: dict[tuple[str, str], float] = {}
    for document, told in data["docs"].items():
        title, text = _parts(told)
        judged = index.match(title, text, other, threshold=0, most=len(profiles))
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


def measures(labels: dict[str, list[str]], documents: Iterable[str], run: dict[tuple[str, str], float]):
    """nDCG@10 (the mean over labelled pledges), average precision of all their pairs in one ranking, and the best F1
    that one threshold gives. Pairs without a score stand last and find nothing; ties count against the run."""
    documents = list(documents)
    gains, pairs = [], []
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
    """Title and text: the first of several lines is the title."""
    title, _, rest = text.strip().partition("\n")
    return (title, rest) if rest.strip() else ("", title)


def evaluate(data: object, *, learn: bool = False, run: Path | None, write: Callable[[str], object]) -> None:
    """Match and score a set; `write` gets the lines for people, `run` the pairs. Raises BadSet and OSError."""
    data = checked(data)
    found = scores(data, learn=learn)
    if run:
        with run.open("w", encoding="utf-8") as file:
            file.writelines(f"{query}\t{document}\t{score:.8g}\n" for (query, document), score in found.items())
    ndcg, precision, best = measures(data["qrels"], data["docs"], found)
    write(f"{len(data['queries'])} pledges ({data['lang'][0]}), {len(data['docs'])} documents ({data['lang'][1]})")
    write(f"nDCG@10 {ndcg:.3f}  AP {precision:.3f}  best F1 {best:.3f}")
