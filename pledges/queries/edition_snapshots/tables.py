"""The tables of a snapshot, with the type, the constraints and the meaning of each column (docs/data.md).

Columns that an edition seals have the names of `sealed_content.FIELDS`; `edition` is the one that published the row as
it is here. A change of what is here is a change of `FORMAT`.
"""

from pledges.domain.data_package import Field, ForeignKey, Table
from pledges.domain.languages import ENGLISH_NAMES
from pledges.domain.rules import FailureReason, Precision, Status, Timeliness
from pledges.models import CRITERIA, EditionItem

FORMAT = 1
SHA256 = "[0-9a-f]{64}"
DAY = "day (ISO 8601)"
MOMENT = "UTC"


def _text(name: str, description: str, **rules: object) -> Field:
    return Field(name, "string", description, **rules)  # type: ignore[arg-type]


def _both(name: str, description: str) -> tuple[Field, ...]:
    """A text in each language: name_en, name_es."""
    return tuple(_text(f"{name}_{code}", f"{description} ({ENGLISH_NAMES[code]})") for code in ENGLISH_NAMES)


def _day(name: str, description: str, *, required: bool = False) -> Field:
    return Field(name, "date", description, required=required, unit=DAY)


def _count(name: str, description: str, unit: str) -> Field:
    return Field(name, "integer", description, minimum=0, unit=unit)


def _number(name: str, description: str, *, required: bool = True) -> Field:
    return Field(name, "integer", description, required=required, minimum=1)


def _codes(name: str, description: str, codes: object, *, required: bool = True) -> Field:
    return _text(name, description, enum=tuple(str(code) for code in codes), required=required)  # type: ignore[attr-defined]


def _slug(name: str, description: str) -> Field:
    return _text(name, description, required=True, pattern="[-a-zA-Z0-9_]+")


def _language(name: str, description: str) -> Field:
    return _text(name, description, enum=tuple(ENGLISH_NAMES))


PLEDGE = _slug("pledge", "The pledge: `id` in `pledges`.")
EDITION = _number("edition", "The edition that published the row as it is here.")
# Rows to which public pledges refer although no edition names them have none.
ANY_EDITION = _number("edition", EDITION.description, required=False)
OF_PLEDGE = ForeignKey(("pledge",), "pledges", ("id",))
IN_EDITION = ForeignKey(("edition",), "editions", ("number",))


def _refers(field: str, table: str, to: str = "slug") -> ForeignKey:
    return ForeignKey((field,), table, (to,))


