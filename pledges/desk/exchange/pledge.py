"""The table of pledges, each with its wording and the watch's words: one row a pledge."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.widgets import Widget

from pledges.actions import contributors
from pledges.desk.exchange import cells
from pledges.desk.exchange.bulk_write import update
from pledges.desk.exchange.columns import Column, of_field
from pledges.desk.exchange.resource import Key, Table, broken
from pledges.desk.exchange.results import Waiting
from pledges.domain import spreadsheets
from pledges.domain.languages import LANGUAGES
from pledges.models import CRITERIA, Pledge, State, WatchTerm, Wording
from pledges.queries import visibility
from pledges.queries.search import fulltext

FRAME = ("mandate", "made_on", "made_on_precision", "source_document", "topics", "institutions", "carried_into")
FRAME += ("headline", "review_interval_days", "also_called_en", "also_called_es")
IDENTITY = {"mandate", "made_on", "made_on_precision"}
SEALED = IDENTITY | {"headline", "source_document", "topics", "institutions", "carried_into"}
TEXTS = tuple(f"{name}_{code}" for name in ("title", "statement", *CRITERIA, "deadline_note") for code in LANGUAGES)
WORDS = (*TEXTS[:4], "quote", "quote_language", *TEXTS[4:-2], "deadline", "deadline_precision", *TEXTS[-2:])
WATCH = tuple(f"watch_{code}" for code in LANGUAGES)
EXAMPLES = {
    "slug": "new-prisons",
    "mandate": "noboa-2023",
    "made_on": "2023-12-06",
    "made_on_precision": "day",
    "source_document": "reuters-2023-12-06",
    "topics": "prisons; security",
    "institutions": "snai",
    "headline": "yes",
    "review_interval_days": "90",
    "also_called_en": "maximum-security prison; prison in Santa Elena",
    "title_en": "Build two new prisons",
    "title_es": "Construir dos cárceles nuevas",
    "statement_en": "The government will build two maximum-security prisons.",
    "kept_en": "Both prisons hold inmates.",
    "broken_en": "Neither prison is begun when the mandate ends.",
    "deadline": "2024-12-31",
    "deadline_precision": "year",
    "watch_es": "cárcel; must: Santa Elena; never: fuga",
}
OTHER_RULES = tuple(rule.value for rule in WatchTerm.Rule if rule != WatchTerm.Rule.ANY)


class Terms(Widget):
    """The watch's words in one language: phrases with ; between them, one with “must:” or “never:” before it."""

    def clean(self, value, row=None, **kwargs) -> list[tuple[str, str]]:
        """(rule, phrase), each phrase once."""
        found: dict[str, tuple[str, str]] = {}
        for part in re.split("[;\n]", spreadsheets.text_of(value)):
            rule, colon, phrase = part.strip().partition(":")
            if not colon or rule.strip().lower() not in OTHER_RULES:
                rule, phrase = WatchTerm.Rule.ANY.value, part
            phrase = " ".join(phrase.split())
            if not phrase:
                continue
            if len(phrase) > 80 or not any(letter.isalnum() for letter in phrase):
                raise ValueError(_("“%(text)s”: write a word or a few, up to 80 characters.") % {"text": phrase[:40]})
            if phrase.casefold() in found:
                raise ValueError(_("“%(word)s” stands here already. Keep one of them.") % {"word": phrase})
            found[phrase.casefold()] = (rule.strip().lower(), phrase)
        return sorted(found.values())

    def render(self, value, obj=None, **kwargs) -> str:
        """In the order of the rules."""
        plain = WatchTerm.Rule.ANY
        return "; ".join(phrase if rule == plain else f"{rule}: {phrase}" for rule, phrase in sorted(value or []))


