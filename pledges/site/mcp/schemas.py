"""What the tools answer, as JSON Schema: the API's models, with what the tools add to them."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter

from pledges.site.api import record_schemas as records
from pledges.site.api import schemas as api

Schema = dict[str, Any]
PageEn = Annotated[str, Field(description="A page in English that says the same, as of this edition.")]
PageEs = Annotated[str, Field(description="A page in Spanish that says the same, as of this edition.")]


class About(BaseModel):
    """Of which edition and day an answer is, and where its page is."""

    edition: int = Field(description="The edition from which the answer comes; 0 before the first.")
    as_of: date = Field(description="The day as of which it holds.")
    url_en: PageEn
    url_es: PageEs


class Part(api.Part):
    """A part of a list."""

    url_en: PageEn
    url_es: PageEs
    next: str | None = Field(description="The cursor of the next part; null after the last.")


class Row(api.PledgeSummary):
    """A pledge in a list."""

    latest_evidence: list[api.Evidence] = Field(description="The evidence of its last update.")
    passages: list[api.Passage] = Field([], description="Of a search: passages that have its words.")


class Pledges(Part):
    """Pledges; all but `results` only where words were searched for."""

    results: list[Row]
    all_words: bool = Field(True, description="False if no pledge has all the words: these have some of them.")
    corrections: list[api.Correction] = Field([], description="Words that no pledge has, and what was meant.")
    corrected_query: str = Field("", description="The search with them corrected: this was searched for.")
    suggestions: list[str] = Field([], description="Searches that may have been meant where nothing was corrected.")


class Pledge(api.Pledge):
    """A pledge with a part of its updates."""

    updates: list[api.Update] = Field(description="A part of its updates, the latest first.")
    count: int = Field(description="How many updates it has, corrected and withdrawn ones included.")
    next: str | None = Field(description="The cursor of the next part of its updates; null after the last.")


class RetractedPledge(About):
    """What there is of a pledge that was retracted."""

    slug: str
    retracted: api.Retraction


class Change(records.Change):
    """A change with the evidence of its updates."""

    updates: list[api.Update] = Field(description="Its latest updates.")  # type: ignore[assignment]
    more_updates: int = Field(description="How many earlier ones are left out; read_pledge has them.")


class Changes(Part, records.ChangeList):
    """Changes, the most important kind first."""

    url_en: str = Field(description="The page in English with the changes between the same days or editions.")
    url_es: str = Field(description="The page in Spanish with the changes between the same days or editions.")
    results: list[Change]  # type: ignore[assignment]


class Mandates(Part):
    """Mandates, the newest first."""

    results: list[records.Mandate]


class Value(BaseModel):
    """A value that pledges can be searched by."""

    value: str
    label_en: str
    label_es: str
    meaning_en: str = Field(description="What it means, where its label does not say it.")
    meaning_es: str
    pledges: int = Field(description="How many pledges have it.")


class Filter(BaseModel):
    """An argument of search_pledges with its values."""

    name: str
    values: list[Value]
    more: int = Field(description="How many rarer values are left out.")


class Filters(About):
    """What pledges can be searched by."""

    filters: list[Filter]


class CurrentEdition(About):
    """The newest edition, and where the pledges stand."""

    newest: records.Edition | None
    pledges: int = Field(description="How many pledges there are.")
    tally: dict[str, int] = Field(description="How many of them have each status.")


def schema_of(answer: Any) -> Schema:
    """The JSON Schema of a model, or of several of which one holds. Without titles and examples: assistants read it."""
    return {"type": "object", **_brief(TypeAdapter(answer).json_schema())}


def _brief(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_brief(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    # A property may have the name "title": its value is a schema, not a text.
    left = {name: value for name, value in schema.items() if isinstance(value, dict) or name not in NOT_NEEDED}
    return {name: _brief(value) for name, value in left.items()}


NOT_NEEDED = ("title", "examples")