EDITIONS = Table(
    "editions",
    "Editions",
    "Every act of publication up to this edition. Each hash covers that of the edition before.",
    (
        _number("number", "Its number; there are no gaps."),
        Field("published_at", "datetime", "When it was published.", required=True, unit=MOMENT),
        _text("publisher", "Who published it."),
        _text("previous_hash", "The hash of the edition before; empty for the first.", pattern=SHA256),
        _text("hash", "The SHA-256 that seals it.", required=True, unique=True, pattern=SHA256),
    ),
    ("number",),
)
EDITION_ITEMS = Table(
    "edition_items",
    "Items of editions",
    "What each edition did to which row, and the SHA-256 of the row's public content: what its hash covers.",
    (
        _number("edition", "The edition."),
        _text("kind", "The kind of row.", required=True),
        _text("key", "The row's key in the tracker.", required=True),
        _codes("action", "What was done.", EditionItem.Action.values),
        _text("title", "What the row was called, in the tracker's first language."),
        _text("sha256", "SHA-256 of the row's public content.", required=True, pattern=SHA256),
    ),
    ("edition", "kind", "key"),
    (IN_EDITION,),
)
NEWSROOM = Table(
    "newsroom",
    "Newsroom",
    "Who keeps the tracker. One row, or none before an edition has published it.",
    (
        _number("id", "Its key in the tracker."),
        *_both("name", "The tracker's name"),
        *_both("about", "Who keeps it, and for whom"),
        _text("country", "Its country, ISO 3166-1 in two letters."),
        Field("two_person_rule", "boolean", "Whether nobody publishes what they wrote themselves."),
        _text("contact_email", "Where readers report a mistake."),
        _day("closed_on", "The day on which the tracker was closed; empty while it is kept."),
        *_both("closing_note", "Why it was closed"),
        _text("data_licence", "The licence of its data; empty if none is granted."),
        _text("data_licence_url", "Where the text of the licence can be read."),
        _language("language", "The main language, if one is chosen."),
        Field("one_language", "boolean", "Whether the tracker is written in one language only."),
        _text("accent", "Its colour, as #rrggbb."),
        _text("logo_id", "SHA-256 of its logo.", pattern=SHA256),
        EDITION,
    ),
    ("id",),
    (IN_EDITION,),
)
MANDATES = Table(
    "mandates",
    "Mandates",
    "One person's terms in one office.",
    (
        _slug("slug", "Its address."),
        _text("person", "Who holds the office."),
        *_both("office", "The office"),
        _text("country", "The country, ISO 3166-1 in two letters."),
        _day("elected_on", "The day of the election, if there was one."),
        _day("starts_on", "The first day.", required=True),
        _day("ends_on", "The last day; empty while it lasts."),
        _day("closed_on", "The day on which the newsroom closed its account of it."),
        *_both("note", "What readers should know about it"),
        ANY_EDITION,
    ),
    ("slug",),
    (IN_EDITION,),
)
TOPICS = Table(
    "topics",
    "Topics",
    "What pledges are about.",
    (_slug("slug", "Its address."), *_both("name", "Its name"), ANY_EDITION),
    ("slug",),
    (IN_EDITION,),
)
INSTITUTIONS = Table(
    "institutions",
    "Institutions",
    "Who has to carry pledges out.",
    (_slug("slug", "Its address."), *_both("name", "Its name"), _text("acronym", "Its acronym."), ANY_EDITION),
    ("slug",),
    (IN_EDITION,),
)
SOURCE_DOCUMENTS = Table(
    "source_documents",
    "Source documents",
    "Where pledges were made.",
    (
        _slug("slug", "Its key."),
        _text("publisher", "Who published it."),
        *_both("title", "Its title"),
        _day("published_on", "The day on which it appeared."),
        _text("url", "Its address."),
        _language("language", "Its language."),
        *_both("note", "What readers should know about it"),
        ANY_EDITION,
    ),
    ("slug",),
    (IN_EDITION,),
)
PLEDGES = Table(
    "pledges",
    "Pledges",
    "The pledges and where they stood at the end of the day of this edition, as it says. Retracted ones are left out.",
    (
        _slug("id", "Its key: the address under which it became public. It never changes."),
        Field("slug", "string", "Its address in this edition.", required=True, unique=True),
        *_both("title", "Its title, of the wording in force"),
        Field("wording", "integer", "The number of the wording in force.", required=True, minimum=1),
        _slug("mandate", "The mandate in which it was made."),
        _slug("source_document", "The document in which it was made."),
        _day("made_on", "The day on which it was made.", required=True),
        _codes("made_on_precision", "How exact that day is.", Precision),
        Field("headline", "boolean", "Whether the newsroom says that it is one of those that matter most."),
        _codes("status", "Where it stood; empty if it had not been made by then.", Status, required=False),
        _day("since", "The day since which it had that status."),
        _codes("timeliness", "How it stood against its deadline.", Timeliness, required=False),
        _day("deadline", "The last day in time; empty without a deadline."),
        _day("last_changed", "The day of the last update that counts."),
        _count("updates", "How many updates count.", "updates"),
        _count("evidence", "How many pieces of evidence these have.", "pieces of evidence"),
        EDITION,
    ),
    ("id",),
    (_refers("mandate", "mandates"), _refers("source_document", "source_documents"), IN_EDITION),
)
PLEDGE_TOPICS = Table(
    "pledge_topics",
    "Topics of pledges",
    "Which topics each pledge has.",
    (PLEDGE, _slug("topic", "The topic.")),
    ("pledge", "topic"),
    (OF_PLEDGE, _refers("topic", "topics")),
)
PLEDGE_INSTITUTIONS = Table(
    "pledge_institutions",
    "Institutions of pledges",
    "Which institutions have to carry each pledge out.",
    (PLEDGE, _slug("institution", "The institution.")),
    ("pledge", "institution"),
    (OF_PLEDGE, _refers("institution", "institutions")),
)
PLEDGE_MANDATES = Table(
    "pledge_mandates",
    "Mandates into which pledges were carried",
    "The further mandates in which each pledge is followed.",
    (PLEDGE, _slug("mandate", "The mandate.")),
    ("pledge", "mandate"),
    (OF_PLEDGE, _refers("mandate", "mandates")),
)
WORDINGS = Table(
    "wordings",
    "Wordings",
    "The words of pledges with their criteria, written before they were rated. The highest number is in force.",
    (
        PLEDGE,
        _number("number", "Its number."),
        *_both("title", "Its title"),
        *_both("statement", "What was pledged"),
        _text("quote", "Word for word."),
        _language("quote_language", "The language of the quote."),
        *(field for name in CRITERIA for field in _both(name, f"What counts as {name.replace('_', ' ')}")),
        _day("deadline", "A day, month or year by which it was pledged."),
        _codes("deadline_precision", "How exact the deadline is.", Precision, required=False),
        *_both("deadline_note", "What the deadline follows from"),
        *_both("change_note", "Why it replaced the wording before"),
        EDITION,
    ),
    ("pledge", "number"),
    (OF_PLEDGE, IN_EDITION),
)
UPDATES = Table(
    "updates",
    "Updates",
    "What happened to pledges, with the status since then. Corrected and withdrawn ones are here too.",
    (
        _number("id", "Its number, as in addresses."),
        PLEDGE,
        _day("happened_on", "The day on which it happened.", required=True),
        _codes("happened_precision", "How exact that day is.", Precision),
        _codes("status", "The status since then.", Status),
        _codes("failure_reason", "Why it is stalled, broken or partly kept.", FailureReason, required=False),
        *_both("reason_detail", "More on the reason"),
        *_both("text", "What happened"),
        _number("corrects_id", "The update that it corrects.", required=False),
        *_both("correction_note", "What was wrong with that"),
        Field("counts", "boolean", "Whether `status` in `pledges` rests on it: neither corrected nor withdrawn."),
        EDITION,
    ),
    ("id",),
    (OF_PLEDGE, _refers("corrects_id", "updates", "id"), IN_EDITION),
)
EVIDENCE = Table(
    "evidence",
    "Evidence",
    "The pages that updates rest on.",
    (
        _number("update", "The update."),
        _number("number", "Its place among the evidence of the update."),
        _text("url", "The address of the page.", required=True),
        _text("publisher", "Who published it."),
        _text("title", "Its title."),
        _day("published_on", "The day on which it appeared."),
        _language("language", "Its language."),
        _text("sentence", "The sentence relied on, word for word."),
        _text("capture", "SHA-256 of the page as the newsroom had captured it before publication.", pattern=SHA256),
    ),
    ("update", "number"),
    (_refers("update", "updates", "id"),),
)
WITHDRAWALS = Table(
    "withdrawals",
    "Withdrawals",
    "Published updates that the newsroom took off the record, or moved to the pledge to which they belong.",
    (
        _number("update_id", "The update that was withdrawn."),
        PLEDGE,
        *_both("note", "Why"),
        _number("moved_to_id", "The update of another pledge that says it instead.", required=False),
        EDITION,
    ),
    ("update_id",),
    (_refers("update_id", "updates", "id"), OF_PLEDGE, IN_EDITION),
)
PLEDGE_CORRECTIONS = Table(
    "pledge_corrections",
    "Corrections of pledges",
    "Corrections of a pledge's address, mandate or day, with all of them before and after.",
    (
        _number("id", "Its key in the tracker."),
        PLEDGE,
        _slug("slug", "The address since then."),
        _slug("mandate", "The mandate since then."),
        _day("made_on", "The day on which it was made, since then.", required=True),
        _codes("made_on_precision", "How exact that day is.", Precision),
        _slug("was_slug", "The address before."),
        _slug("was_mandate", "The mandate before."),
        _day("was_made_on", "The day before.", required=True),
        _codes("was_made_on_precision", "How exact that day was.", Precision),
        *_both("note", "What was wrong"),
        EDITION,
    ),
    ("id",),
    (OF_PLEDGE, _refers("mandate", "mandates"), _refers("was_mandate", "mandates"), IN_EDITION),
)
RETRACTIONS = Table(
    "retractions",
    "Retractions",
    "Pledges that were taken off the record because they should not have been published. Of the other tables, "
    "`edition_items` has their titles, and `indicator_pledges` which indicators spoke of them.",
    (_slug("pledge", "The address under which it became public."), *_both("note", "Why"), EDITION),
    ("pledge",),
    (IN_EDITION,),
)
INDICATORS = Table(
    "indicators",
    "Indicators",
    "What is measured.",
    (
        _slug("slug", "Its address."),
        *_both("name", "What is measured"),
        *_both("unit", "The unit of its values"),
        *_both("caveat", "What readers must know before they compare"),
        ANY_EDITION,
    ),
    ("slug",),
    (IN_EDITION,),
)
INDICATOR_PLEDGES = Table(
    "indicator_pledges",
    "Pledges of indicators",
    "Which pledges each indicator is about; also those that were retracted, which are in `retractions`.",
    (_slug("indicator", "The indicator."), _slug("pledge", "`id` in `pledges`, or `pledge` in `retractions`.")),
    ("indicator", "pledge"),
    (_refers("indicator", "indicators"),),
)
SERIES = Table(
    "series",
    "Series",
    "The lines of indicators: figures of one source, by one definition.",
    (
        _slug("indicator", "The indicator."),
        _slug("slug", "Its key within the indicator."),
        *_both("name", "Its name; empty while it has none"),
        _text("source", "Who measures it."),
        *_both("note", "What is counted"),
        ANY_EDITION,
    ),
    ("indicator", "slug"),
    (_refers("indicator", "indicators"), IN_EDITION),
)
OBSERVATIONS = Table(
    "observations",
    "Observations",
    "The figures. A revised figure is another row for the same period: that of the highest edition counts.",
    (
        _number("id", "Its key in the tracker."),
        _slug("indicator", "The indicator."),
        _slug("series", "The series."),
        _text("period", "The period as shown."),
        _day("starts_on", "The first day of the period.", required=True),
        _day("ends_on", "The last day of the period.", required=True),
        Field("value", "number", "The figure.", required=True, unit="`unit_en` in `indicators`"),
        _text("source", "Who measured and published it."),
        _text("url", "Where it can be read."),
        *_both("note", "What readers should know about it"),
        _language("source_language", "The language of the source."),
        EDITION,
    ),
    ("id",),
    (
        _refers("indicator", "indicators"),
        ForeignKey(("indicator", "series"), "series", ("indicator", "slug")),
        IN_EDITION,
    ),
)
# Every table comes after those to which it refers.
TABLES = (
    *(EDITIONS, EDITION_ITEMS, NEWSROOM, MANDATES, TOPICS, INSTITUTIONS, SOURCE_DOCUMENTS, PLEDGES),
    *(PLEDGE_TOPICS, PLEDGE_INSTITUTIONS, PLEDGE_MANDATES, WORDINGS, UPDATES, EVIDENCE, WITHDRAWALS),
    *(PLEDGE_CORRECTIONS, RETRACTIONS, INDICATORS, INDICATOR_PLEDGES, SERIES, OBSERVATIONS),
)
