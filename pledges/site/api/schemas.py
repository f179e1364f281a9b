"""What the answers of the API look like: the schemas of the OpenAPI document, with descriptions and examples.

Descriptions are translated for the reference page; the document itself is in English.
"""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ConfigDict, Field

from pledges.domain.rules import Status, Timeliness
from pledges.queries.changes import Kind


def text(description: str, *examples: object) -> Any:
    """A field with a description and examples of its value."""
    return Field(description=description, examples=list(examples))


Slug = Annotated[str, text(_("The last part of its page’s address: its permanent name."), "new-prisons")]
EditionNumber = Annotated[int, text(_("The edition that published it."), 1)]
PublishedAt = Annotated[datetime, text(_("When that edition was published (UTC)."), "2026-11-01T15:30:00Z")]
PageEn = Annotated[str, text(_("Its page in English, as this edition has it."), "https://pledges.example.org/en/…")]
PageEs = Annotated[str, text(_("Its page in Spanish, as this edition has it."), "https://pledges.example.org/es/…")]
TitleEn = Annotated[str, text(_("The pledge’s title in English; may be empty."), "Build new prisons")]
TitleEs = Annotated[str, text(_("The pledge’s title in Spanish; may be empty."), "Construir cárceles nuevas")]
StatementEn = Annotated[str, text(_("The pledge in English; may be empty."), "Two new prisons will be built.")]
StatementEs = Annotated[str, text(_("The pledge in Spanish; may be empty."), "Se construirán dos cárceles nuevas.")]
Where = Annotated[Status, text(_("Where the pledge stands."), "in_progress")]
Since = Annotated[date | None, text(_("Since which day; null while it is not rated."), "2024-06-21")]
Against = Annotated[Timeliness, text(_("How it stands against its deadline."), "ahead")]
Deadline = Annotated[date | None, text(_("The last day in time; null without a deadline."), "2025-12-31")]
LastChanged = Annotated[date | None, text(_("The day of the last update; null without one."), "2024-06-21")]
MadeOn = Annotated[date, text(_("The day on which the pledge was made."), "2023-12-06")]
Exactness = Annotated[str, text(_("How exactly the day is known: day, month, year, approx, by."), "day")]
MandateSlug = Annotated[str, text(_("The mandate in which it was made."), "noboa-2023")]
Person = Annotated[str, text(_("Who holds or held the office."), "Daniel Noboa")]
OfficeEn = Annotated[str, text(_("The office in English; may be empty."), "President of the Republic")]
OfficeEs = Annotated[str, text(_("The office in Spanish; may be empty."), "Presidente de la República")]
Country = Annotated[str, text(_("The country, as two letters of ISO 3166-1."), "EC")]
ElectedOn = Annotated[date | None, text(_("The day of the election, if it is known by then."), "2023-10-15")]
CarriedInto = Annotated[list[str], text(_("Later mandates in which it is followed."), ["noboa-2025"])]
Happened = Annotated[date, text(_("The day on which it happened."), "2024-06-21")]
NoteEn = Annotated[str, text(_("A note in English; may be empty."), "Revised by the institute.")]
NoteEs = Annotated[str, text(_("A note in Spanish; may be empty."), "Revisado por el instituto.")]
NameEn = Annotated[str, text(_("The name in English; may be empty."), "Prisons")]
NameEs = Annotated[str, text(_("The name in Spanish; may be empty."), "Cárceles")]
Counts = Annotated[bool, text(_("Whether it counts: it was neither corrected nor withdrawn."), True)]
PledgeSlug = Annotated[str, text(_("The pledge, by the last part of its page’s address."), "new-prisons")]
Link = Annotated[str, text(_("The address of the page."), "https://news.example.org/prisons")]
Publisher = Annotated[str, text(_("Who published it."), "Reuters")]
Language = Annotated[str, text(_("The language of the original; may be empty."), "es")]
Value = Annotated[str, text(_("The figure with all its digits, as text so that none is lost."), "38.76")]


