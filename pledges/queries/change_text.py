"""Changes as sentences that a reporter could quote, in the active language, from translated templates.

A `TextWriter` writes plain text; the `HtmlWriter` of site/changes/views.py writes the same as HTML with links.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from pledges.domain.dates import written
from pledges.domain.rules import FailureReason, Precision, Status, Timeliness
from pledges.models import FAILURE_LABELS, STATUS_LABELS, Institution, Topic, readable
from pledges.queries import indicators, pledge_corrections, record_changes
from pledges.queries.changes import Change, Kind
from pledges.queries.published import PublicEvidence, PublicUpdate
from pledges.queries.standings import Standing
from pledges.queries.status_phrases import STATUS_PHRASES, StatusPhrases

MOST_FIGURES = 6
MOST_EVIDENCE = 3
HEADINGS = {
    Kind.STATUS: gettext_lazy("Changed status"),
    Kind.OVERDUE: gettext_lazy("Deadline passed"),
    Kind.NEW: gettext_lazy("New pledges"),
    Kind.RETRACTED: gettext_lazy("Retracted"),
    Kind.CORRECTED: gettext_lazy("Corrected"),
    Kind.WITHDRAWN: gettext_lazy("Withdrawn updates"),
    Kind.REWORDED: gettext_lazy("Reworded"),
    Kind.UPDATED: gettext_lazy("News without a change of status"),
    Kind.DUE_SOON: gettext_lazy("Deadline came near"),
    Kind.MANDATE: gettext_lazy("Mandates"),
    Kind.CARRIED: gettext_lazy("Followed in other mandates"),
    Kind.FIGURES: gettext_lazy("Figures"),
    Kind.LABELS: gettext_lazy("Topics and institutions"),
    Kind.RECORD: gettext_lazy("Names and details"),
}


def _phrases(standing: Standing) -> StatusPhrases:
    return STATUS_PHRASES[Status(standing.status)]


@dataclass(frozen=True)
class ChangeText:
    """A change in words: the sentence that says what changed, and the sentences with its details."""

    change: Change
    sentence: str
    rest: tuple[str, ...]
    whose: str = ""  # whose pledge it is, where the writer names it

    @property
    def text(self) -> str:
        """All sentences as one paragraph."""
        text = " ".join([self.sentence, *self.rest])
        return _("%(whose)s: %(text)s") % {"whose": self.whose, "text": text} if self.whose else text


class TextWriter:
    """Writes plain text. A subclass can write the same as HTML. If `named`, a text says whose pledge it is about: for
    a tracker that follows several people."""

    def __init__(self, *, named: bool = False) -> None:
        self.named = named

    def fill(self, text: str, /, **values: object) -> str:
        """Fill the values into a template."""
        return text % values

    def pledge(self, standing: Standing) -> str:
        """The title of a pledge."""
        return str(standing.wording.title)

    def source(self, piece: PublicEvidence) -> str:
        """The publisher of a piece of evidence."""
        return piece.publisher

    def quote(self, piece: PublicEvidence) -> str:
        """The quoted sentence of a piece of evidence, in the language of its page."""
        return piece.sentence

    def words(self, text: str) -> str:
        """A text by the newsroom, which may be in the other language."""
        return str(text)


def when(day: date | None, precision: str = Precision.DAY) -> str:
    """When something happened, as it follows a verb: "on 2 May 2026", "in May 2026", "around 2 May 2026"."""
    text = written(day, precision, in_sentence=True)
    if precision == Precision.DAY:
        return pgettext("when", "on %(day)s") % {"day": text}
    if precision in (Precision.MONTH, Precision.YEAR):
        return pgettext("when", "in %(period)s") % {"period": text}
    return text


def describe(change: Change, writer: TextWriter | None = None) -> ChangeText:
    """A change in words, as plain text or as another writer writes it."""
    writer = writer or TextWriter()
    sentences = [text for text in SENTENCES[change.kind](change, writer) if text]
    standing = change.standing if writer.named and change.kind != Kind.NEW else None  # a new pledge's sentence names it
    return ChangeText(change, sentences[0], tuple(sentences[1:]), str(standing.pledge.mandate) if standing else "")


def _now(change: Change) -> Standing:
    """The pledge after a change of a kind that leaves it public."""
    assert change.now, f"a change of kind {change.kind} has a pledge"
    return change.now


def _since(standing: Standing) -> str:
    """The day since which a pledge has had its status, as exactly as it is known, inside a sentence."""
    update = standing.turning_update
    return written(standing.since, update.happened_precision if update else Precision.DAY, in_sentence=True)


def _status(change: Change, writer: TextWriter) -> Iterator[str]:
    was, now = change.was, _now(change)
    pledge, is_now = writer.pledge(now), _phrases(now).is_now
    between = ", ".join(str(STATUS_LABELS[Status(status)]).lower() for status in change.statuses_between)
    if change.before == change.after:
        text = _("The pledge “%(pledge)s” %(is)s as before, since %(day)s; in between it was: %(statuses)s.")
        yield writer.fill(text, pledge=pledge, **{"is": _phrases(now).is_}, day=_since(now), statuses=between)
    elif was and was.since:
        text = _("The pledge “%(pledge)s” %(is_now)s; %(had_been)s since %(day)s.")
        yield writer.fill(text, pledge=pledge, is_now=is_now, had_been=_phrases(was).had_been, day=_since(was))
    else:
        text = _("The pledge “%(pledge)s” %(is_now)s; it had not been rated before.")
        yield writer.fill(text, pledge=pledge, is_now=is_now)
    if change.cause and change.before != change.after and between:
        yield writer.fill(_("In between it was: %(statuses)s."), statuses=between)
    yield from _update(change.cause, writer)
    yield _more_updates(change)


def _more_updates(change: Change) -> str:
    more = len(change.updates) - 1
    return (
        ngettext("There is one more update.", "There are %(n)s more updates.", more) % {"n": more} if more > 0 else ""
    )


def _update(update: PublicUpdate | None, writer: TextWriter) -> Iterator[str]:
    """What happened, why the pledge failed, and who reported it."""
    if update is None:
        return
    day = written(update.happened_on, update.happened_precision)
    yield writer.fill(_("%(day)s: %(text)s"), day=day[:1].upper() + day[1:], text=writer.words(update.text))
    if update.failure_reason:
        reason = str(FAILURE_LABELS[FailureReason(update.failure_reason)]).lower()
        if update.reason_detail:
            text = _("Why: %(reason)s. %(detail)s")
            yield writer.fill(text, reason=reason, detail=writer.words(update.reason_detail))
        else:
            yield writer.fill(_("Why: %(reason)s."), reason=reason)
    elif update.reason_detail:
        yield writer.words(update.reason_detail)
    for piece in update.evidence[:MOST_EVIDENCE]:
        yield _reported(piece, writer)


def _reported(piece: PublicEvidence, writer: TextWriter) -> str:
    if piece.sentence and piece.published_on:
        text = _("%(publisher)s reported %(when)s: “%(sentence)s”")
    elif piece.sentence:
        text = _("%(publisher)s reported: “%(sentence)s”")
    elif piece.published_on:
        text = _("%(publisher)s reported it %(when)s.")
    else:
        text = _("%(publisher)s reported it.")
    day = when(piece.published_on) if piece.published_on else ""
    return writer.fill(text, publisher=writer.source(piece), when=day, sentence=writer.quote(piece))


def _overdue(change: Change, writer: TextWriter) -> Iterator[str]:
    now = _now(change)
    text = _("The deadline of the pledge “%(pledge)s” passed %(when)s; the pledge %(is)s.")
    values = {"when": when(now.wording.deadline_end), "is": _phrases(now).is_}
    yield writer.fill(text, pledge=writer.pledge(now), **values)


def _due_soon(change: Change, writer: TextWriter) -> Iterator[str]:
    yield _due(_now(change), writer)


def due(standing: Standing, writer: TextWriter) -> str:
    """A sentence with a pledge's deadline and status, and whose it is if the writer names that."""
    text = _due(standing, writer)
    whose = standing.pledge.mandate
    return writer.fill(_("%(whose)s: %(text)s"), whose=whose, text=text) if writer.named else text


