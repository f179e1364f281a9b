"""What the matcher is given: of each pledge its words, those of its editors and those learned, and how rare words are.

It is kept in the process and made anew when an edition, an edit of a pledge or its words, a decision on a lead or a
notable growth of the vocabulary changes it. Learned words are derived from decisions each time, never stored.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain, groupby

from babel import Locale
from django.conf import settings
from django.db.models import F, Max, Model, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from pledges.domain.languages import LANGUAGES
from pledges.domain.process_cache import kept
from pledges.models import Lead, Pledge, TermCount, WatchTerm
from pledges.queries import pulse, visibility
from pledges.watch.matching import learning, matcher, second_opinion
from pledges.watch.matching.learning import Example, Known, Lesson

GROWTH = 1.1  # of the vocabulary, that makes rarities worth counting again
ENOUGH_DOCUMENTS = 200  # below, a vocabulary knows no rarities: the first article would make its own words common
MANY_DOCUMENTS = 1_000  # from here on a term that one document held is left out: there are as many as articles
MOST_TERMS = 100_000  # of a language, the most frequent, are kept in the process

Decisions = tuple[tuple[int, bool], ...]  # (lead, whether it was about the pledge), newest first
Learned = tuple[tuple, dict[str, list[Lesson]]]  # what the lessons were made of, and the lessons


class Watch:
    """The pledges as the watch knows them, ready to be matched; where the operator has a model, it looks twice."""

    def __init__(self, profiles: Iterable[matcher.Profile], vocabulary: matcher.Vocabulary):
        profiles = list(profiles)
        self._index = matcher.Index(profiles, vocabulary)
        self._texts = {one.pledge: one.texts for one in profiles} if settings.ONNX_MODEL_DIR else {}

    def match(
        self, title: str, text: str, language: str, *, threshold: float = matcher.THRESHOLD
    ) -> list[matcher.Match]:
        """The pledges that a document scores at least `threshold` on, best first (see `matching.Index.match`)."""
        scorer = second_opinion.sentence_model(settings.ONNX_MODEL_DIR)
        if scorer is None:
            return self._index.match(title, text, language, threshold=threshold)
        within_reach = second_opinion.moved(matcher.THRESHOLD, second_opinion.Opinion(0))
        found = []
        for match in self._index.match(title, text, language, threshold=min(threshold, within_reach)):
            if match.score >= within_reach:
                texts = self._texts[match.pledge]
                code = language if texts.get(language, "").strip() else max(texts, key=lambda one: len(texts[one]))
                opinion = scorer.opinion(second_opinion.LeadCandidate(texts[code], title, match.sentence, code))
                match = replace(match, score=round(second_opinion.moved(match.score, opinion), 4))
            found.append(match)
        found = [match for match in found if match.score >= threshold]
        return sorted(found, key=lambda match: (-match.score, str(match.pledge)))


def watch() -> Watch:
    """The public pledges as things stand: a few small queries where nothing has changed."""
    edited = Pledge.objects.aggregate(last=Max("updated_at"))["last"]
    built, _learned = _built_watch(
        pulse.current().edition, edited, _last_event(WatchTerm), _last_decision(), _size_of_vocabulary()
    )
    return built


@kept()
def _built_watch(
    _edition: int, _edited, _words: int, _decided: int, size: tuple[int, ...]
) -> tuple[Watch, dict[int, Learned]]:
    """The watch, and by pledge what was learned, so that the next one learns anew only what has changed."""
    seen, decided = _vocabulary(size), decisions()
    before = _built_watch.last[1] if _built_watch.last else {}
    public, learned = list(pledges()), {}
    for one in public:
        if mine := decided.get(one.pk):
            learned[one.pk] = _learned_of(one, mine, seen, size, before.get(one.pk))
    return Watch([profile(one, learned[one.pk][1] if one.pk in learned else {}) for one in public], seen), learned


def pledges() -> QuerySet[Pledge]:
    """The public pledges with all that a profile takes."""
    public = visibility.public_pledges().select_related("mandate")
    return public.prefetch_related("wordings", "institutions", "watch_terms")


def profile(pledge: Pledge, lessons: Mapping[str, list[Lesson]]) -> matcher.Profile:
    """What the matcher knows of a pledge: its published words in both languages, its other names, its editors' words,
    what was learned, and its context."""
    mandate = pledge.mandate
    countries = [Locale(code).territories.get(mandate.country.upper(), "") for code in LANGUAGES]
    names = [mandate.person, mandate.person.split()[-1], *countries]
    names += chain.from_iterable((i.name_en, i.name_es, i.acronym) for i in pledge.institutions.all())
    return matcher.Profile(
        pledge=pledge.pk,
        texts=own_texts(pledge),
        aliases={one: (*own_names(pledge, one), *words_of(pledge, one, WatchTerm.Rule.ANY)) for one in LANGUAGES},
        context=tuple(dict.fromkeys(name for name in names if name)),
        must={one: words_of(pledge, one, WatchTerm.Rule.MUST) for one in LANGUAGES},
        never={one: words_of(pledge, one, WatchTerm.Rule.NEVER) for one in LANGUAGES},
        learned=learning.weights(lessons),
    )


def own_texts(pledge: Pledge) -> dict[str, str]:
    """Title, statement and what would count as kept by language, as published; before that, as drafted.

    The criterion says in concrete words what the news will tell of once there is something to tell.
    """
    wording = pledge.public_wording or pledge.latest_wording
    parts = ("title", "statement", "kept")
    return {one: "\n".join(getattr(wording, f"{part}_{one}", "") for part in parts) for one in LANGUAGES}


def own_names(pledge: Pledge, language: str) -> tuple[str, ...]:
    """What news call it."""
    return tuple(getattr(pledge, f"also_called_{language}"))


def words_of(pledge: Pledge, language: str, rule: str) -> tuple[str, ...]:
    """The editors' words of one rule. Uses prefetched rows."""
    return tuple(one.phrase for one in pledge.watch_terms.all() if one.language == language and one.rule == rule)