class Problem(BaseModel):
    """An error (RFC 9457)."""

    class Mark(BaseModel):
        """A parameter to mend."""

        parameter: str = text(_("The name of the parameter."), "on")
        detail: str = text(_("What to do."), "Write the day as year, month and day: 2024-06-01.")

    type: str = text(_("Always about:blank: the status says what kind of error it is."), "about:blank")
    title: str = text(_("The name of the status."), "Unprocessable Entity")
    status: int = text(_("The status of the response."), 422)
    detail: str = text(
        _("What is wrong and what to do, in the language that Accept-Language asks for."),
        "on: Write the day as year, month and day: 2024-06-01.",
    )
    errors: list[Mark] = Field(description=_("The parameters to mend; empty if none is to blame."))


class Retraction(BaseModel):
    """The retraction of a pledge."""

    edition: EditionNumber
    published_at: PublishedAt
    note_en: NoteEn
    note_es: NoteEs


class Retracted(Problem):
    """The error for a retracted pledge."""

    slug: Slug
    retracted: Retraction = Field(description=_("By which edition it was retracted, when and why."))


class About(BaseModel):
    """What every answer says of itself."""

    tracker_en: str = text(_("The name of this tracker in English; may be empty."), "Pledge Tracker")
    tracker_es: str = text(_("The name of this tracker in Spanish; may be empty."), "Rastreador de promesas")
    licence: str = text(
        _("The newsroom’s data licence; empty if it has named none."),
        "CC BY 4.0 https://creativecommons.org/licenses/by/4.0/",
    )
    edition: int = text(_("The edition from which the answer comes; 0 before the first."), 4)
    as_of: date = text(_("The day as of which it holds."), "2026-11-30")


class Part(About):
    """A part of a list."""

    count: int = text(_("How many rows the whole list has."), 12)
    next: str | None = text(
        _("The full address of the next part, of the same edition and day; null after the last."),
        "https://pledges.example.org/api/v1/pledges?cursor=WzQsIj…",
    )


class PledgeSummary(BaseModel):
    """A pledge in one row."""

    slug: Slug
    title_en: TitleEn
    title_es: TitleEs
    statement_en: StatementEn
    statement_es: StatementEs
    status: Where
    since: Since
    timeliness: Against
    deadline: Deadline
    last_changed: LastChanged
    made_on: MadeOn
    made_on_precision: Exactness
    mandate: MandateSlug
    person: Person
    office_en: OfficeEn
    office_es: OfficeEs
    country: Country
    carried_into: CarriedInto
    topics: list[str] = text(_("Its topics, by their slugs."), ["prisons"])
    institutions: list[str] = text(_("The institutions that it concerns, by their slugs."), ["snai"])
    headline: bool = text(_("Whether it is one of those that matter most."), True)
    updates: int = text(_("How many updates count."), 3)
    evidence: int = text(_("How many pieces of evidence these have."), 4)
    latest_en: str = text(_("The text of the last update in English; may be empty."), "Building began.")
    latest_es: str = text(_("The text of the last update in Spanish; may be empty."), "Empezó la obra.")
    url_en: PageEn
    url_es: PageEs
    edition: int = text(_("The edition from which the row comes."), 4)
    as_of: date = text(_("The day as of which it holds."), "2026-11-30")
    licence: str = text(_("The newsroom’s data licence; empty if it has named none."), "CC BY 4.0")


class PledgeList(Part):
    """Pledges, a row each."""

    results: list[PledgeSummary] = Field(description=_("The rows of this part."))


class Passage(BaseModel):
    """A passage of a pledge that has the words of a search."""

    kind: str = text(_("Which text it is of: update, sentence, evidence, statement, quote, names, topic, …"), "update")
    html: str = text(_("The passage as HTML, with <mark> around the words."), "The <mark>prison</mark> in Archidona …")
    update: int | None = text(_("The update that it is of, or null."), 7)
    url: str | None = text(_("The page of the evidence that it is of, or null."), "https://news.example.org/prisons")


