"""Plausible dates: what is entered was said or published in the past, and not before what it refers to.

Triggers enforce this for every write, and the models' `clean` says the same to people. They check rows as they are
written, so older rows stay as they are.
"""

from datetime import date

import pgtrigger

# Days that a date may be ahead of the database's: one for a newsroom whose calendar is ahead, another one for what was
# printed elsewhere, under a later date line.
_GRACE, _PRINTED_GRACE = 1, 2
_SAID_IN_THE_FUTURE = """
    RAISE EXCEPTION 'a pledge was said: its day is in the future'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_not_in_the_future';
"""
_OLDER_DOCUMENT = """
    RAISE EXCEPTION 'the source document is older than the day on which the pledge was said'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_not_after_its_document';
"""


def as_day(value: object) -> date | None:
    """The value if it is a date, else None: `clean` may find anything in a field that is not valid."""
    return value if isinstance(value, date) else None


def last_day(day: str, precision: str) -> str:
    """SQL for the last day of the day, month or year in two columns (as `rules.deadline_end`)."""
    return (
        f"(CASE {precision} WHEN 'year' THEN make_date(EXTRACT(YEAR FROM {day})::int, 12, 31) WHEN 'month' THEN "
        f"(date_trunc('month', {day}::timestamp) + INTERVAL '1 month - 1 day')::date ELSE {day} END)"
    )


def _refuse_future(column: str, grace: int, message: str, constraint: str) -> str:
    """PL/pgSQL that raises `message`, as of a constraint, if the new row's date is more than `grace` days ahead."""
    return f"""
            IF NEW.{column} > CURRENT_DATE + {grace} THEN
                RAISE EXCEPTION '{message}'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}';
            END IF;"""


def document_day() -> pgtrigger.Trigger:
    """A source document is not dated in the future, nor before a pledge that refers to it was said."""
    message = "a document has appeared: its day is in the future"
    return pgtrigger.Trigger(
        name="day_can_be_true",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("published_on"),
        func=_refuse_future("published_on", _PRINTED_GRACE, message, "document_not_in_the_future")
        + """
            IF EXISTS (
                SELECT 1 FROM pledges_pledge WHERE source_document_id = NEW.id AND made_on > NEW.published_on
            ) THEN
                RAISE EXCEPTION 'a pledge of this document was said after the day of the document'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'document_not_before_its_pledges';
            END IF;
            RETURN NEW;
        """,
    )


def pledge_day() -> pgtrigger.Trigger:
    """A pledge is not dated in the future, nor after its source document."""
    return pgtrigger.Trigger(
        # FOR SHARE: a concurrent change of the document's date blocks until this transaction ends.
        name="day_can_be_true",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("made_on", "source_document_id"),
        declare=[("document_day", "DATE")],
        func=f"""
            IF NEW.made_on > CURRENT_DATE + {_GRACE} THEN
                {_SAID_IN_THE_FUTURE}
            END IF;
            SELECT published_on INTO document_day FROM pledges_sourcedocument
            WHERE id = NEW.source_document_id FOR SHARE;
            IF document_day < NEW.made_on THEN
                {_OLDER_DOCUMENT}
            END IF;
            RETURN NEW;
        """,
    )


def wording_days() -> pgtrigger.Trigger:
    """A deadline does not end before the pledge was said; the pledge's own date is checked again at publication."""
    return pgtrigger.Trigger(
        # A pledge becomes public with its first wording. Its own date is checked again then, since the row may be older
        # than these rules.
        name="days_can_be_true",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("deadline", "deadline_precision", "pledge_id", "state"),
        declare=[("pledge", "RECORD")],
        func=f"""
            SELECT made.made_on, document.published_on INTO pledge
            FROM pledges_pledge made JOIN pledges_sourcedocument document ON document.id = source_document_id
            WHERE made.id = NEW.pledge_id;
            IF {last_day("NEW.deadline", "NEW.deadline_precision")} < pledge.made_on THEN
                RAISE EXCEPTION 'the deadline comes before the day on which the pledge was said'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'deadline_not_before_the_pledge';
            END IF;
            IF NEW.state = 'published' AND NEW.number = 1 THEN
                IF pledge.made_on > CURRENT_DATE + {_GRACE} THEN
                    {_SAID_IN_THE_FUTURE}
                END IF;
                IF pledge.published_on < pledge.made_on THEN
                    {_OLDER_DOCUMENT}
                END IF;
            END IF;
            RETURN NEW;
        """,
    )


def update_day() -> pgtrigger.Trigger:
    """A published update is not dated in the future, nor before the pledge was said, if both dates are exact."""
    message = "an update tells what has happened: its day is in the future"
    return pgtrigger.Trigger(
        name="not_in_the_future",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__state="published"),
        func=_refuse_future("happened_on", _GRACE, message, "update_not_in_the_future")
        + f"""
            IF NEW.happened_precision <> 'approx' AND EXISTS (
                SELECT 1 FROM pledges_pledge WHERE id = NEW.pledge_id AND made_on_precision = 'day'
                AND made_on > {last_day("NEW.happened_on", "NEW.happened_precision")}
            ) THEN
                RAISE EXCEPTION 'an update tells what came of a pledge: its day is before the pledge was said'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'update_not_before_the_pledge';
            END IF;
            RETURN NEW;
        """,
    )


def evidence_day() -> pgtrigger.Trigger:
    """Evidence is not dated in the future."""
    message = "evidence has appeared: its day is in the future"
    return pgtrigger.Trigger(
        name="not_in_the_future",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("published_on"),
        func=_refuse_future("published_on", _PRINTED_GRACE, message, "evidence_not_in_the_future")
        + """
            RETURN NEW;
        """,
    )
