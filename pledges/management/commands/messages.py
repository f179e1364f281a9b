"""`manage.py messages`: update the catalogues in pledges/locale, with Babel: a fresh machine has no gettext tools."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import to_locale
from django.utils.translation.template import TRANSLATOR_COMMENT_MARK, templatize

SOURCE_LANGUAGE = "en"
TEMPLATES = (".html", ".svg", ".txt")
SOURCES = ("pledges/**/*.py", "tracker/*.py", *(f"templates/**/*{suffix}" for suffix in TEMPLATES))
# Tests show nothing to readers; migrations contain old copies of the models' strings.
SKIPPED = {"tests", "migrations"}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "deferred_message": None,  # pledges/domain/messages.py
}
# The header has no dates and versions, so that writing an unchanged catalogue again changes nothing.
HEADER = """\
# The interface in another language. `make messages` brings it up to date with the code; translations are typed here.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def languages() -> list[str]:
    """The codes of the languages that the interface is translated into."""
    return [code for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]


def path(language: str) -> Path:
    """Where the catalogue of a language is or would be."""
    return Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / "django.po"


def sources() -> Iterator[Path]:
    """The files whose strings are translated, in a stable order."""
    for pattern in SOURCES:
        for source in sorted(settings.BASE_DIR.glob(pattern)):
            if not SKIPPED.intersection(source.relative_to(settings.BASE_DIR).parts):
                yield source


def strings(source: Path, name: str) -> Iterator[tuple[str | tuple[str, ...], list[str], str | None]]:
    """The strings of a Python file or a template, each with its comments and context. `name` is for error messages.

    Raises SyntaxError for a broken template.
    """
    code = source.read_text(encoding="utf-8")
    if source.suffix in TEMPLATES:
        # Inside parentheses the indentation that is left of the HTML has no meaning.
        code = f"(\n{templatize(code, origin=name)}\n)"
    found = extract("python", BytesIO(code.encode()), KEYWORDS, [TRANSLATOR_COMMENT_MARK], {"encoding": "utf-8"})
    for _line, message, comments, context in found:
        yield message, comments, context


def template(language: str) -> Catalog:
    """Every string of the code and the templates, without translations. Raises SyntaxError for a broken template."""
    catalog = Catalog(locale=to_locale(language), fuzzy=False)
    for source in sources():
        name = source.relative_to(settings.BASE_DIR).as_posix()
        for message, comments, context in strings(source, name):
            catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def read(language: str) -> Catalog:
    """The catalogue of a language in the repository; an empty one if there is none yet."""
    file = path(language)
    if not file.exists():
        return Catalog(locale=to_locale(language), fuzzy=False)
    with file.open("rb") as stream:
        return read_po(stream, locale=to_locale(language))


def updated(language: str) -> Catalog:
    """The current strings with the existing translations. Nothing is guessed, and unused strings are dropped."""
    catalog, known = template(language), read(language)
    for message in catalog:
        before = known.get(message.id, message.context) if message.id else None
        if before and before.pluralizable == message.pluralizable and before.id == message.id:
            message.string = before.string
            message.user_comments = before.user_comments
            message.flags |= before.flags & {"fuzzy"}
    return catalog


def written(catalog: Catalog, language: str) -> bytes:
    """The content of a catalogue's file, sorted by string, so that moved code changes nothing in it."""
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True, sort_output=True, include_lineno=False, ignore_obsolete=True)
    header = HEADER.format(language=to_locale(language), plural_forms=catalog.plural_forms)
    return header.encode() + body.getvalue().rstrip(b"\n") + b"\n"


def untranslated(catalog: Catalog) -> list[str]:
    """The strings (the singular of those with a plural) that have no translation, or one marked as fuzzy."""
    missing: list[str] = []
    for message in catalog:
        singular = message.id if isinstance(message.id, str) else message.id[0]
        translations = [message.string] if isinstance(message.string, str) else message.string or [""]
        if singular and (message.fuzzy or not all(translations)):
            missing.append(singular)
    return missing


class Command(BaseCommand):
    help = "Collect the strings of code and templates into pledges/locale, keeping the existing translations."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, and fail if anything is out of date")

    def handle(self, *args: object, check: bool = False, **options: object) -> None:
        """Write each catalogue and list what it lacks. With `check` raises CommandError if anything is out of date."""
        outdated = False
        for language in languages():
            try:
                catalog = updated(language)
            except SyntaxError as problem:
                raise CommandError(f"A template or a Python file cannot be read: {problem}") from problem
            file = path(language)
            missing, content = untranslated(catalog), written(catalog, language)
            if not check:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            elif missing or not file.exists() or file.read_bytes() != content:
                outdated = True
            name = file.relative_to(settings.BASE_DIR)
            self.stdout.write(f"{name}: {len(catalog)} strings, {len(missing)} to translate.")
            for string in missing:
                self.stdout.write(f"  {string}")
        if outdated:
            raise CommandError("The strings have changed. Run `make messages`, and translate what it lists.")