class Match(PledgeSummary):
    """A pledge that has the words of a search."""

    passages: list[Passage] = Field(description=_("Up to two passages with the words, in the language they are in."))


class Correction(BaseModel):
    """A word that no pledge has, and the one that was searched for instead."""

    typed: str = text(_("The word as it was asked for."), "prisson")
    searched_for: str = text(_("The word that was searched for instead."), "prison")


class MatchList(Part):
    """The pledges that have the words of a search, the best match first."""

    results: list[Match] = Field(description=_("The rows of this part."))
    all_words: bool = text(_("Whether each pledge has all the words; otherwise it has some of them."), True)
    corrections: list[Correction] = Field(description=_("The words that were corrected."))
    corrected_query: str = text(_("The whole search with them corrected; empty if none was."), "prison ships")
    suggestions: list[str] = text(_("Searches that may have been meant where nothing was corrected."), ["ports"])


class MadeBy(BaseModel):
    """Who made a pledge."""

    mandate: MandateSlug
    person: Person
    office_en: OfficeEn
    office_es: OfficeEs
    country: Country
    elected_on: ElectedOn


class Document(BaseModel):
    """Where a pledge was said."""

    publisher: Publisher
    title_en: str = text(_("Its title in English; may be empty."), "Interview with the president")
    title_es: str = text(_("Its title in Spanish; may be empty."), "Entrevista con el presidente")
    note_en: NoteEn
    note_es: NoteEs
    published_on: date | None = text(_("The day on which it was published, or null."), "2023-12-06")
    url: Link
    language: Language


class Named(BaseModel):
    """A topic or an institution."""

    slug: Annotated[str, text(_("Its name in addresses."), "prisons")]
    name_en: NameEn
    name_es: NameEs


class InBoth(BaseModel):
    """A text in both languages."""

    en: str = text(_("In English; may be empty."), "Both prisons are in use.")
    es: str = text(_("In Spanish; may be empty."), "Ambas cárceles están en uso.")


class Criteria(BaseModel):
    """What counts as kept, partly kept, and so on, as it was written before the pledge was rated."""

    kept: InBoth = Field(description=_("What counts as kept."))
    partly_kept: InBoth = Field(description=_("What counts as partly kept."))
    in_progress: InBoth = Field(description=_("What counts as in progress."))
    stalled: InBoth = Field(description=_("What counts as stalled."))
    broken: InBoth = Field(description=_("What counts as broken."))


class Wording(BaseModel):
    """A wording of a pledge."""

    number: int = text(_("Its number, from 1."), 1)
    edition: EditionNumber
    published_at: PublishedAt
    title_en: TitleEn
    title_es: TitleEs
    statement_en: StatementEn
    statement_es: StatementEs
    quote: str = text(_("The words that were said; may be empty."), "Vamos a construir dos cárceles.")
    quote_language: Language
    criteria: Criteria = Field(description=_("What counts as kept, partly kept, and so on."))
    deadline: date | None = text(_("The deadline that the government set, or null."), "2025-12-31")
    deadline_precision: str = text(_("How exactly the deadline was set; empty without one."), "year")
    deadline_note_en: NoteEn
    deadline_note_es: NoteEs
    change_note_en: str = text(_("Why the wording was changed, in English; may be empty."), "A word was missing.")
    change_note_es: str = text(_("Why the wording was changed, in Spanish; may be empty."), "Faltaba una palabra.")


class Evidence(BaseModel):
    """A piece of evidence."""

    url: Link
    publisher: Publisher
    title: str = text(_("The title of the page; may be empty."), "Ecuador begins to build a prison")
    published_on: date | None = text(_("The day on which it was published, or null."), "2024-06-21")
    language: Language
    sentence: str = text(_("The sentence relied on."), "Work began on Friday.")
    captured_at: datetime | None = text(_("When the page was captured (UTC), or null."), "2024-06-22T10:00:00Z")
    capture_sha256: str | None = text(_("The SHA-256 of the capture, or null."), "9f86d081884c7d65…")
    archive_url: str = text(_("The page in a public archive; may be empty."), "https://web.archive.org/web/…")
    link_dead_since: datetime | None = text(_("Since when the link is dead (UTC), or null."), "2026-01-01T00:00:00Z")


