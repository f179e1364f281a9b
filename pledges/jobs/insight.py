"""What the watch knows about a pledge and how well it works, as the desk shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pledges.domain.languages import LANGUAGES
from pledges.jobs import profiles
from pledges.models import Lead, Pledge, WatchQuality, WatchTerm
from pledges.watch.matching import learning, matcher
from pledges.watch.matching.learning import Lesson
from pledges.watch.matching.metrics import BANDS
from pledges.watch.text.language import is_stop_word, words

SHOWN_LEADS = 10
STRONG = 12


@dataclass(frozen=True)
class Own:
    """A word of the pledge, and how rare it is in the news from 0 to 100."""

    word: str
    percent: int


@dataclass(frozen=True)
class Taught:
    """A learned word, its weight from -100 to 100, and the leads that it was learned from (`others` are not shown)."""

    word: str
    percent: int
    leads: tuple[Lead, ...]
    others: int

    @property
    def count(self) -> int:
        """How many leads it was learned from."""
        return len(self.leads) + self.others

    @property
    def size(self) -> int:
        """The weight without its sign."""
        return abs(self.percent)


@dataclass(frozen=True)
class LanguageKnowledge:
    """What is known about a pledge in one language."""

    language: str
    own: list[Own]
    names: tuple[str, ...]
    terms: list[WatchTerm]
    struck: list[WatchTerm]
    learned: list[Taught]

    @property
    def strong(self) -> list[Taught]:
        """The words with the largest weights."""
        return self.learned[:STRONG]

    @property
    def weak(self) -> list[Taught]:
        """The words that are not `strong`."""
        return self.learned[STRONG:]


@dataclass(frozen=True)
class Knowledge:
    """All that the watch knows about a pledge. `articles` are those read in the language with the most."""

    sides: list[LanguageKnowledge]
    accepted: int
    about: int
    dismissed: int
    silent: int
    waiting: int
    articles: int


def of(pledge: Pledge) -> Knowledge:
    """What the watch knows about a pledge now."""
    pledge = Pledge.objects.prefetch_related("wordings", "watch_terms").get(pk=pledge.pk)
    seen = profiles.vocabulary()
    decided = profiles.decisions(pledge=pledge.pk).get(pledge.pk, ())
    lessons = profiles.lessons(pledge, decided, seen)
    ids = {lead for learned in lessons.values() for lesson in learned for lead in lesson.taught_by[:SHOWN_LEADS]}
    leads = Lead.objects.select_related("article").only("article__title", "article__language", "state").in_bulk(ids)
    counts = profiles.by_decision(pledge)
    reason = Lead.DismissReason
    return Knowledge(
        sides=[_side(pledge, code, lessons.get(code, []), leads, seen) for code in LANGUAGES],
        accepted=counts[Lead.State.ACCEPTED],
        about=counts[reason.NOTHING_NEW] + counts[reason.DUPLICATE],
        dismissed=counts[reason.NOT_ABOUT],
        silent=counts[reason.UNRELIABLE] + counts[reason.OTHER],
        waiting=counts[Lead.State.OPEN] + counts[Lead.State.SNOOZED],
        articles=max(seen.documents.values(), default=0),
    )


def _side(
    pledge: Pledge,
    language: str,
    lessons: list[Lesson],
    leads: Mapping[int, Lead],
    seen: matcher.Vocabulary,
) -> LanguageKnowledge:
    own: dict[str, Own] = {}
    for word in words(profiles.own_texts(pledge)[language]):
        key = learning.key_of(word, language)
        if key and not is_stop_word(word, language) and key not in own:
            own[key] = Own(word, round(100 * learning.rarity(word, seen, language)))
    terms = [term for term in pledge.watch_terms.all() if term.language == language]
    struck = WatchTerm.Rule.STRUCK
    return LanguageKnowledge(
        language=language,
        own=sorted(own.values(), key=lambda word: -word.percent),
        names=profiles.own_names(pledge, language),
        terms=[term for term in terms if term.rule != struck],
        struck=[term for term in terms if term.rule == struck],
        learned=[_taught(lesson, leads) for lesson in lessons],
    )


def _taught(lesson: Lesson, leads: Mapping[int, Lead]) -> Taught:
    shown = tuple(leads[int(pk)] for pk in lesson.taught_by[:SHOWN_LEADS] if pk in leads)
    return Taught(lesson.word, round(100 * lesson.weight), shown, len(lesson.taught_by) - len(shown))


def bands(row: WatchQuality) -> list[dict[str, int | None]]:
    """The bands of probability in a row: limits, number of pairs, mean probability and share of relevant ones, in %."""
    rows: list[dict[str, int | None]] = []
    for begin, pairs, relevant, mean in zip(BANDS, row.band_pairs, row.band_relevant, row.band_means, strict=True):
        rows.append(
            {
                "begin": round(100 * begin),
                "end": round(100 * begin) + 20,
                "pairs": pairs,
                "mean": round(100 * mean) if pairs else None,
                "share": round(100 * relevant / pairs) if pairs else None,
            }
        )
    return rows
