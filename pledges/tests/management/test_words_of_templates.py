"""No template has words that nobody can translate, and the pages and mails of django-allauth have all of theirs."""

import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.utils.translation import trans_real

from pledges.management.commands import messages

# What no reader is shown, or no language has words for: code, names of keys, the classes of a page.
SILENT = re.compile(
    r"\{#.*?#\}|<!--.*?-->|<(script|style|pre|code|kbd)\b.*?</\1>|\{%\s*block (?:bodyclass|coltype)\b.*?endblock\s*%\}"
    r"|\{%\s*(comment|blocktrans\w*)\b.*?end\2\s*%\}|\{%.*?%\}|\{\{.*?\}\}|&#?\w+;",
    re.DOTALL,
)
SPOKEN = re.compile(r"""\b(?:title|alt|aria-label|placeholder|summary)=(?:"([^"]*)"|'([^']*)')""")
BUTTON = re.compile(r"""<input\b[^>]*type="(?:submit|button)"[^>]*\bvalue="([^"]*)\"""")
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = re.compile(
    r"\b(?:CSV|JSON(?: Lines)?|PNG|SHA-256|Vega-Lite|XLSX"
    r"|Slack|Microsoft Teams|Discord|Telegram|Mattermost)\b"
)  # the same in every language
ALLOWED = {
    "500.html": "in both languages: when it is shown, perhaps nothing works that could translate it",
    "503.html": "as 500.html, while the database is away",
    "newswire/article.html": "the samples are not part of the interface; its notice is in the article's language",
    "newswire/index.html": "the samples are not part of the interface",
}
SHOWN = ("account", "mfa", "usersessions")  # the parts of allauth that have pages here


def words(file: Path) -> list[str]:
    """What a template says outside of translated strings: its text, and the attributes that are read out."""
    code = SILENT.sub(" ", file.read_text(encoding="utf-8"))
    texts = [double or single for double, single in SPOKEN.findall(code)] + BUTTON.findall(code)
    texts += (code if file.suffix == ".txt" else re.sub(r"<[^>]*>", "\n", code)).splitlines()
    return [text.strip() for text in texts if WORD.search(NAMES.sub("", text))]


def templates() -> dict[str, Path]:
    folder = settings.BASE_DIR / "templates"
    files = (file for suffix in messages.TEMPLATES for file in sorted(folder.rglob(f"*{suffix}")))
    return {file.relative_to(folder).as_posix(): file for file in files}


def test_every_word_of_every_template_is_translated():
    found = {name: texts for name, file in templates().items() if name not in ALLOWED and (texts := words(file))}
    assert found == {}


def test_what_is_allowed_is_still_there():
    assert [name for name in ALLOWED if not words(templates()[name])] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ('<a title="Hello">{{ name }}</a>', ["Hello"]),
        ('<input type="submit" value="Hello">', ["Hello"]),
        ("{% if x %}Hello{% endif %}", ["Hello"]),
        ("{% blocktranslate trimmed with a=b %}Hello{% endblocktranslate %} {% translate 'Hello' %} CSV &nbsp;", []),
        ("{# Hello #} <code>hello</code> {{ hello }} 12 · …", []),
    ],
)
def test_the_scan_finds_what_is_not_translated(tmp_path, code, found):
    file = tmp_path / "page.html"
    file.write_text(code)
    assert words(file) == found


@pytest.mark.parametrize("suffix", messages.TEMPLATES)
def test_pages_pictures_and_mails_are_collected(suffix):
    collected = {source.suffix for source in messages.sources()}
    assert suffix in collected
    assert {file.suffix for file in (settings.BASE_DIR / "templates").rglob("*.*")} <= {*messages.TEMPLATES, ".py"}


@pytest.mark.parametrize("language", messages.languages())
def test_the_pages_and_mails_of_allauth_are_translated(language):
    root, catalog = Path(allauth.__file__).parent, trans_real.translation(language)._catalog
    files = [file for part in SHOWN for file in root.glob(f"{part}/**/*.py") if "tests" not in file.parts]
    files += [file for part in SHOWN for file in root.glob(f"templates/{part}/**/*.*")]
    missing = [
        (file.relative_to(root).as_posix(), message)
        for file in sorted(files)
        for message, _comments, context in messages.strings(file, file.name)
        if not translated(catalog, message, context)
    ]
    assert len(files) > 100
    assert missing == []


def translated(catalog, message: str | tuple[str, ...], context: str | None) -> bool:
    """Whether a compiled catalogue has the string, whatever its translation is."""
    single = message if isinstance(message, str) else message[0]
    key = f"{context}\x04{single}" if context else single
    return any(catalog.get(each) for each in (key, (key, 0)))