class Update(BaseModel):
    """An update of a pledge."""

    update: int = text(_("Its number."), 7)
    happened_on: Happened
    happened_precision: Exactness
    status: Annotated[Status, text(_("The status that the pledge has since then."), "in_progress")]
    failure_reason: str = text(
        _("Why it failed: withdrawn, blocked, lapsed, superseded, under_delivered; empty otherwise."), "blocked"
    )
    reason_detail_en: str = text(_("Blocked by whom, or why it cannot be rated, in English."), "By a court.")
    reason_detail_es: str = text(_("Blocked by whom, or why it cannot be rated, in Spanish."), "Por un tribunal.")
    text_en: str = text(_("What happened, in English; may be empty."), "Building began.")
    text_es: str = text(_("What happened, in Spanish; may be empty."), "Empezó la obra.")
    edition: EditionNumber
    published_at: PublishedAt
    corrects: int | None = text(_("The update that this one corrects, or null."), 6)
    correction_note_en: str = text(_("What was wrong in it, in English; may be empty."), "The day was wrong.")
    correction_note_es: str = text(_("What was wrong in it, in Spanish; may be empty."), "El día era incorrecto.")
    replaced_by: int | None = text(_("The update that corrects this one, or null."), 8)
    withdrawn_in: int | None = text(_("The edition that withdrew it, or null."), 9)
    withdrawn_at: datetime | None = text(_("When it was withdrawn (UTC), or null."), "2026-02-01T09:00:00Z")
    withdrawal_note_en: str = text(_("Why it was withdrawn, in English; may be empty."), "It was another prison.")
    withdrawal_note_es: str = text(_("Why it was withdrawn, in Spanish; may be empty."), "Era otra cárcel.")
    moved_to: str | None = text(_("The slug of the pledge where it is told instead, or null."), "prison-ships")
    evidence: list[Evidence] = Field(description=_("Its evidence."))


class Identity(BaseModel):
    """The address, the mandate and the day of a pledge."""

    slug: Slug
    mandate: MandateSlug
    made_on: MadeOn
    made_on_precision: Exactness


class PledgeCorrection(BaseModel):
    """A correction of a pledge's address, mandate or day."""

    edition: EditionNumber
    published_at: PublishedAt
    before: Identity = Field(description=_("What it was."))
    after: Identity = Field(description=_("What it is since."))
    note_en: NoteEn
    note_es: NoteEs


class TrackerName(BaseModel):
    """The name of this tracker."""

    name_en: str = text(_("The name of this tracker in English; may be empty."), "Pledge Tracker")
    name_es: str = text(_("The name of this tracker in Spanish; may be empty."), "Rastreador de promesas")


class Pledge(BaseModel):
    """Everything on a pledge's page."""

    tracker: TrackerName = Field(description=_("The name of this tracker."))
    licence: str = text(_("The newsroom’s data licence; empty if it has named none."), "CC BY 4.0")
    edition: int = text(_("The edition from which the answer comes; 0 before the first."), 4)
    as_of: date = text(_("The day as of which it holds."), "2026-11-30")
    slug: Slug
    url_en: PageEn
    url_es: PageEs
    title_en: TitleEn
    title_es: TitleEs
    statement_en: StatementEn
    statement_es: StatementEs
    status: Where
    since: Since
    timeliness: Against
    deadline: Deadline
    last_changed: LastChanged
    made_on: MadeOn
    made_on_precision: Exactness
    made_by: MadeBy = Field(description=_("Who made it."))
    carried_into: CarriedInto
    source: Document = Field(description=_("Where it was said."))
    topics: list[Named] = Field(description=_("Its topics."))
    institutions: list[Named] = Field(description=_("The institutions that it concerns."))
    wordings: list[Wording] = Field(description=_("Its published wordings, the oldest first."))
    updates: list[Update] = Field(
        description=_("Its published updates, the oldest first; corrected and withdrawn ones, too.")
    )
    corrections: list[PledgeCorrection] = Field(
        description=_("The corrections of its address, its mandate or its day, the oldest first.")
    )
    retracted: Retraction | None = Field(
        description=_("Its retraction, if it was retracted by a later edition; otherwise null.")
    )


