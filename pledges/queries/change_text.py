"""Changes told in sentences that a reporter could use, in the active language, by templates of our own.

A `TextWriter` writes them as plain text; the pages' own pen (site/changes/views.py) writes the same as HTML with links.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from pledges.domain.dates import written
from pledges.domain.rules import FailureReason, Precision, Status, Timeliness
from pledges.models import FAILURE_LABELS, STATUS_LABELS, Institution, Observation, Topic, readable
from pledges.queries import indicators
from pledges.queries.changes import Change, Kind
from pledges.queries.published import PublicEvidence, PublicUpdate
from pledges.queries.standings import Standing

MOST_FIGURES = 6
MOST_EVIDENCE = 3


class StatusPhrases(NamedTuple):
    """What a sentence says of a pledge with a status. Whole phrases, since they agree with the pledge in Spanish."""

    is_now: Promise
    is_: Promise
    is_still: Promise
    had_been: Promise


STATUS_PHRASES = {
    Status.KEPT: StatusPhrases(
        gettext_lazy("is now kept"),
        gettext_lazy("is kept"),
        gettext_lazy("is still kept"),
        gettext_lazy("it had been kept"),
    ),
    Status.PARTLY_KEPT: StatusPhrases(
        gettext_lazy("is now partly kept"),
        gettext_lazy("is partly kept"),
        gettext_lazy("is still partly kept"),
        gettext_lazy("it had been partly kept"),
    ),
    Status.IN_PROGRESS: StatusPhrases(
        gettext_lazy("is now in progress"),
        gettext_lazy("is in progress"),
        gettext_lazy("is still in progress"),
        gettext_lazy("it had been in progress"),
    ),
    Status.STALLED: StatusPhrases(
        gettext_lazy("is now stalled"),
        gettext_lazy("is stalled"),
        gettext_lazy("is still stalled"),
        gettext_lazy("it had been stalled"),
    ),
    Status.BROKEN: StatusPhrases(
        gettext_lazy("is now broken"),
        gettext_lazy("is broken"),
        gettext_lazy("is still broken"),
        gettext_lazy("it had been broken"),
    ),
    Status.NOT_STARTED: StatusPhrases(
        gettext_lazy("is now rated as not started"),
        gettext_lazy("is not started"),
        gettext_lazy("is still not started"),
        gettext_lazy("it had been rated as not started"),
    ),
    Status.UNCLEAR: StatusPhrases(
        gettext_lazy("is now unclear"),
        gettext_lazy("is unclear"),
        gettext_lazy("is still unclear"),
        gettext_lazy("it had been unclear"),
    ),
    Status.NOT_RATED: StatusPhrases(
        gettext_lazy("is now not rated"),
        gettext_lazy("is not yet rated"),
        gettext_lazy("is still not rated"),
        gettext_lazy("it had not been rated"),
    ),
}
HEADINGS = {
    Kind.STATUS: gettext_lazy("Changed status"),
    Kind.OVERDUE: gettext_lazy("Deadline passed"),
    Kind.NEW: gettext_lazy("New pledges"),
    Kind.RETRACTED: gettext_lazy("Retracted"),
    Kind.CORRECTED: gettext_lazy("Corrected"),
    Kind.REWORDED: gettext_lazy("Reworded"),
    Kind.UPDATED: gettext_lazy("News without a change of status"),
    Kind.DUE_SOON: gettext_lazy("Deadline came near"),
    Kind.MANDATE: gettext_lazy("Mandates"),
    Kind.CARRIED: gettext_lazy("Followed in other mandates"),
    Kind.FIGURES: gettext_lazy("Figures"),
    Kind.LABELS: gettext_lazy("Topics and institutions"),
}


def _phrases(standing: Standing) -> StatusPhrases:
    return STATUS_PHRASES[Status(standing.status)]


@dataclass(frozen=True)
class ChangeText:
    """A change in words: the sentence that says what changed, and what belongs to it, sentence by sentence."""

    change: Change
    sentence: str
    rest: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it in one paragraph."""
        return " ".join([self.sentence, *self.rest])


