"""The descriptor, the README and the licence of a snapshot. They say nothing that later editions or machines change."""

import re
from typing import Any

from pledges.domain.data_package import DATABASE, SUMS, TIME_FORMAT
from pledges.models import Edition, Newsroom, SourceDocument
from pledges.queries.edition_snapshots.tables import FORMAT, TABLES
from pledges.queries.sealed_rows import sealed_rows

README, LICENCE = "README.md", "LICENCE.txt"


def newsroom_at(number: int) -> dict[str, Any]:
    """What the editions up to this one sealed of the newsroom last; empty if none did. Raises NotSealed."""
    return next((row.content for row in sealed_rows(number, Newsroom)), {})


def about(edition: Edition, newsroom: dict[str, Any]) -> dict[str, object]:
    """The entries of datapackage.json that are about the whole (Data Package 1)."""
    licence = _licence(newsroom)
    documents = sorted(sealed_rows(edition.number, SourceDocument), key=lambda row: row.content["slug"])
    sources = [
        {"title": _title(row.content, "title") or row.content["publisher"]}
        | ({"path": row.content["url"]} if row.content["url"] else {})
        for row in documents
    ]
    return {
        "name": f"edition-{edition.number}",
        "title": f"{_title(newsroom, 'name') or 'Pledge tracker'}: edition {edition.number}",
        "description": "Everything that was public as of this edition; see README.md.",
        "version": str(edition.number),
        "created": edition.published_at.strftime(TIME_FORMAT),
        "edition": {
            "number": edition.number,
            "published_at": edition.published_at.strftime(TIME_FORMAT),
            "publisher": edition.publisher,
            "hash": edition.hash,
            "previous_hash": edition.previous_hash,
        },
        "snapshot_format": FORMAT,
        **({"licenses": [licence]} if licence else {}),
        **({"sources": sources} if sources else {}),
    }


def files(edition: Edition, newsroom: dict[str, Any]) -> dict[str, str]:
    """The texts in the ZIP by their names."""
    return {README: _readme(edition, newsroom), LICENCE: _licence_text(newsroom)}


def _title(texts: dict[str, Any], name: str) -> str:
    return str(texts.get(f"{name}_en") or texts.get(f"{name}_es") or "")


def _licence(newsroom: dict[str, Any]) -> dict[str, str]:
    """As Data Package has it: `name` is made of the licence's name, as in CC-BY-4.0."""
    name, url = newsroom.get("data_licence", ""), newsroom.get("data_licence_url", "")
    if not name and not url:
        return {}
    code = re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-")
    entries = {"name": code, "path": url, "title": name}
    return {key: value for key, value in entries.items() if value}


def _licence_text(newsroom: dict[str, Any]) -> str:
    name, url = newsroom.get("data_licence", ""), newsroom.get("data_licence_url", "")
    if not name and not url:
        return (
            "The newsroom had granted no licence when this edition was published: ordinary copyright applies.\n\n"
            "La redacción no había concedido ninguna licencia cuando se publicó esta edición: rigen los derechos de\n"
            "autor ordinarios.\n"
        )
    lines = (
        *(_title(newsroom, "name"), newsroom.get("contact_email", ""), name, url, "\n"),
        "What the newsroom wrote and rated may be used under this licence. Sentences quoted from articles and",
        "documents belong to those who published them.\n",
        "Lo que escribió y calificó la redacción puede usarse con esta licencia. Las frases citadas de artículos y",
        "documentos pertenecen a quienes las publicaron.",
    )
    return "\n".join(filter(None, lines)) + "\n"


def _readme(edition: Edition, newsroom: dict[str, Any]) -> str:
    name = _title(newsroom, "name") or "Pledge tracker"
    day = edition.published_at.strftime("%Y-%m-%d %H:%M UTC")
    rows = "\n".join(f"| `{table.path}` | {table.description} |" for table in TABLES)
    return f"""# {name}: edition {edition.number}

Everything that was public as of edition {edition.number}, published on {day} by {edition.publisher}.
Nothing that was published later is in it. Columns that say where a pledge stood hold for the end of that day, in the
newsroom's calendar.

*Todo lo que era público en la edición {edition.number}. No contiene nada posterior. Dónde estaba cada promesa vale
para el final de ese día, en el calendario de la redacción.*

SHA-256 of the edition · *de la edición*: `{edition.hash}`

| file | contents |
|---|---|
{rows}
| `{DATABASE}` | The same tables in one SQLite file. |
| `datapackage.json` | Types, constraints, keys, units and meaning of every column (Data Package 1). |
| `{LICENCE}` | The licence of what the newsroom wrote; quoted sentences belong to their publishers. |
| `{SUMS}` | The SHA-256 of every other file: `sha256sum -c {SUMS}`. |

CSV is UTF-8 with a header; an empty cell is a missing value. In CSV an apostrophe stands before a sign with which a
spreadsheet would begin a formula; in SQLite it does not. `pledges.id` is the same in every edition, `pledges.slug` is
the pledge's address in this one. Columns that end in `_en` and `_es` are English and Spanish; one may be empty.

*En los CSV, un apóstrofo precede al signo con que una hoja de cálculo empezaría una fórmula. `pledges.id` es igual en
todas las ediciones; `pledges.slug` es la dirección de la promesa en esta.*

Cite it as · *Cítese como*: {name}, edition {edition.number}, {edition.published_at:%Y-%m-%d}, SHA-256 {edition.hash}
"""