class UpdateOfPledge(Update):
    """An update with the pledge that it is of."""

    pledge: PledgeSlug
    title_en: TitleEn
    title_es: TitleEs
    url_en: PageEn
    url_es: PageEs
    counts: Counts


class UpdateList(Part):
    """Updates, the latest first."""

    results: list[UpdateOfPledge] = Field(description=_("The rows of this part."))


class EvidenceOfUpdate(Evidence):
    """A piece of evidence with the update and the pledge that it is of."""

    pledge: PledgeSlug
    update: int = text(_("The number of the update that it is of."), 7)
    happened_on: Happened
    status: Annotated[Status, text(_("The status that the pledge has since then."), "in_progress")]
    counts: Counts


class EvidenceList(Part):
    """Evidence, that of the latest update first."""

    results: list[EvidenceOfUpdate] = Field(description=_("The rows of this part."))


class Mandate(BaseModel):
    """A person's term in an office."""

    slug: Annotated[str, text(_("The last part of its page’s address."), "noboa-2023")]
    person: Person
    office_en: OfficeEn
    office_es: OfficeEs
    note_en: NoteEn
    note_es: NoteEs
    country: Country
    elected_on: ElectedOn
    starts_on: date = text(_("The first day in office."), "2023-11-23")
    ends_on: date | None = text(_("The last day in office, as planned if it is not over; or null."), "2025-05-24")
    closed_on: date | None = text(
        _("The day on which each pledge had its last decision, if it was by then; or null."), "2025-06-01"
    )
    pledges: int = text(_("How many public pledges were made in it or carried into it."), 12)
    tally: dict[str, int] = text(_("How many of them have each status."), {"kept": 2, "in_progress": 10})
    url_en: PageEn
    url_es: PageEs


class MandateAnswer(About, Mandate):
    """One mandate."""


class MandateList(Part):
    """Mandates, the newest first."""

    results: list[Mandate] = Field(description=_("The rows of this part."))


class Observation(BaseModel):
    """A figure as an edition published it."""

    period: str = text(_("The period as the newsroom wrote it."), "2024")
    starts_on: date = text(_("The first day of the period."), "2024-01-01")
    ends_on: date = text(_("The last day of the period."), "2024-12-31")
    value: Value
    source: str = text(_("Who published the figure."), "INEC")
    url: Link
    note_en: NoteEn
    note_es: NoteEs
    edition: EditionNumber
    published_at: PublishedAt


class IndicatorFigure(Observation):
    """The figure of a period, and those of earlier editions that it revises."""

    series: str = text(_("The series that it belongs to."), "police")
    revises: list[Observation] = Field(
        description=_("The figures of earlier editions for the same period, the latest first.")
    )


class Series(BaseModel):
    """Figures of one source and one definition."""

    slug: Annotated[str, text(_("Its name in data."), "police")]
    name_en: NameEn
    name_es: NameEs
    note_en: str = text(_("Its definition in English; may be empty."), "Intentional homicides.")
    note_es: str = text(_("Its definition in Spanish; may be empty."), "Homicidios intencionales.")
    source: str = text(_("Who measures it; may be empty."), "National Police")
    figures: int = text(_("How many figures it has."), 11)


