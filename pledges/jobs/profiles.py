"""The matcher's input: each pledge's own words, its editors' words and the learned ones, and how rare words are.

It is kept in the process and made anew when an edition, an edit of a pledge or its words, a decision on a lead or a
notable growth of the vocabulary changes it. Learned words are derived from decisions each time, never stored.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import chain, groupby
from typing import TypeAlias

from django.db.models import F, Max, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from pledges.domain.country_names import names_of
from pledges.domain.languages import LANGUAGES
from pledges.domain.process_cache import kept
from pledges.models import Lead, Pledge, TermCount, WatchTerm
from pledges.models.pledge import CRITERIA
from pledges.queries import pulse, visibility
from pledges.watch.matching import learning, matcher
from pledges.watch.matching.learning import Example, Known, Lesson
from pledges.watch.text.encoder import Encoder

GROWTH = 1.1  # when the vocabulary has grown by this factor, rarities are computed again
ENOUGH_DOCUMENTS = 200  # with fewer a vocabulary has no rarities: the first article would make its own words common
MANY_DOCUMENTS = 1_000  # with more, terms of a single document are left out: their number grows with the articles
MOST_TERMS = 100_000  # per language, the most frequent ones, kept in the process

History: TypeAlias = tuple[tuple[date, str], ...]
Decisions: TypeAlias = tuple[tuple[int, bool], ...]  # (id of the lead, whether it was about the pledge), newest first
# What the lessons were made of, and the lessons.
Learned: TypeAlias = tuple[tuple, dict[str, list[Lesson]]]


class Watch:
    """The index of pledges that articles are matched with."""

    def __init__(self, profiles: Iterable[matcher.Profile], vocabulary: matcher.Vocabulary) -> None:
        self._index = matcher.Index(profiles, vocabulary)

    def match(
        self,
        title: str,
        text: str,
        language: str,
        *,
        threshold: float = matcher.THRESHOLD,
        day: date | None = None,
        encoder: Encoder | None = None,
    ) -> list[matcher.Match]:
        """The pledges for which a document scores at least `threshold`, best first (see `matcher.Index.match`)."""
        return self._index.match(title, text, language, threshold=threshold, day=day, encoder=encoder)


def watch() -> Watch:
    """The current index of the public pledges; a few small queries if nothing has changed."""
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
    public, learned, changes = list(pledges()), {}, histories()
    for one in public:
        if mine := decided.get(one.pk):
            learned[one.pk] = _learned_of(one, mine, seen, size, before.get(one.pk))
    made = (profile(one, learned[one.pk][1] if one.pk in learned else {}, changes.get(one.pk, ())) for one in public)
    return Watch(made, seen), learned


def pledges() -> QuerySet[Pledge]:
    """The public pledges with the related rows that `profile` reads."""
    public = visibility.public_pledges().select_related("mandate")
    return public.prefetch_related("wordings", "institutions", "watch_terms")


def profile(pledge: Pledge, lessons: Mapping[str, list[Lesson]], history: History = ()) -> matcher.Profile:
    """A pledge's profile for the matcher: its published words in both languages, its other names, its editors' words,
    the learned words, its context, its criteria, and its history (see `histories`)."""
    mandate, wording = pledge.mandate, pledge.public_wording or pledge.latest_wording
    names = [mandate.person, mandate.person.split()[-1], *names_of(mandate.country)]
    names += chain.from_iterable((row.name_en, row.name_es, row.acronym) for row in pledge.institutions.all())
    return matcher.Profile(
        pledge=pledge.pk,
        texts=own_texts(pledge),
        aliases={code: (*own_names(pledge, code), *words_of(pledge, code, WatchTerm.Rule.ANY)) for code in LANGUAGES},
        context=tuple(dict.fromkeys(name for name in names if name)),
        must={code: words_of(pledge, code, WatchTerm.Rule.MUST) for code in LANGUAGES},
        never={code: words_of(pledge, code, WatchTerm.Rule.NEVER) for code in LANGUAGES},
        learned=learning.weights(lessons),
        criteria=own_criteria(pledge),
        history=history,
        deadline=wording.deadline_end if wording else None,
    )


def own_criteria(pledge: Pledge) -> dict[str, dict[str, str]]:
    """By language and status, what that status means for the pledge; what is not written is left out."""
    wording = pledge.public_wording or pledge.latest_wording
    by_language = {code: {name: getattr(wording, f"{name}_{code}", "") for name in CRITERIA} for code in LANGUAGES}
    return {code: {name: text for name, text in own.items() if text} for code, own in by_language.items()}


def histories(pledge: int | None = None) -> dict[int, History]:
    """By pledge, its published changes of status as (day, status), oldest first; one query, two with corrections.

    Only of one pledge, if its id is given.
    """
    fields = ("pledge_id", "status", "happened_on", "edition_id", "corrects_id")
    published = visibility.public_updates().order_by("pledge").only(*fields)
    published = published.filter(pledge=pledge) if pledge else published
    return {
        pledge: tuple((update.happened_on, update.status) for update in visibility.in_order(list(group)))
        for pledge, group in groupby(published, key=lambda update: update.pledge_id)
    }


def own_texts(pledge: Pledge) -> dict[str, str]:
    """By language, the title, the statement and the criterion for "kept", as published or, before that, as drafted.

    The criterion names in concrete words what the news will report one day.
    """
    wording = pledge.public_wording or pledge.latest_wording
    parts = ("title", "statement", "kept")
    return {code: "\n".join(getattr(wording, f"{part}_{code}", "") for part in parts) for code in LANGUAGES}


def own_names(pledge: Pledge, language: str) -> tuple[str, ...]:
    """The names that the news gives a pledge."""
    return tuple(getattr(pledge, f"also_called_{language}"))


def words_of(pledge: Pledge, language: str, rule: str) -> tuple[str, ...]:
    """The editors' words under one rule. Uses prefetched rows."""
    return tuple(term.phrase for term in pledge.watch_terms.all() if term.language == language and term.rule == rule)