def _due(standing: Standing, writer: TextWriter) -> str:
    text = _("The pledge “%(pledge)s” comes due %(when)s; it %(is)s.")
    values = {"when": when(standing.wording.deadline_end), "is": _phrases(standing).is_}
    return writer.fill(text, pledge=writer.pledge(standing), **values)


def _new(change: Change, writer: TextWriter) -> Iterator[str]:
    now = _now(change)
    pledge = now.pledge
    text = _("The pledge “%(pledge)s” was made by %(person)s %(when)s.")
    made = when(pledge.made_on, pledge.made_on_precision)
    yield writer.fill(text, pledge=writer.pledge(now), person=pledge.mandate.person, when=made)
    if now.since:
        yield writer.fill(_("It %(is)s (since %(day)s)."), **{"is": _phrases(now).is_}, day=_since(now))
    else:
        yield _("It is not yet rated.")
    if now.timeliness == Timeliness.OVERDUE:
        yield _("Its deadline has passed.")
    if change.day != pledge.made_on:  # dated by the edition that first published it
        yield _("It has been followed here since %(day)s.") % {"day": written(change.day, in_sentence=True)}


def _retracted(change: Change, writer: TextWriter) -> Iterator[str]:
    assert change.was, "a retracted pledge was public before"
    text = _("The pledge “%(pledge)s” was retracted: it counts nowhere any more.")
    yield writer.fill(text, pledge=writer.pledge(change.was))
    if change.retraction:
        yield writer.words(change.retraction.note)


