"""What the answers of the API about pledges look like: schemas of the OpenAPI document, with descriptions and examples.

Descriptions are translated for the reference page; the document itself is in English. Other answers: `record_schemas`.
"""

from datetime import date, datetime
from typing import Annotated

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, Field

from pledges.domain.rules import Status
from pledges.site.api.schema_fields import (
    Against,
    CarriedInto,
    Country,
    Counts,
    Deadline,
    EditionNumber,
    ElectedOn,
    Exactness,
    Happened,
    Language,
    LastChanged,
    Link,
    MadeOn,
    MandateSlug,
    NameEn,
    NameEs,
    NoteEn,
    NoteEs,
    OfficeEn,
    OfficeEs,
    PageEn,
    PageEs,
    Person,
    PledgeSlug,
    PublishedAt,
    Publisher,
    Since,
    Slug,
    StatementEn,
    StatementEs,
    TitleEn,
    TitleEs,
    Where,
    text,
)


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
    topics: list[str] = text(_("Its topics, by their names in addresses."), ["transport"])
    institutions: list[str] = text(
        _("The institutions that it concerns, by their names in addresses."), ["ports-authority"]
    )
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
    html: str = text(
        _("The passage as HTML, with <mark> around the words."), "The <mark>bridge</mark> at the harbour …"
    )
    update: int | None = text(_("The update that it is of, or null."), 7)
    url: str | None = text(_("The page of the evidence that it is of, or null."), "https://news.example.org/bridges")


class Match(PledgeSummary):
    """A pledge that has the words of a search."""

    passages: list[Passage] = Field(description=_("Up to two passages with the words, in the language they are in."))


class Correction(BaseModel):
    """A word that no pledge has, and the one that was searched for instead."""

    typed: str = text(_("The word as it was asked for."), "brigde")
    searched_for: str = text(_("The word that was searched for instead."), "bridge")


class MatchList(Part):
    """The pledges that have the words of a search, the best match first."""

    results: list[Match] = Field(description=_("The rows of this part."))
    all_words: bool = text(_("Whether each pledge has all the words; otherwise it has some of them."), True)
    corrections: list[Correction] = Field(description=_("The words that were corrected."))
    corrected_query: str = text(_("The whole search with them corrected; empty if none was."), "new bridges")
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

    slug: Annotated[str, text(_("Its name in addresses."), "transport")]
    name_en: NameEn
    name_es: NameEs


class InBoth(BaseModel):
    """A text in both languages."""

    en: str = text(_("In English; may be empty."), "Both bridges are in use.")
    es: str = text(_("In Spanish; may be empty."), "Ambos puentes están en uso.")


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
    quote: str = text(_("The words that were said; may be empty."), "Vamos a construir dos puentes.")
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
    title: str = text(_("The title of the page; may be empty."), "Work on the bridge begins")
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
    withdrawal_note_en: str = text(_("Why it was withdrawn, in English; may be empty."), "It was another bridge.")
    withdrawal_note_es: str = text(_("Why it was withdrawn, in Spanish; may be empty."), "Era otro puente.")
    moved_to: str | None = text(
        _("The name in addresses of the pledge where it is told instead, or null."), "new-ferries"
    )
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
