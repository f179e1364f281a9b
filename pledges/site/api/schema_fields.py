"""Fields that several schemas of the API have, each with its description and an example."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext_noop as _
from pydantic import Field

from pledges.domain.rules import Status, Timeliness


def text(description: str, *examples: object) -> Any:
    """A field with a description and examples of its value."""
    return Field(description=description, examples=list(examples))


Slug = Annotated[str, text(_("The last part of its page’s address: its permanent name."), "new-bridges")]
EditionNumber = Annotated[int, text(_("The edition that published it."), 1)]
PublishedAt = Annotated[datetime, text(_("When that edition was published (UTC)."), "2026-11-01T15:30:00Z")]
PageEn = Annotated[str, text(_("Its page in English, as this edition has it."), "https://pledges.example.org/en/…")]
PageEs = Annotated[str, text(_("Its page in Spanish, as this edition has it."), "https://pledges.example.org/es/…")]
TitleEn = Annotated[str, text(_("The pledge’s title in English; may be empty."), "Build new bridges")]
TitleEs = Annotated[str, text(_("The pledge’s title in Spanish; may be empty."), "Construir puentes nuevos")]
StatementEn = Annotated[str, text(_("The pledge in English; may be empty."), "Two new bridges will be built.")]
StatementEs = Annotated[str, text(_("The pledge in Spanish; may be empty."), "Se construirán dos puentes nuevos.")]
Where = Annotated[Status, text(_("Where the pledge stands."), "in_progress")]
Since = Annotated[date | None, text(_("Since which day; null while it is not rated."), "2024-06-21")]
Against = Annotated[Timeliness, text(_("How it stands against its deadline."), "ahead")]
Deadline = Annotated[date | None, text(_("The last day in time; null without a deadline."), "2025-12-31")]
LastChanged = Annotated[date | None, text(_("The day of the last update; null without one."), "2024-06-21")]
MadeOn = Annotated[date, text(_("The day on which the pledge was made."), "2023-12-06")]
Exactness = Annotated[str, text(_("How exactly the day is known: day, month, year, approx, by."), "day")]
MandateSlug = Annotated[str, text(_("The mandate in which it was made."), "silva-2023")]
Person = Annotated[str, text(_("Who holds or held the office."), "Ana Silva")]
OfficeEn = Annotated[str, text(_("The office in English; may be empty."), "President of the Republic")]
OfficeEs = Annotated[str, text(_("The office in Spanish; may be empty."), "Presidente de la República")]
Country = Annotated[str, text(_("The country, as two letters of ISO 3166-1."), "EC")]
ElectedOn = Annotated[date | None, text(_("The day of the election, if it is known by then."), "2023-10-15")]
CarriedInto = Annotated[list[str], text(_("Later mandates in which it is followed."), ["silva-2025"])]
Happened = Annotated[date, text(_("The day on which it happened."), "2024-06-21")]
NoteEn = Annotated[str, text(_("A note in English; may be empty."), "Revised by the institute.")]
NoteEs = Annotated[str, text(_("A note in Spanish; may be empty."), "Revisado por el instituto.")]
NameEn = Annotated[str, text(_("The name in English; may be empty."), "Transport")]
NameEs = Annotated[str, text(_("The name in Spanish; may be empty."), "Transporte")]
Counts = Annotated[bool, text(_("Whether it counts: it was neither corrected nor withdrawn."), True)]
PledgeSlug = Annotated[str, text(_("The pledge, by the last part of its page’s address."), "new-bridges")]
Link = Annotated[str, text(_("The address of the page."), "https://news.example.org/bridges")]
Publisher = Annotated[str, text(_("Who published it."), "Reuters")]
Language = Annotated[str, text(_("The language of the original; may be empty."), "es")]
Value = Annotated[str, text(_("The figure with all its digits, as text so that none is lost."), "38.76")]