class Indicator(BaseModel):
    """An indicator with its series."""

    slug: Annotated[str, text(_("The last part of its page’s address."), "homicides-per-year")]
    name_en: Annotated[str, text(_("The name in English; may be empty."), "Homicides per year")]
    name_es: Annotated[str, text(_("The name in Spanish; may be empty."), "Homicidios por año")]
    unit_en: str = text(_("The unit in English; may be empty."), "per 100,000 people")
    unit_es: str = text(_("The unit in Spanish; may be empty."), "por cada 100.000 habitantes")
    caveat_en: str = text(_("What to bear in mind, in English; may be empty."), "Two sources count differently.")
    caveat_es: str = text(_("What to bear in mind, in Spanish; may be empty."), "Dos fuentes cuentan distinto.")
    url_en: PageEn
    url_es: PageEs
    pledges: list[str] = text(_("The pledges that it belongs to, by their slugs."), ["reduce-violence"])
    series: list[Series] = Field(description=_("Its series."))


class IndicatorWithNewest(Indicator):
    """An indicator in the list."""

    newest: list[IndicatorFigure] = Field(description=_("The figures of its latest period, one for each series."))


class IndicatorList(Part):
    """Indicators by their addresses."""

    results: list[IndicatorWithNewest] = Field(description=_("The rows of this part."))


class IndicatorAnswer(Part, Indicator):
    """One indicator with its figures, the oldest first."""

    results: list[IndicatorFigure] = Field(description=_("The figures of this part."))


class Edition(BaseModel):
    """An act of publication."""

    number: int = text(_("Its number."), 4)
    published_at: PublishedAt
    publisher: str = text(_("Who published it, as readers see the name."), "Elena")
    hash: str = text(_("The SHA-256 over its contents and the hash of the edition before."), "9f86d081884c7d65…")
    previous_hash: str = text(_("The hash of the edition before; empty for the first."), "60303ae22b998861…")
    items: int = text(_("How many rows it published."), 3)
    url_en: Annotated[str, text(_("Its page in English."), "https://pledges.example.org/en/editions/4/")]
    url_es: Annotated[str, text(_("Its page in Spanish."), "https://pledges.example.org/es/ediciones/4/")]


class EditionList(Part):
    """Editions, the newest first."""

    results: list[Edition] = Field(description=_("The rows of this part."))


class Item(BaseModel):
    """A row that an edition published."""

    action: str = text(_("What was done: published, corrected, changed, retracted, withdrawn."), "published")
    kind: str = text(_("The kind of row."), "update")
    key: str = text(_("Its key among the rows of its kind."), "7")
    sealed_title: str = text(_("Its title as the edition’s hash covers it."), "New prisons, 21 June 2024")
    kind_en: str = text(_("The kind in English."), "Update")
    kind_es: str = text(_("The kind in Spanish."), "Novedad")
    name_en: Annotated[str, text(_("What it is about, in English."), "Build new prisons")]
    name_es: Annotated[str, text(_("What it is about, in Spanish."), "Construir cárceles nuevas")]
    detail_en: str = text(_("More of it in English; may be empty."), "21 June 2024 · In progress")
    detail_es: str = text(_("More of it in Spanish; may be empty."), "21 de junio de 2024 · En curso")
    pledge: str | None = text(_("The pledge that it is of, by its present slug, or null."), "new-prisons")
    sha256: str = text(_("The SHA-256 of its content."), "9f86d081884c7d65…")


class EditionAnswer(Part, Edition):
    """One edition with the rows that it published."""

    results: list[Item] = Field(description=_("The rows of this part."))


class Moment(BaseModel):
    """A point in time."""

    day: date = text(_("The day."), "2026-10-31")
    edition: int = text(_("The edition; 0 before the first."), 4)


class ChangeEvidence(BaseModel):
    """A piece of evidence of a change."""

    url: Link
    publisher: Publisher


class ChangeUpdate(BaseModel):
    """A new update."""

    id: int = text(_("Its number."), 7)
    happened_on: Happened
    precision: Exactness
    status: Annotated[Status, text(_("The status that the pledge has since then."), "in_progress")]
    text_en: str = text(_("What happened, in English."), "Building began.")
    text_es: str = text(_("What happened, in Spanish."), "Empezó la obra.")
    edition: EditionNumber
    evidence: list[ChangeEvidence] = Field(description=_("Its evidence."))


