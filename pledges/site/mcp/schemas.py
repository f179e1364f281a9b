"""JSON Schemas of what the tools give. Keys mean what docs/data.md and docs/pledge-data.md say of them."""

from collections.abc import Mapping

from pledges.domain.languages import LANGUAGES
from pledges.models import STATUS_LABELS, TIMELINESS_LABELS
from pledges.queries.changes import Kind
from pledges.site.mcp.arguments import Schema

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
YES_OR_NO: Schema = {"type": "boolean"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
DAY: Schema = {"type": "string", "format": "date"}
TIME: Schema = {"type": "string", "format": "date-time"}
STATUS: Schema = {"type": "string", "enum": [str(status) for status in STATUS_LABELS]}
TIMELINESS: Schema = {"type": "string", "enum": [str(timeliness) for timeliness in TIMELINESS_LABELS]}
KIND: Schema = {"type": "string", "enum": [str(kind) for kind in Kind]}


def gives(properties: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """The schema of an object that has all of these keys, and may have the optional ones and others."""
    return {
        "type": "object",
        "properties": {**properties, **(optional or {})},
        "required": list(properties),
    }


def maybe(schema: Schema) -> Schema:
    """The schema of a value that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def several(schema: Schema) -> Schema:
    """The schema of a list."""
    return {"type": "array", "items": schema}


def both(*names: str) -> dict[str, Schema]:
    """Texts in each language; empty where the newsroom wrote only the other."""
    return {f"{name}_{code}": TEXT for name in names for code in LANGUAGES}


ADDRESSES: dict[str, Schema] = {f"url_{code}": ADDRESS for code in LANGUAGES}
# Of which edition and day an answer is, and the public page that says the same.
ABOUT: dict[str, Schema] = {"edition": NUMBER, "as_of": DAY, **ADDRESSES}
# A list: how many rows there are, and the cursor of its next part.
LIST: dict[str, Schema] = {**ABOUT, **both("tracker"), "licence": TEXT, "count": NUMBER, "next": maybe(TEXT)}
EVIDENCE = gives(
    {
        "url": ADDRESS,
        "publisher": TEXT,
        "title": TEXT,
        "published_on": maybe(DAY),
        "language": TEXT,
        "sentence": TEXT,
        "captured_at": maybe(TIME),
        "capture_sha256": maybe(TEXT),
        "archive_url": TEXT | {"description": "The page in a public archive; empty if there is none."},
        "link_dead_since": maybe(DAY) | {"description": "Set if the link is dead: give archive_url instead."},
    }
)
UPDATE = gives(
    {
        "update": NUMBER,
        "happened_on": DAY,
        "happened_precision": TEXT,
        "status": STATUS,
        "failure_reason": TEXT,
        **both("reason_detail", "text"),
        "edition": NUMBER,
        "published_at": TIME,
        "corrects": maybe(NUMBER),
        **both("correction_note"),
        "replaced_by": maybe(NUMBER) | {"description": "The update that corrects this one and counts in its place."},
        "withdrawn_in": maybe(NUMBER) | {"description": "The edition that withdrew it: it counts for nothing."},
        "evidence": several(EVIDENCE),
    }
)
RETRACTION = gives({"edition": NUMBER, "published_at": TIME, **both("note")})
STANDING: dict[str, Schema] = {
    "slug": TEXT,
    **ADDRESSES,
    **both("title", "statement"),
    "status": STATUS,
    "since": maybe(DAY),
    "timeliness": TIMELINESS,
    "deadline": maybe(DAY),
    "last_changed": maybe(DAY),
    "made_on": DAY,
    "made_on_precision": TEXT,
}
ROW = gives(
    {
        **STANDING,
        "mandate": TEXT,
        "person": TEXT,
        **both("office"),
        "country": TEXT,
        "carried_into": several(TEXT),
        "topics": several(TEXT),
        "institutions": several(TEXT),
        "headline": YES_OR_NO,
        "updates": NUMBER,
        "evidence": NUMBER | {"description": "How many pieces of evidence its updates have."},
        **both("latest"),
        "latest_evidence": several(EVIDENCE),
    }
)
NAMED = gives({"slug": TEXT, **both("name")})
SEARCH = gives(
    {**LIST, "results": several(ROW)},
    {
        "all_words": YES_OR_NO | {"description": "False: no pledge has all the words, these have some of them."},
        "corrections": several(gives({"typed": TEXT, "searched_for": TEXT})),
        "corrected_query": TEXT,
        "suggestions": several(TEXT),
    },
)
PLEDGE = gives(
    # A retracted pledge has no more than these.
    {**ABOUT, "slug": TEXT, "retracted": maybe(RETRACTION)},
    {
        "tracker": gives(both("name")),
        "licence": TEXT,
        **STANDING,
        "made_by": gives(
            {"mandate": TEXT, "person": TEXT, **both("office"), "country": TEXT, "elected_on": maybe(DAY)}
        ),
        "carried_into": several(TEXT),
        "source": gives(
            {"publisher": TEXT, **both("title", "note"), "published_on": maybe(DAY), "url": TEXT, "language": TEXT}
        ),
        "topics": several(NAMED),
        "institutions": several(NAMED),
        "wordings": several(gives({"number": NUMBER, **both("title", "statement"), "criteria": {"type": "object"}})),
        "count": NUMBER | {"description": "How many updates there are."},
        "updates": several(UPDATE),
        "next": maybe(TEXT),
        "corrections": several({"type": "object"}),
    },
)
MOMENT = gives({"day": DAY, "edition": NUMBER})
CHANGE = gives(
    {
        "kind": KIND,
        "day": DAY,
        **both("sentence"),
        **{f"details_{code}": several(TEXT) for code in LANGUAGES},
        "pledge": maybe(TEXT),
        **{f"title_{code}": maybe(TEXT) for code in LANGUAGES},
        **{f"url_{code}": maybe(ADDRESS) for code in LANGUAGES},
        "before": maybe(STATUS),
        "after": maybe(STATUS),
        "since": maybe(DAY),
        "deadline": maybe(DAY),
        "updates": several(UPDATE) | {"description": "The latest of the new updates, the oldest of them first."},
        "more_updates": NUMBER | {"description": "How many earlier ones are left out: read_pledge gives them."},
    }
)
KINDS: Schema = {"type": "object", "additionalProperties": NUMBER, "description": "How many changes of each kind."}
CHANGES = gives({**LIST, "from": MOMENT, "to": MOMENT, "kinds": KINDS, "results": several(CHANGE)})
TALLY: Schema = {"type": "object", "additionalProperties": NUMBER, "description": "How many pledges have each status."}
MANDATE = gives(
    {
        "slug": TEXT,
        **ADDRESSES,
        "person": TEXT,
        **both("office", "note"),
        "country": TEXT,
        "elected_on": maybe(DAY),
        "starts_on": DAY,
        "ends_on": maybe(DAY),
        "closed_on": maybe(DAY),
        "pledges": NUMBER,
        "tally": TALLY,
    }
)
MANDATES = gives({**LIST, "results": several(MANDATE)})
FILTER = gives(
    {
        "name": TEXT | {"description": "The argument of search_pledges that takes these values."},
        "values": several(gives({"value": TEXT, **both("label", "meaning"), "pledges": NUMBER})),
        "more": NUMBER | {"description": "How many rarer values are left out."},
    }
)
FILTERS = gives({**ABOUT, "filters": several(FILTER)})
EDITION = gives(
    {
        "number": NUMBER,
        **ADDRESSES,
        "published_at": TIME,
        "publisher": TEXT,
        "hash": TEXT | {"description": "SHA-256 over what it published and the hash of the edition before."},
        "previous_hash": TEXT,
        "items": NUMBER,
    }
)
CURRENT = gives({**ABOUT, "newest": maybe(EDITION), "pledges": NUMBER, "tally": TALLY})