def known(pledge: Pledge) -> Known:
    """The words that learning has to respect."""
    rule = WatchTerm.Rule
    return Known(
        texts=own_texts(pledge),
        kept={
            code: (*own_names(pledge, code), *words_of(pledge, code, rule.ANY), *words_of(pledge, code, rule.MUST))
            for code in LANGUAGES
        },
        struck={code: words_of(pledge, code, rule.STRUCK) for code in LANGUAGES},
    )


# --- the vocabulary -------------------------------------------------------------------------------------------------


def vocabulary() -> matcher.Vocabulary:
    """How many articles contain each word, in the languages in which enough articles were read."""
    return _vocabulary(_size_of_vocabulary())


def _size_of_vocabulary() -> tuple[int, ...]:
    """How many articles were read in each language, in steps of 10 %: a new step is notable growth."""
    return size_of(dict(TermCount.objects.filter(term="").values_list("language", "documents")))


def size_of(counts: Mapping[str, int]) -> tuple[int, ...]:
    """The steps of given numbers of articles, by language."""
    return tuple(int(math.log(counts.get(code, 0) + 1, GROWTH)) for code in LANGUAGES)


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


# --- decisions ------------------------------------------------------------------------------------------------------


def teaching() -> Q:
    """The leads whose decision says whether the article was about the pledge (see `learning.about`).

    That of a lead whose update was withdrawn stays as it is and says nothing.
    """
    reason = Lead.DismissReason
    withdrawn = Q(update__in=visibility.withdrawn_updates())
    return Q(state=Lead.State.ACCEPTED) & ~withdrawn | Q(
        dismiss_reason__in=[reason.NOT_ABOUT, reason.NOTHING_NEW, reason.DUPLICATE], state=Lead.State.DISMISSED
    )


WAITING = (Lead.State.OPEN, Lead.State.SNOOZED)


def moved_here() -> Q:
    """The undecided leads that an editor moved to their pledge, and so called them about it."""
    return Q(raised_by__isnull=False, state__in=WAITING)


def decisions(before: datetime | None = None, pledge: int | None = None) -> dict[int, Decisions]:
    """By pledge, the newest decisions to learn from; only those before a time (UTC), only those on one pledge."""
    leads = Lead.objects.filter(teaching() | moved_here()).annotate(judged_at=Coalesce("decided_at", "raised_at"))
    leads = leads.filter(judged_at__lt=before) if before else leads
    leads = leads.filter(pledge=pledge) if pledge else leads
    newest = Window(RowNumber(), partition_by=F("pledge"), order_by=[F("judged_at").desc(), F("pk").desc()])
    rows = (
        leads.annotate(place=newest)
        .filter(place__lte=learning.MOST_EXAMPLES)
        .order_by("pledge", "place")
        .values_list("pledge", "pk", "state", "dismiss_reason")
    )
    return {
        key: tuple((pk, state in WAITING or bool(learning.about(state, reason))) for _, pk, state, reason in group)
        for key, group in groupby(rows, key=lambda row: row[0])
    }


def lessons(pledge: Pledge, decided: Decisions, seen: matcher.Vocabulary) -> dict[str, list[Lesson]]:
    """What is learned from these decisions about a pledge, by language."""
    return learning.learn(examples(decided), seen, known(pledge)) if decided else {}


def examples(decided: Decisions) -> Iterable[Example]:
    """The articles of these decisions, in their order, with the fields to learn from."""
    rows = Lead.objects.filter(pk__in=[pk for pk, _ in decided]).values_list(
        "pk", "article__title", "article__text", "article__summary", "article__language", "sentence"
    )
    articles = {pk: fields for pk, *fields in rows.iterator()}
    for pk, is_about in decided:
        if pk in articles:
            title, text, summary, language, sentence = articles[pk]
            yield Example(pk, title, (text or summary)[: learning.OPENING], language, is_about, sentence)


def _learned_of(
    pledge: Pledge, mine: Decisions, seen: matcher.Vocabulary, size: tuple[int, ...], before: Learned | None
) -> Learned:
    """As `lessons`; what it was `before` where neither decisions nor words have changed since."""
    struck = tuple((term.rule, term.language, term.phrase) for term in pledge.watch_terms.all())
    sign = (mine, size, struck, pledge.updated_at, getattr(pledge.public_wording, "pk", None))
    return before if before and before[0] == sign else (sign, lessons(pledge, mine, seen))


def _last_event(model: type[Lead] | type[WatchTerm], **conditions: str) -> int:
    """The id of the newest row of a history table: it changes with every change of the table, whoever made it."""
    events = model.pgh_event_models["update"].objects.filter(**conditions)  # type: ignore[union-attr]  # pghistory's
    return events.order_by("-pgh_id").values_list("pgh_id", flat=True).first() or 0


def _last_decision() -> int:
    """Changes when a lead is decided or a decision is undone, not when a lead is raised."""
    return _last_event(Lead, pgh_label="update")


def by_decision(pledge: Pledge) -> Mapping[str, int]:
    """The number of a pledge's leads by the reason of their dismissal or, if not dismissed, by their state."""
    counts: dict[str, int] = defaultdict(int)
    for state, reason in pledge.leads.values_list("state", "dismiss_reason"):
        counts[reason if state == Lead.State.DISMISSED else state] += 1
    return counts
