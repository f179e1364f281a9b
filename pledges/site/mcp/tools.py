"""The tools that assistants may call. All of them only read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pledges.queries.changes import Kind
from pledges.queries.search import filters
from pledges.site.mcp import answers, schemas, words
from pledges.site.mcp.arguments import AS_OF, CURSOR, DAY, SLUG, Schema, any_of, one_of, takes

MOST = 50  # rows in an answer


@dataclass(frozen=True)
class Definition:
    """A tool: its title and purpose, the JSON Schemas of what it takes and gives, and two functions.

    `answer` takes arguments that fit `takes`, and the site's origin. It raises InvalidPeriod, with the name of the
    argument, for what there is not. `words` puts an answer into a short text of the active language.
    """

    title: str
    purpose: str
    takes: Schema
    gives: Schema
    answer: Callable[[dict[str, Any], str], dict[str, Any]]
    words: Callable[[dict[str, Any]], str]


EDITION: Schema = {"type": "integer"}
LIMIT: Schema = {
    "type": "integer",
    "minimum": 1,
    "maximum": MOST,
    "description": f"How many rows to give; {answers.USUAL} if left out.",
}
PARTS = {"limit": LIMIT, "cursor": CURSOR}
TOOLS = {
    "search_pledges": Definition(
        title="Search pledges",
        purpose=(
            "Find pledges by words and filters: where each stands, since when, its last update and the "
            "evidence for that, with the address of its page. Without arguments it lists all pledges, those that "
            "changed last first. Can look back: as of a day, or as of an edition."
        ),
        takes=takes(
            {
                "q": {
                    "type": "string",
                    "maxLength": filters.MAX_QUERY,
                    "description": "Words in English or Spanish. “…” for a phrase, OR, and - before what to exclude.",
                },
                "status": any_of(one_of(filters.STATUSES), "Where the pledge stands."),
                "deadline": any_of(
                    one_of(filters.DEADLINES), "How it stands against its deadline, which is another question."
                ),
                "topic": any_of(SLUG, "Topics, as list_filters names them."),
                "institution": any_of(SLUG, "Institutions, as list_filters names them."),
                "mandate": any_of(SLUG, "Mandates in which it was made or is followed, as list_mandates names them."),
                "headline": {"type": "boolean", "description": "Only the pledges that matter most to the newsroom."},
                "since": {
                    "type": "string",
                    "maxLength": 40,
                    "description": (
                        "Only pledges with an update since: a day (YYYY-MM-DD), the last 7, 30 or 90 days (a number), "
                        "or “edition” for those of the last edition."
                    ),
                },
                "sort": one_of(filters.SORTS)
                | {"description": "The order. Left out: the best match first, or what changed last."},
                **AS_OF,
                **PARTS,
            }
        ),
        gives=schemas.schema_of(schemas.Pledges),
        answer=answers.search_pledges,
        words=words.of_search,
    ),
    "read_pledge": Definition(
        title="Read a pledge",
        purpose=(
            "Everything about one pledge: its words, where and when it was said, the criteria by which it is rated, "
            "and its updates, the latest first, each with its evidence. Says if the pledge was retracted. "
            "Can look back: as of a day, or as of an edition."
        ),
        takes=takes(
            {
                "slug": SLUG | {"description": "The pledge, as search_pledges gives it: the last part of its address."},
                **AS_OF,
                **PARTS,
            },
            "slug",
        ),
        gives=schemas.schema_of(schemas.Pledge | schemas.RetractedPledge),
        answer=answers.read_pledge,
        words=words.of_pledge,
    ),
    "what_changed": Definition(
        title="What changed",
        purpose=(
            "The changes between two days (what happened) or between two editions (what was published, corrections and "
            "retractions included), the most important kind first: each in a sentence, with the new "
            "updates and their evidence. Without arguments: the last 30 days."
        ),
        takes=takes(
            {
                "since": DAY | {"description": "The first day (YYYY-MM-DD). Give days or editions, not both."},
                "to": DAY | {"description": "The last day (YYYY-MM-DD). Left out: today."},
                "from_edition": EDITION | {"description": "What was published after this edition. 0: from the start."},
                "to_edition": EDITION | {"description": "The last edition that counts. Left out: the current one."},
                "topic": SLUG | {"description": "Only changes of pledges with this topic."},
                "mandate": SLUG | {"description": "Only changes of this mandate and its pledges."},
                "kind": one_of(Kind) | {"description": "Only changes of this kind."},
                **PARTS,
            }
        ),
        gives=schemas.schema_of(schemas.Changes),
        answer=answers.what_changed,
        words=words.of_changes,
    ),
    "list_mandates": Definition(
        title="List the mandates",
        purpose="The terms in office whose pledges are tracked: whose they are, from when to when, and their tally.",
        takes=takes({**AS_OF, **PARTS}),
        gives=schemas.schema_of(schemas.Mandates),
        answer=answers.list_mandates,
        words=words.of_mandates,
    ),
    "list_filters": Definition(
        title="List what can be searched by",
        purpose=(
            "The values that search_pledges takes for status, deadline, topic, institution and mandate: what each "
            "means, and how many pledges have it."
        ),
        takes=takes(AS_OF),
        gives=schemas.schema_of(schemas.Filters),
        answer=answers.list_filters,
        words=words.of_filters,
    ),
    "current_edition": Definition(
        title="The current edition",
        purpose=(
            "The newest edition of the tracker: its number and time, to cite it and to ask later what changed since; "
            "the hash that seals it; and how many pledges stand where."
        ),
        takes=takes({}),
        gives=schemas.schema_of(schemas.CurrentEdition),
        answer=answers.current_edition,
        words=words.of_edition,
    ),
}
