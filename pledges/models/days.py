"""Days that can be true: a thing was said or appeared before it is entered here, and after what it rests on.

The triggers that hold this, whatever writes the rows; the models' `clean` says the same to people. They look at rows as
they are written, so rows from before stay as they are. A day of grace is for a newsroom whose calendar is ahead of the
database's; what was printed elsewhere may be dated another day ahead.
"""

from datetime import date

import pgtrigger

_SAID_IN_THE_FUTURE = """
    RAISE EXCEPTION 'a pledge was said: its day is in the future'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_not_in_the_future';
"""
_OLDER_DOCUMENT = """
    RAISE EXCEPTION 'the source document is older than the day on which the pledge was said'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_not_after_its_document';
"""


def as_day(value: object) -> date | None:
    """The value if it is a day: before a row's fields are valid, anything can stand there."""
    return value if isinstance(value, date) else None


def _last_day(day: str, precision: str) -> str:
    """In SQL: the last day of the day, month or year that two columns hold (see `rules.deadline_end`)."""
    return (
        f"(CASE {precision} WHEN 'year' THEN make_date(EXTRACT(YEAR FROM {day})::int, 12, 31) WHEN 'month' THEN "
        f"(date_trunc('month', {day}::timestamp) + INTERVAL '1 month - 1 day')::date ELSE {day} END)"
    )


def document_day() -> pgtrigger.Trigger:
    """A source document has appeared, and not before what is quoted from it was said."""
    return pgtrigger.Trigger(
        # One day of grace for other calendars, one for a newsroom whose calendar is ahead of the database's.
        name="day_can_be_true",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("published_on"),
        func="""
            IF NEW.published_on > CURRENT_DATE + 2 THEN
                RAISE EXCEPTION 'a document has appeared: its day is in the future'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'document_not_in_the_future';
            END IF;
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
    """A pledge was said, and its document is not older."""
    return pgtrigger.Trigger(
        # One day of grace for a newsroom whose calendar is ahead of the database's. The lock makes a
        # concurrent change of the document's day wait.
        name="day_can_be_true",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("made_on", "source_document_id"),
        declare=[("document_day", "DATE")],
        func=f"""
            IF NEW.made_on > CURRENT_DATE + 1 THEN
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
    """A deadline is not over before the pledge is said; a pledge becomes public by the rules for its own day."""
    return pgtrigger.Trigger(
        # A pledge becomes public with its first wording: its own day is looked at once more, since it may be from
        # before these rules.
        name="days_can_be_true",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("deadline", "deadline_precision", "pledge_id", "state"),
        declare=[("pledge", "RECORD")],
        func=f"""
            SELECT made.made_on, document.published_on INTO pledge
            FROM pledges_pledge made JOIN pledges_sourcedocument document ON document.id = source_document_id
            WHERE made.id = NEW.pledge_id;
            IF {_last_day("NEW.deadline", "NEW.deadline_precision")} < pledge.made_on THEN
                RAISE EXCEPTION 'the deadline comes before the day on which the pledge was said'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'deadline_not_before_the_pledge';
            END IF;
            IF NEW.state = 'published' AND NEW.number = 1 THEN
                IF pledge.made_on > CURRENT_DATE + 1 THEN
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
    """A published update tells what has happened, and not before the pledge was said, as far as both are known."""
    return pgtrigger.Trigger(
        # One day of grace for a newsroom whose calendar is ahead of the database's.
        name="not_in_the_future",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__state="published"),
        func=f"""
            IF NEW.happened_on > CURRENT_DATE + 1 THEN
                RAISE EXCEPTION 'an update tells what has happened: its day is in the future'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'update_not_in_the_future';
            END IF;
            IF NEW.happened_precision <> 'approx' AND EXISTS (
                SELECT 1 FROM pledges_pledge WHERE id = NEW.pledge_id AND made_on_precision = 'day'
                AND made_on > {_last_day("NEW.happened_on", "NEW.happened_precision")}
            ) THEN
                RAISE EXCEPTION 'an update tells what came of a pledge: its day is before the pledge was said'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'update_not_before_the_pledge';
            END IF;
            RETURN NEW;
        """,
    )


def evidence_day() -> pgtrigger.Trigger:
    """Evidence has appeared."""
    return pgtrigger.Trigger(
        # One day of grace for other calendars, one for a newsroom whose calendar is ahead of the database's.
        name="not_in_the_future",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("published_on"),
        func="""
            IF NEW.published_on > CURRENT_DATE + 2 THEN
                RAISE EXCEPTION 'evidence has appeared: its day is in the future'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_not_in_the_future';
            END IF;
            RETURN NEW;
        """,
    )