class TextWriter:
    """Writes plain text. Another pen can write the same as HTML."""

    def fill(self, text: str, /, **values: object) -> str:
        """A template with its values."""
        return text % values

    def pledge(self, standing: Standing) -> str:
        """The name of a pledge."""
        return str(standing.wording.title)

    def source(self, piece: PublicEvidence) -> str:
        """Who published a piece of evidence."""
        return piece.publisher

    def quote(self, piece: PublicEvidence) -> str:
        """The sentence relied on, in the language of its page."""
        return piece.sentence

    def words(self, text: str) -> str:
        """A text of the newsroom's, which may be in the other language."""
        return str(text)


def when(day: date | None, precision: str = Precision.DAY) -> str:
    """When something happened, as it stands after a verb: "on 2 May 2026", "in May 2026", "around 2 May 2026"."""
    text = written(day, precision, in_sentence=True)
    if precision == Precision.DAY:
        return pgettext("when", "on %(day)s") % {"day": text}
    if precision in (Precision.MONTH, Precision.YEAR):
        return pgettext("when", "in %(period)s") % {"period": text}
    return text


def describe(change: Change, pen: TextWriter | None = None) -> ChangeText:
    """A change in words."""
    pen = pen or TextWriter()
    sentences = [text for text in _TELLERS[change.kind](change, pen) if text]
    return ChangeText(change, sentences[0], tuple(sentences[1:]))


def _status(change: Change, pen: TextWriter) -> Iterator[str]:
    was, now, turn = change.was, change.now, change.brought
    said = {"pledge": pen.pledge(now), "is_now": _phrases(now).is_now}
    if change.before == change.after:
        day = written(
            now.since, now.turning_update.happened_precision if now.turning_update else Precision.DAY, in_sentence=True
        )
        text = _("The pledge “%(pledge)s” %(is)s as before, since %(day)s; in between it was: %(statuses)s.")
        between = ", ".join(str(STATUS_LABELS[Status(status)]).lower() for status in change.meanwhile)
        yield pen.fill(text, pledge=said["pledge"], **{"is": _phrases(now).is_}, day=day, statuses=between)
    elif was and was.since:
        day = written(
            was.since, was.turning_update.happened_precision if was.turning_update else Precision.DAY, in_sentence=True
        )
        text = _("The pledge “%(pledge)s” %(is_now)s; %(had_been)s since %(day)s.")
        yield pen.fill(text, **said, had_been=_phrases(was).had_been, day=day)
    else:
        yield pen.fill(_("The pledge “%(pledge)s” %(is_now)s; it had not been rated before."), **said)
    if turn and change.before != change.after and change.meanwhile:
        between = ", ".join(str(STATUS_LABELS[Status(status)]).lower() for status in change.meanwhile)
        yield pen.fill(_("In between it was: %(statuses)s."), statuses=between)
    yield from _update(turn, pen)
    others = len(change.updates) - 1
    if others > 0:
        yield ngettext("There is one more update.", "There are %(n)s more updates.", others) % {"n": others}


def _update(update: PublicUpdate | None, pen: TextWriter) -> Iterator[str]:
    """What happened, why it failed, and who reported it."""
    if update is None:
        return
    day = written(update.happened_on, update.happened_precision)
    yield pen.fill(_("%(day)s: %(text)s"), day=day[:1].upper() + day[1:], text=pen.words(update.text))
    if update.failure_reason:
        reason = str(FAILURE_LABELS[FailureReason(update.failure_reason)]).lower()
        if update.reason_detail:
            text = _("Why: %(reason)s. %(detail)s")
            yield pen.fill(text, reason=reason, detail=pen.words(update.reason_detail))
        else:
            yield pen.fill(_("Why: %(reason)s."), reason=reason)
    elif update.reason_detail:
        yield pen.words(update.reason_detail)
    for piece in update.evidence[:MOST_EVIDENCE]:
        yield _reported(piece, pen)


def _reported(piece: PublicEvidence, pen: TextWriter) -> str:
    said = {"publisher": pen.source(piece), "when": when(piece.published_on) if piece.published_on else ""}
    if piece.sentence and piece.published_on:
        text = _("%(publisher)s reported %(when)s: “%(sentence)s”")
    elif piece.sentence:
        text = _("%(publisher)s reported: “%(sentence)s”")
    elif piece.published_on:
        text = _("%(publisher)s reported it %(when)s.")
    else:
        text = _("%(publisher)s reported it.")
    return pen.fill(text, **said, sentence=pen.quote(piece))