class ChangeFigure(BaseModel):
    """A new figure of an indicator."""

    series: str = text(_("The series that it belongs to."), "police")
    period: str = text(_("The period as the newsroom wrote it."), "2024")
    value: Value
    before: str | None = text(_("The figure that it revises, or null."), "38.7")
    source: str = text(_("Who published the figure."), "INEC")
    url: Link


class ChangeLabel(BaseModel):
    """A topic or an institution that a pledge gained or lost."""

    what: str = text(_("Either topic or institution."), "topic")
    slug: Annotated[str, text(_("Its name in addresses."), "prisons")]
    name_en: NameEn
    name_es: NameEs
    added: bool = text(_("Whether it was added; otherwise it was removed."), True)


class ChangeField(BaseModel):
    """A field of a row with its values before and after."""

    field: str = text(_("The name of the field."), "ends_on")
    before_en: str | None = text(_("What it was, in English, or null."), "24 May 2025")
    before_es: str | None = text(_("What it was, in Spanish, or null."), "24 de mayo de 2025")
    after_en: str | None = text(_("What it is since, in English, or null."), "1 June 2025")
    after_es: str | None = text(_("What it is since, in Spanish, or null."), "1 de junio de 2025")


class ChangeRecord(BaseModel):
    """A row that was published or changed otherwise."""

    what: str = text(_("The kind of row."), "mandate")
    key: str = text(_("Its key among the rows of its kind."), "2")
    name_en: NameEn
    name_es: NameEs
    new: bool = text(_("Whether it is new."), False)
    fields: list[ChangeField] = Field(description=_("The fields that differ, where the history has them."))


class Change(BaseModel):
    """A change. Every change has every key; what does not apply to its kind is null or empty."""

    kind: Annotated[Kind, text(_("The kind of change."), "status")]
    day: date = text(_("Between days the day it happened, between editions the day it was published."), "2026-11-12")
    sentence_en: str = text(_("The change in words, in English."), "The pledge “Build new prisons” is now in progress.")
    sentence_es: str = text(_("The change in words, in Spanish."), "La promesa está ahora en curso.")
    details_en: list[str] = text(_("More of it in English."), ["Building began (Reuters)."])
    details_es: list[str] = text(_("More of it in Spanish."), ["Empezó la obra (Reuters)."])
    pledge: str | None = text(_("The pledge, by its slug at the end of the period, or null."), "new-prisons")
    title_en: str | None = text(_("Its title in English, in Spanish where there is only that."), "Build new prisons")
    title_es: str | None = text(_("Its title in Spanish, in English where there is only that."), "Construir cárceles")
    url_en: str | None = text(_("Its page in English then, or null."), "https://pledges.example.org/en/…")
    url_es: str | None = text(_("Its page in Spanish then, or null."), "https://pledges.example.org/es/…")
    before: Annotated[Status | None, text(_("The status before; null if it was not public."), "not_started")]
    after: Annotated[Status | None, text(_("The status after; null if it is not public."), "in_progress")]
    since: Since
    deadline: Deadline
    updates: list[ChangeUpdate] = Field(description=_("The new updates."))
    mandate: str | None = text(_("The mandate, or null."), "noboa-2025")
    event: str | None = text(_("What the mandate did: began, ended, closed; left; or null."), "began")
    indicator: str | None = text(_("The indicator, or null."), "homicides-per-year")
    figures: list[ChangeFigure] = Field(description=_("The new figures of the indicator."))
    labels: list[ChangeLabel] = Field(description=_("The topics and institutions that it gained or lost."))
    record: ChangeRecord | None = Field(description=_("The row that was published or changed otherwise, or null."))


class ChangeList(Part):
    """The changes: the most important kind first, and within a kind the latest first."""

    model_config = ConfigDict(populate_by_name=True)

    from_: Moment = Field(alias="from", description=_("The point in time before the first change."))
    to: Moment = Field(description=_("The point in time up to which changes count."))
    kinds: dict[str, int] = text(_("How many changes there are of each kind."), {"status": 1})
    results: list[Change] = Field(description=_("The rows of this part."))