def known(pledge: Pledge) -> Known:
    """What the learning has to keep to."""
    rule = WatchTerm.Rule
    return Known(
        texts=own_texts(pledge),
        kept={
            one: (*own_names(pledge, one), *words_of(pledge, one, rule.ANY), *words_of(pledge, one, rule.MUST))
            for one in LANGUAGES
        },
        struck={one: words_of(pledge, one, rule.STRUCK) for one in LANGUAGES},
    )


# --- what was seen --------------------------------------------------------------------------------------------------


def vocabulary() -> matcher.Vocabulary:
    """The words of all articles read and how many held each, in the languages of which enough were read."""
    return _vocabulary(_size_of_vocabulary())


def _size_of_vocabulary() -> tuple[int, ...]:
    """How many articles were read in each language, in steps of a tenth: a new step is notable growth."""
    return size_of(dict(TermCount.objects.filter(term="").values_list("language", "documents")))


def size_of(counts: Mapping[str, int]) -> tuple[int, ...]:
    """The same of numbers of articles by language."""
    return tuple(int(math.log(counts.get(one, 0) + 1, GROWTH)) for one in LANGUAGES)


@kept()
def _vocabulary(_size: tuple[int, ...]) -> matcher.Vocabulary:
    read = TermCount.objects.filter(term="", documents__gte=ENOUGH_DOCUMENTS)
    documents = dict(read.values_list("language", "documents"))
    counts = {}
    for language, total in documents.items():
        terms = TermCount.objects.filter(language=language).exclude(term="").order_by("-documents", "term")
        terms = terms.filter(documents__gt=1) if total > MANY_DOCUMENTS else terms
        counts[language] = dict(terms.values_list("term", "documents")[:MOST_TERMS].iterator())
    return matcher.Vocabulary(documents, counts)