def _overdue(change: Change, pen: TextWriter) -> Iterator[str]:
    text = _("The deadline of the pledge “%(pledge)s” passed %(when)s; the pledge %(is)s.")
    values = {"when": when(change.now.wording.deadline_end), "is": _phrases(change.now).is_}
    yield pen.fill(text, pledge=pen.pledge(change.now), **values)


def _due_soon(change: Change, pen: TextWriter) -> Iterator[str]:
    yield due(change.now, pen)


def due(standing: Standing, pen: TextWriter | None = None) -> str:
    """When a pledge's deadline is, and how it stands."""
    pen = pen or TextWriter()
    text = _("The pledge “%(pledge)s” comes due %(when)s; it %(is)s.")
    values = {"when": when(standing.wording.deadline_end), "is": _phrases(standing).is_}
    return pen.fill(text, pledge=pen.pledge(standing), **values)


def _new(change: Change, pen: TextWriter) -> Iterator[str]:
    now, pledge = change.now, change.now.pledge
    text = _("The pledge “%(pledge)s” was made by %(person)s %(when)s.")
    made = when(pledge.made_on, pledge.made_on_precision)
    yield pen.fill(text, pledge=pen.pledge(now), person=pledge.mandate.person, when=made)
    if now.since:
        day = written(now.since, now.turning_update.happened_precision, in_sentence=True)
        yield pen.fill(_("It %(is)s (since %(day)s)."), **{"is": _phrases(now).is_}, day=day)
    else:
        yield _("It is not yet rated.")
    if now.timeliness == Timeliness.OVERDUE:
        yield _("Its deadline has passed.")
    if change.day != pledge.made_on:  # dated by the edition that said it first
        yield _("It has been followed here since %(day)s.") % {"day": written(change.day, in_sentence=True)}


def _retracted(change: Change, pen: TextWriter) -> Iterator[str]:
    text = _("The pledge “%(pledge)s” was retracted: it counts nowhere any more.")
    yield pen.fill(text, pledge=pen.pledge(change.was))
    if change.retraction:
        yield pen.words(change.retraction.note)


def _corrected(change: Change, pen: TextWriter) -> Iterator[str]:
    new, old = change.brought, change.replaced
    text = _("What was said of %(day)s about the pledge “%(pledge)s” was corrected.")
    day = written(old.happened_on, old.happened_precision, in_sentence=True)
    yield pen.fill(text, pledge=pen.pledge(change.now), day=day)
    yield pen.words(new.correction_note)
    if str(new.text) != str(old.text):
        yield pen.fill(_("It said: “%(text)s”"), text=pen.words(old.text))
        yield pen.fill(_("It says: “%(text)s”"), text=pen.words(new.text))
    if new.happened_on != old.happened_on:
        yield pen.fill(_("It is now dated %(day)s."), day=written(new.happened_on, new.happened_precision))


def _reworded(change: Change, pen: TextWriter) -> Iterator[str]:
    new, old = change.wording, change.worded
    yield pen.fill(_("The wording of the pledge “%(pledge)s” was changed."), pledge=pen.pledge(change.now))
    yield pen.words(new.change_note)
    if str(new.title) != str(old.title):
        yield pen.fill(_("It had been called “%(title)s”."), title=pen.words(old.title))
    if (new.deadline, new.deadline_precision) != (old.deadline, old.deadline_precision):
        none = pgettext("deadline", "none")
        before = written(old.deadline, old.deadline_precision) or none
        after = written(new.deadline, new.deadline_precision) or none
        yield pen.fill(_("Its deadline was: %(before)s; now it is: %(after)s."), before=before, after=after)


def _updated(change: Change, pen: TextWriter) -> Iterator[str]:
    yield pen.fill(
        _("The pledge “%(pledge)s” %(is_still)s."),
        pledge=pen.pledge(change.now),
        is_still=_phrases(change.now).is_still,
    )
    yield from _update(change.brought, pen)
    others = len(change.updates) - 1
    if others > 0:
        yield ngettext("There is one more update.", "There are %(n)s more updates.", others) % {"n": others}