def _corrected(change: Change, writer: TextWriter) -> Iterator[str]:
    if change.correction:
        text = _("The day, mandate or address of the pledge “%(pledge)s” was corrected.")
        yield writer.fill(text, pledge=writer.pledge(_now(change)))
        yield writer.words(change.correction.note)
        yield from pledge_corrections.sentences(change.correction)
        return
    new, old = change.cause, change.replaced
    assert new and old, "a correction replaces an update"
    text = _("What was said of %(day)s about the pledge “%(pledge)s” was corrected.")
    day = written(old.happened_on, old.happened_precision, in_sentence=True)
    yield writer.fill(text, pledge=writer.pledge(_now(change)), day=day)
    yield writer.words(new.correction_note)
    if str(new.text) != str(old.text):
        yield writer.fill(_("It said: “%(text)s”"), text=writer.words(old.text))
        yield writer.fill(_("It says: “%(text)s”"), text=writer.words(new.text))
    if new.happened_on != old.happened_on:
        yield writer.fill(_("It is now dated %(day)s."), day=written(new.happened_on, new.happened_precision))


def _withdrawn(change: Change, writer: TextWriter) -> Iterator[str]:
    told, withdrawal = change.replaced, change.withdrawal
    assert told and withdrawal, "a withdrawal takes back an update"
    text = _("What was said of %(day)s about the pledge “%(pledge)s” was withdrawn: it counts no more.")
    day = written(told.happened_on, told.happened_precision, in_sentence=True)
    yield writer.fill(text, pledge=writer.pledge(_now(change)), day=day)
    yield writer.words(withdrawal.note)
    if change.moved_to:
        text = _("It is told at the pledge “%(pledge)s” instead.")
        yield writer.fill(text, pledge=writer.pledge(change.moved_to))
    yield writer.fill(_("It said: “%(text)s”"), text=writer.words(told.text))


def _reworded(change: Change, writer: TextWriter) -> Iterator[str]:
    new, old = change.wording, change.previous_wording
    assert new and old, "a new wording replaces another"
    yield writer.fill(_("The wording of the pledge “%(pledge)s” was changed."), pledge=writer.pledge(_now(change)))
    yield writer.words(new.change_note)
    if str(new.title) != str(old.title):
        yield writer.fill(_("It had been called “%(title)s”."), title=writer.words(old.title))
    if (new.deadline, new.deadline_precision) != (old.deadline, old.deadline_precision):
        none = pgettext("deadline", "none")
        before = written(old.deadline, old.deadline_precision) or none
        after = written(new.deadline, new.deadline_precision) or none
        yield writer.fill(_("Its deadline was: %(before)s; now it is: %(after)s."), before=before, after=after)


def _updated(change: Change, writer: TextWriter) -> Iterator[str]:
    now = _now(change)
    yield writer.fill(
        _("The pledge “%(pledge)s” %(is_still)s."), pledge=writer.pledge(now), is_still=_phrases(now).is_still
    )
    yield from _update(change.cause, writer)
    yield _more_updates(change)


