"""The table of pledges: one row a pledge, with its wording and the watch's words."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.actions import contributors
from pledges.desk.exchange import cells
from pledges.desk.exchange.bulk_write import update
from pledges.desk.exchange.columns import Column, column_of
from pledges.desk.exchange.results import PendingRow
from pledges.desk.exchange.table import Key, Row, Table, broken_rules
from pledges.domain.languages import LANGUAGES
from pledges.domain.spreadsheets import text_of
from pledges.models import CRITERIA, Pledge, State, WatchTerm, Wording
from pledges.models.pledge_correction import ADDRESS_TAKEN
from pledges.queries import visibility
from pledges.queries.search import fulltext

FRAME = (
    *("mandate", "made_on", "made_on_precision", "source_document", "topics", "institutions", "carried_into"),
    *("headline", "review_interval_days", "also_called_en", "also_called_es"),
)
IDENTITY = {"mandate", "made_on", "made_on_precision"}
SEALED = IDENTITY | {"headline", "source_document", "topics", "institutions", "carried_into"}
TEXTS = tuple(f"{name}_{code}" for name in ("title", "statement", *CRITERIA, "deadline_note") for code in LANGUAGES)
WORDS = (*TEXTS[:4], "quote", "quote_language", *TEXTS[4:-2], "deadline", "deadline_precision", *TEXTS[-2:])
WATCH = tuple(f"watch_{code}" for code in LANGUAGES)
EXAMPLES = {
    "slug": "new-prisons",
    "mandate": "president-2023",
    "made_on": "2023-12-06",
    "made_on_precision": "day",
    "source_document": "reuters-2023-12-06",
    "topics": "prisons; security",
    "institutions": "prison-service",
    "headline": "yes",
    "review_interval_days": "90",
    "also_called_en": "maximum-security prison; prison of the north",
    "title_en": "Build two new prisons",
    "title_es": "Construir dos cárceles nuevas",
    "statement_en": "The government will build two maximum-security prisons.",
    "kept_en": "Both prisons hold inmates.",
    "broken_en": "Neither prison is begun when the mandate ends.",
    "deadline": "2024-12-31",
    "deadline_precision": "year",
    "watch_es": "cárcel; must: máxima seguridad; never: fuga",
}
OTHER_RULES = tuple(rule.value for rule in WatchTerm.Rule if rule != WatchTerm.Rule.ANY)


class Terms(cells.Text):
    """The watch's words in one language: phrases with ; between them, one with “must:” or “never:” before it.

    The value is (rule, phrase) of each phrase, in the order of the rules.
    """

    def read(self, cell: object) -> list[tuple[str, str]]:
        terms: dict[str, tuple[str, str]] = {}
        for part in re.split("[;\n]", text_of(cell)):
            rule, colon, phrase = part.strip().partition(":")
            if not colon or rule.strip().lower() not in OTHER_RULES:
                rule, phrase = WatchTerm.Rule.ANY.value, part
            phrase = " ".join(phrase.split())
            if not phrase:
                continue
            if len(phrase) > 80 or not any(letter.isalnum() for letter in phrase):
                raise ValueError(_("“%(text)s”: write a word or a few, up to 80 characters.") % {"text": phrase[:40]})
            if phrase.casefold() in terms:
                raise ValueError(_("“%(word)s” stands here already. Keep one of them.") % {"word": phrase})
            terms[phrase.casefold()] = (rule.strip().lower(), phrase)
        return sorted(terms.values())

    def write(self, value: list[tuple[str, str]] | None) -> str:
        plain = WatchTerm.Rule.ANY
        return "; ".join(phrase if rule == plain else f"{rule}: {phrase}" for rule, phrase in sorted(value or []))


class Pledges(Table):
    """Pledges with their words. An imported pledge is a draft by whoever imports it; a public one keeps its words."""

    model, name, key = Pledge, "pledges", ("slug",)
    within = (Wording, WatchTerm)
    order = ("slug",)
    needs = ("add_wording", "change_wording", "publish_wording", "add_watchterm", "change_watchterm")
    names = ("slug", *FRAME)
    examples = EXAMPLES
    public_columns = SEALED - IDENTITY

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.renamed: set[int] = set()  # public pledges that readers' searches may find by other names now

    @cached_property
    def former(self) -> set[str]:
        """The addresses that public pledges had once: no new pledge gets them."""
        return set(visibility.public_pledge_corrections().values_list("was_slug", flat=True))

    def make_columns(self) -> list[Column]:
        words = [column_of(Wording, name, on="words", example=EXAMPLES.get(name, "")) for name in WORDS]
        labels = {
            "en": gettext_lazy("words of the watch (English)"),
            "es": gettext_lazy("words of the watch (Spanish)"),
        }
        about = gettext_lazy("Words and phrases with ; between them; “must:”, “never:” or “struck:” before one.")
        watch = [
            Column(name, Terms(), label=labels[name[-2:]], about=about, example=EXAMPLES.get(name, ""))
            for name in WATCH
        ]
        state = Column("state", cells.Text(), "words__state", label=gettext_lazy("state"), readonly=True)
        return [*super().make_columns(), *words, *watch, state]

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().prefetch_related("wordings", "watch_terms").defer("search_en", "search_es")

    def prepare(self, row: Row) -> Row:
        """With `words`, the wording in force or else the draft, the watch's words, and whether the pledge is public."""
        row.is_public = row.pk is not None and row.public_wording is not None
        row.words = (row.public_wording or row.latest_wording) if row.pk else None
        row.words = row.words or Wording(pledge=row)
        terms = list(row.watch_terms.all()) if row.pk else []
        for name in WATCH:
            setattr(row, name, [(term.rule, term.phrase) for term in terms if term.language == name[-2:]])
        return row

    def start(self, key: Key) -> Row:
        return self.prepare(Pledge(slug=key[0]))

    def problems(self, row: Row, changed: set[str]) -> Iterator[tuple[str, str]]:
        """What is public is not changed by an import; of the fields of a wording, some need each other."""
        words: Wording = row.words
        if row.is_public:
            final = _("Published words are final. Begin a new wording on the pledge's page to correct them.")
            identity = _("An import does not correct the mandate or day of a published pledge: do that on its page.")
            sentences = dict.fromkeys(WORDS, final) | dict.fromkeys(IDENTITY, identity)
            yield from ((name, sentences[name]) for name in self.by_name if name in changed & sentences.keys())
            return
        if row.pk is None and row.slug in self.former:
            yield "slug", str(ADDRESS_TAKEN)
        yield from broken_rules(row)
        yield from broken_rules(words)
        changed_words = [name for name in WORDS if name in changed]
        published_with_them = [name for name in self.by_name if name in changed & {*WORDS, *SEALED}]
        if words.pk and published_with_them and words.state == State.REVIEW:
            yield published_with_them[0], _("This waits for review: have it sent back before you change it.")
        elif words.pk and changed_words and not visibility.may_edit(self.by, words):
            yield changed_words[0], _("This is somebody else's draft, and you may not change it.")
        if not (words.title_en or words.title_es):
            yield "title_en", _("Give it a title in at least one language.")
        if bool(words.deadline) != bool(words.deadline_precision):
            sentence = _("A deadline needs its precision (day, month or year), and the other way round.")
            yield "deadline_precision", sentence
        if bool(words.quote) != bool(words.quote_language):
            yield "quote_language", _("A quote needs its language, and the other way round.")
        if row.review_interval_days is not None and row.review_interval_days < 1:
            yield "review_interval_days", _("Give a number of days greater than zero.")

    def is_public(self, row: Row) -> bool:
        public: bool = row.is_public
        return public

    def accept(self, row: Row) -> None:
        if row.is_public:
            self.renamed.add(row.pk)

    def save(self, batch: list[PendingRow]) -> None:
        """The pledges, their wordings, the watch's words."""
        super().save([pending for pending in batch if pending.row.pk is None or pending.changed & set(FRAME)])
        new: list[Wording] = []
        old: list[Wording] = []
        for pending in batch:
            words: Wording = pending.row.words
            if words.pk is None:
                words.pledge, words.author = pending.row, self.by
                new.append(words)
            elif pending.changed & {*WORDS, *SEALED} and not pending.row.is_public:
                words.edited_by = self.by
                old.append(words)
        contributors.sign_for_those_before(wordings=Wording.objects.bulk_create(new))
        update(old, {"edited_by", *(name for pending in batch for name in pending.changed & set(WORDS))})
        self._save_terms([pending for pending in batch if pending.changed & set(WATCH)])

    def _save_terms(self, batch: list[PendingRow]) -> None:
        terms: dict[tuple[int, str], dict[str, WatchTerm]] = defaultdict(dict)
        for term in WatchTerm.objects.filter(pledge__in=[pending.row.pk for pending in batch]):
            terms[term.pledge_id, f"watch_{term.language}"][term.phrase] = term
        new, changed, gone = [], [], []
        for pending in batch:
            for name in sorted(pending.changed & set(WATCH)):
                known = terms[pending.row.pk, name]
                wanted = {phrase: rule for rule, phrase in getattr(pending.row, name)}
                gone += [term.pk for phrase, term in known.items() if phrase not in wanted]
                for phrase, rule in wanted.items():
                    if phrase not in known:
                        values = {"pledge": pending.row, "language": name[-2:], "phrase": phrase, "rule": rule}
                        new.append(WatchTerm(**values, added_by=self.by))
                    elif known[phrase].rule != rule:
                        known[phrase].rule = rule
                        changed.append(known[phrase])
        WatchTerm.objects.filter(pk__in=gone).delete()
        update(changed, {"rule"})
        WatchTerm.objects.bulk_create(new)

    def parts(self, row: Row) -> list[models.Model]:
        return [row, row.words]

    def finish(self) -> None:
        if self.renamed:
            fulltext.index(self.renamed)