# --- what was decided -----------------------------------------------------------------------------------------------


def teaching() -> Q:
    """The leads whose decision says whether the article was about the pledge (`learning.about` says which)."""
    reason = Lead.DismissReason
    return Q(state=Lead.State.ACCEPTED) | Q(
        dismiss_reason__in=[reason.NOT_ABOUT, reason.NOTHING_NEW, reason.DUPLICATE], state=Lead.State.DISMISSED
    )


WAITING = (Lead.State.OPEN, Lead.State.SNOOZED)


def moved_here() -> Q:
    """The leads that wait and that somebody moved to this pledge: who did has said that they are about it."""
    return Q(raised_by__isnull=False, state__in=WAITING)


def decisions(before: datetime | None = None, pledge: int | None = None) -> dict[int, Decisions]:
    """By pledge, the newest decisions that teach something: those made before a time (UTC), those on one pledge."""
    leads = Lead.objects.filter(teaching() | moved_here()).annotate(said_at=Coalesce("decided_at", "raised_at"))
    leads = leads.filter(said_at__lt=before) if before else leads
    leads = leads.filter(pledge=pledge) if pledge else leads
    newest = Window(RowNumber(), partition_by=F("pledge"), order_by=[F("said_at").desc(), F("pk").desc()])
    rows = (
        leads.annotate(place=newest)
        .filter(place__lte=learning.MOST_EXAMPLES)
        .order_by("pledge", "place")
        .values_list("pledge", "pk", "state", "dismiss_reason")
    )
    return {
        pledge: tuple((pk, state in WAITING or bool(learning.about(state, reason))) for _, pk, state, reason in group)
        for pledge, group in groupby(rows, key=lambda row: row[0])
    }


def lessons(pledge: Pledge, decided: Decisions, seen: matcher.Vocabulary) -> dict[str, list[Lesson]]:
    """What these decisions teach about a pledge."""
    return learning.learn(examples(decided), seen, known(pledge)) if decided else {}


def examples(decided: Decisions) -> Iterable[Example]:
    """The articles of these decisions, in their order; of each only what teaches is read."""
    rows = Lead.objects.filter(pk__in=[pk for pk, _ in decided]).values_list(
        "pk", "article__title", "article__text", "article__summary", "article__language", "sentence"
    )
    found = {row[0]: row[1:] for row in rows.iterator()}
    for pk, is_about in decided:
        if pk in found:
            title, text, summary, language, sentence = found[pk]
            yield Example(pk, title, (text or summary)[: learning.OPENING], language, is_about, sentence)


def _learned_of(
    pledge: Pledge, mine: Decisions, seen: matcher.Vocabulary, size: tuple[int, ...], before: Learned | None
) -> Learned:
    """As `lessons`; what it was `before` where neither decisions nor words have changed since."""
    struck = tuple((term.rule, term.language, term.phrase) for term in pledge.watch_terms.all())
    sign = (mine, size, struck, pledge.updated_at, getattr(pledge.public_wording, "pk", None))
    return before if before and before[0] == sign else (sign, lessons(pledge, mine, seen))


def _last_event(model: type[Model], **which) -> int:
    """The newest row of a history table: it turns with every change, whoever made it."""
    events = model.pgh_event_models["update"].objects.filter(**which)
    return events.order_by("-pgh_id").values_list("pgh_id", flat=True).first() or 0


def _last_decision() -> int:
    """Turns when a lead is decided or a decision is undone, not when one is raised."""
    return _last_event(Lead, pgh_label="update")


def by_decision(pledge: Pledge) -> Mapping[str, int]:
    """How many of a pledge's leads were accepted, dismissed and are waiting, by what was decided."""
    counts: dict[str, int] = defaultdict(int)
    for state, reason in pledge.leads.values_list("state", "dismiss_reason"):
        counts[reason if state == Lead.State.DISMISSED else state] += 1
    return counts