def _mandate(change: Change, pen: TextWriter) -> Iterator[str]:
    row = change.mandate
    text = {
        "began": _("The mandate of %(person)s (%(office)s, %(years)s) began %(when)s."),
        "ended": _("The mandate of %(person)s (%(office)s, %(years)s) ended %(when)s."),
        "closed": _("The mandate of %(person)s (%(office)s, %(years)s) was closed %(when)s."),
    }[change.event]
    yield pen.fill(text, person=row.person, office=pen.words(row.office), years=row.years, when=when(change.day))
    if change.event == "closed":
        yield _("Each of its pledges has had a last decision.")
    if change.carried:
        text = ngettext(
            "One pledge that was made before is followed on in it.",
            "%(n)s pledges that were made before are followed on in it.",
            change.carried,
        )
        yield text % {"n": change.carried}


def _carried(change: Change, pen: TextWriter) -> Iterator[str]:
    text = _("The pledge “%(pledge)s” is now also followed in the mandate of %(person)s, %(years)s.")
    if change.event == "left":
        text = _("The pledge “%(pledge)s” is no longer followed in the mandate of %(person)s, %(years)s.")
    row = change.mandate
    yield pen.fill(text, pledge=pen.pledge(change.now), person=row.person, years=row.years)


def _labels(change: Change, pen: TextWriter) -> Iterator[str]:
    text = _("The topics or institutions of the pledge “%(pledge)s” were changed.")
    yield pen.fill(text, pledge=pen.pledge(change.now))
    texts = {
        (Topic, True): _("Added to its topics: %(names)s."),
        (Topic, False): _("Taken from its topics: %(names)s."),
        (Institution, True): _("Added to its institutions: %(names)s."),
        (Institution, False): _("Taken from its institutions: %(names)s."),
    }
    for (model, added), text in texts.items():
        rows = [label.row for label in change.labels if isinstance(label.row, model) and label.added is added]
        if rows:
            names = {f"name{place}": pen.words(row.name) for place, row in enumerate(rows)}
            yield pen.fill(text, names=pen.fill(", ".join(f"%({name})s" for name in names), **names))


def _figures(change: Change, pen: TextWriter) -> Iterator[str]:
    revised = sum(was is not None for _new_one, was in change.figures)
    new = len(change.figures) - revised
    name = pen.words(change.indicator.name)
    if new:
        text = ngettext("“%(name)s” has one new figure.", "“%(name)s” has %(n)s new figures.", new)
        yield pen.fill(text, name=name, n=new)
    if revised:
        text = ngettext("A figure of “%(name)s” was revised.", "%(n)s figures of “%(name)s” were revised.", revised)
        yield pen.fill(text, name=name, n=revised)
    many = len({figure.series for figure, _was in change.figures}) > 1
    # What was revised comes first: it takes back something that was said.
    for figure, was in sorted(change.figures, key=lambda pair: pair[1] is None)[:MOST_FIGURES]:
        period = indicators.period(figure)
        if many:
            named = change.indicator.series_names.get(figure.series)
            period = f"{period} ({pen.words(named or readable(figure.series))})"
        values = {"period": period, "value": _measured(figure), "source": figure.source}
        if was is None:
            yield pen.fill(_("%(period)s: %(value)s (%(source)s)."), **values)
        else:
            text = _("%(period)s: %(value)s instead of %(was)s (%(source)s).")
            yield pen.fill(text, **values, was=indicators.number(was.value))
    if more := len(change.figures[MOST_FIGURES:]):
        yield ngettext("And one more.", "And %(n)s more.", more) % {"n": more}


def _measured(figure: Observation) -> str:
    return f"{indicators.number(figure.value)}{indicators.unit(figure.indicator)}"


_TELLERS = {
    Kind.STATUS: _status,
    Kind.OVERDUE: _overdue,
    Kind.NEW: _new,
    Kind.RETRACTED: _retracted,
    Kind.CORRECTED: _corrected,
    Kind.REWORDED: _reworded,
    Kind.UPDATED: _updated,
    Kind.DUE_SOON: _due_soon,
    Kind.MANDATE: _mandate,
    Kind.CARRIED: _carried,
    Kind.FIGURES: _figures,
    Kind.LABELS: _labels,
}