class Pledges(Table):
    """Pledges with their words. An imported pledge is a draft by whoever imports it; a public one keeps its words."""

    model, name, key = Pledge, "pledges", ("slug",)
    within = (Wording, WatchTerm)
    order = ("slug",)
    needs = ("add_wording", "change_wording", "publish_wording", "add_watchterm", "change_watchterm")

    def make_columns(self) -> list[Column]:
        """The pledge's own fields, its wording's, the watch's words."""
        frame = [of_field(Pledge, name, example=EXAMPLES.get(name, "")) for name in ("slug", *FRAME)]
        words = [of_field(Wording, name, at="words", example=EXAMPLES.get(name, "")) for name in WORDS]
        labels = {
            "en": gettext_lazy("words of the watch (English)"),
            "es": gettext_lazy("words of the watch (Spanish)"),
        }
        about = gettext_lazy("Words and phrases with ; between them; “must:”, “never:” or “struck:” before one.")
        watch = [
            Column(name, Terms(), label=labels[name[-2:]], about=about, example=EXAMPLES.get(name, ""))
            for name in WATCH
        ]
        state = Column("state", cells.Words(), attribute="words__state", label=gettext_lazy("state"), readonly=True)
        return [*frame, *words, *watch, state]

    def get_queryset(self) -> models.QuerySet[Pledge]:
        """With all of their words."""
        return super().get_queryset().prefetch_related("wordings", "watch_terms").defer("search_en", "search_es")

    def prepare(self, row: Pledge) -> Pledge:
        """`words` is the wording that holds, else the draft."""
        row.is_public = row.pk is not None and row.public_wording is not None
        row.words = (row.public_wording or row.latest_wording) if row.pk else None
        row.words = row.words or Wording(pledge=row)
        terms = list(row.watch_terms.all()) if row.pk else []
        for name in WATCH:
            setattr(row, name, [(term.rule, term.phrase) for term in terms if term.language == name[-2:]])
        return row

    def start(self, key: Key) -> Pledge:
        """A new pledge with the address."""
        return self.prepare(Pledge(slug=key[0]))

    def before_import(self, dataset, **kwargs) -> None:
        """Nothing is touched yet."""
        super().before_import(dataset, **kwargs)
        self.searched: set[int] = set()

    def problems(self, row: Pledge, changed: set[str]) -> Iterator[tuple[str, str]]:
        """What is public is not changed by an import; a wording's pairs of fields go together."""
        words = row.words
        if row.is_public:
            for name in self.fields:
                if name in changed & set(WORDS):
                    yield (
                        name,
                        _("Published words are final. Begin a new wording on the pledge's page to correct them."),
                    )
                if name in changed & IDENTITY:
                    yield name, _("A published pledge keeps its address, mandate and day, and is never deleted.")
            return
        for part in (row, words):
            yield from broken(part)
        changed_words = [name for name in WORDS if name in changed]
        published_with_them = [name for name in self.fields if name in changed & {*WORDS, *SEALED}]
        if words.pk and published_with_them and words.state == State.REVIEW:
            yield published_with_them[0], _("This waits for review: have it sent back before you change it.")
        elif words.pk and changed_words and not visibility.may_edit(self.by, words):
            yield changed_words[0], _("This is somebody else's draft, and you may not change it.")
        if not (words.title_en or words.title_es):
            yield "title_en", _("Give it a title in at least one language.")
        if bool(words.deadline) != bool(words.deadline_precision):
            yield (
                "deadline_precision",
                _("A deadline needs its precision (day, month or year), and the other way round."),
            )
        if bool(words.quote) != bool(words.quote_language):
            yield "quote_language", _("A quote needs its language, and the other way round.")
        if row.review_interval_days is not None and row.review_interval_days < 1:
            yield "review_interval_days", _("Give a number of days greater than zero.")

    @cached_property
    def public_columns(self) -> set[str]:
        """What an edition seals of a pledge and an import may change."""
        return SEALED - IDENTITY

    def accepted(self, row: Pledge) -> None:
        """Readers' searches find the new names of what is public."""
        if row.is_public:
            self.searched.add(row.pk)

    def keep(self, batch: list[Waiting]) -> None:
        """The pledges, their wordings, the watch's words."""
        super().keep([one for one in batch if one.row.pk is None or one.changed & set(FRAME)])
        new, old = [], []
        for one in batch:
            words = one.row.words
            if words.pk is None:
                words.pledge, words.author = one.row, self.by
                new.append(words)
            elif one.changed & {*WORDS, *SEALED} and not one.row.is_public:
                words.edited_by = self.by
                old.append(words)
        contributors.sign_for_those_before(wordings=Wording.objects.bulk_create(new))
        update(old, {"edited_by", *(name for one in batch for name in one.changed & set(WORDS))})
        self._keep_terms([one for one in batch if one.changed & set(WATCH)])

    def _keep_terms(self, batch: list[Waiting]) -> None:
        there = defaultdict(dict)
        for term in WatchTerm.objects.filter(pledge__in=[one.row.pk for one in batch]):
            there[term.pledge_id, f"watch_{term.language}"][term.phrase] = term
        new, changed, gone = [], [], []
        for one in batch:
            for name in sorted(one.changed & set(WATCH)):
                known = there[one.row.pk, name]
                wanted = {phrase: rule for rule, phrase in getattr(one.row, name)}
                gone += [term.pk for phrase, term in known.items() if phrase not in wanted]
                for phrase, rule in wanted.items():
                    if phrase not in known:
                        terms = {"pledge": one.row, "language": name[-2:], "phrase": phrase, "rule": rule}
                        new.append(WatchTerm(**terms, added_by=self.by))
                    elif known[phrase].rule != rule:
                        known[phrase].rule = rule
                        changed.append(known[phrase])
        WatchTerm.objects.filter(pk__in=gone).delete()
        update(changed, {"rule"})
        WatchTerm.objects.bulk_create(new)

    def written(self, row: Pledge) -> list[models.Model]:
        """The pledge and its wording."""
        return [row, row.words]

    def is_public(self, row: Pledge) -> bool:
        """From the day its first wording is published."""
        return row.is_public

    def finish(self) -> None:
        """Readers' searches find other names at once."""
        if self.searched:
            fulltext.index(self.searched)