def _mandate(change: Change, writer: TextWriter) -> Iterator[str]:
    row = change.mandate
    assert row, "the change is one of a mandate"
    text = {
        "began": _("The mandate of %(person)s (%(office)s, %(years)s) began %(when)s."),
        "ended": _("The mandate of %(person)s (%(office)s, %(years)s) ended %(when)s."),
        "closed": _("The mandate of %(person)s (%(office)s, %(years)s) was closed %(when)s."),
    }[change.event]
    yield writer.fill(text, person=row.person, office=writer.words(row.office), years=row.years, when=when(change.day))
    if change.event == "closed":
        yield _("Each of its pledges has had a last decision.")
    if change.carried:
        text = ngettext(
            "One pledge that was made before is followed on in it.",
            "%(n)s pledges that were made before are followed on in it.",
            change.carried,
        )
        yield text % {"n": change.carried}


def _carried(change: Change, writer: TextWriter) -> Iterator[str]:
    text = _("The pledge “%(pledge)s” is now also followed in the mandate of %(person)s, %(years)s.")
    if change.event == "left":
        text = _("The pledge “%(pledge)s” is no longer followed in the mandate of %(person)s, %(years)s.")
    row = change.mandate
    assert row, "the pledge was carried into a mandate, or out of it"
    yield writer.fill(text, pledge=writer.pledge(_now(change)), person=row.person, years=row.years)


def _labels(change: Change, writer: TextWriter) -> Iterator[str]:
    text = _("The topics or institutions of the pledge “%(pledge)s” were changed.")
    yield writer.fill(text, pledge=writer.pledge(_now(change)))
    texts: dict[tuple[type[Topic | Institution], bool], str] = {
        (Topic, True): _("Added to its topics: %(names)s."),
        (Topic, False): _("Taken from its topics: %(names)s."),
        (Institution, True): _("Added to its institutions: %(names)s."),
        (Institution, False): _("Taken from its institutions: %(names)s."),
    }
    for (model, added), text in texts.items():
        rows = [label.row for label in change.labels if isinstance(label.row, model) and label.added is added]
        if rows:
            names = {f"name{place}": writer.words(row.name) for place, row in enumerate(rows)}
            yield writer.fill(text, names=writer.fill(", ".join(f"%({name})s" for name in names), **names))


def _figures(change: Change, writer: TextWriter) -> Iterator[str]:
    assert change.indicator, "figures belong to an indicator"
    revised = sum(previous is not None for _figure, previous in change.figures)
    new = len(change.figures) - revised
    name = writer.words(change.indicator.name)
    if new:
        text = ngettext("“%(name)s” has one new figure.", "“%(name)s” has %(n)s new figures.", new)
        yield writer.fill(text, name=name, n=new)
    if revised:
        text = ngettext("A figure of “%(name)s” was revised.", "%(n)s figures of “%(name)s” were revised.", revised)
        yield writer.fill(text, name=name, n=revised)
    several_series = len({figure.series for figure, _previous in change.figures}) > 1
    # Revisions first: they take back what was published.
    for figure, previous in sorted(change.figures, key=lambda pair: pair[1] is None)[:MOST_FIGURES]:
        period = indicators.period(figure)
        if several_series:
            named = change.indicator.series_names.get(figure.series)
            period = f"{period} ({writer.words(named or readable(figure.series))})"
        value = f"{indicators.number(figure.value)}{indicators.unit(figure.indicator)}"
        values = {"period": period, "value": value, "source": figure.source}
        if previous is None:
            yield writer.fill(_("%(period)s: %(value)s (%(source)s)."), **values)
        else:
            text = _("%(period)s: %(value)s instead of %(was)s (%(source)s).")
            yield writer.fill(text, **values, was=indicators.number(previous.value))
    if more := len(change.figures[MOST_FIGURES:]):
        yield ngettext("And one more.", "And %(n)s more.", more) % {"n": more}


def _record(change: Change, writer: TextWriter) -> Iterator[str]:
    assert change.record, "the change is one of a row"
    yield from record_changes.sentences(change.record, writer)


# By kind, the function that writes the sentences of a change. The first sentence says what changed.
SENTENCES: dict[Kind, Callable[[Change, TextWriter], Iterator[str]]] = {
    Kind.STATUS: _status,
    Kind.OVERDUE: _overdue,
    Kind.NEW: _new,
    Kind.RETRACTED: _retracted,
    Kind.CORRECTED: _corrected,
    Kind.WITHDRAWN: _withdrawn,
    Kind.REWORDED: _reworded,
    Kind.UPDATED: _updated,
    Kind.DUE_SOON: _due_soon,
    Kind.MANDATE: _mandate,
    Kind.CARRIED: _carried,
    Kind.FIGURES: _figures,
    Kind.LABELS: _labels,
    Kind.RECORD: _record,
}
