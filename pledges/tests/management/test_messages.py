"""The interface in other languages: complete, with the same placeholders and tags, and in step with the code."""

import re
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from pledges.management.commands import messages

# Both forms of placeholders, and what looks like a tag: HTML, and the converters in addresses.
PARTS = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|</?\w[^>]*>")


def forms(message) -> list[tuple[str, str]]:
    """Each form of a string with its translation."""
    if message.pluralizable:
        return list(zip(message.id, message.string, strict=True))
    return [(message.id, message.string)]


@pytest.mark.parametrize("language", messages.languages())
def test_catalogue_is_what_the_command_would_write(language):
    assert messages.path(language).read_bytes() == messages.written(messages.updated(language), language), (
        "The strings have changed. Run: make messages, translate what it names, and commit the catalogue."
    )


@pytest.mark.parametrize("language", messages.languages())
def test_everything_is_translated(language):
    catalog = messages.updated(language)
    assert len(catalog) > 500
    assert messages.untranslated(catalog) == []


@pytest.mark.parametrize("language", messages.languages())
def test_placeholders_and_tags_are_those_of_the_original(language):
    wrong = [
        (original, translation)
        for message in messages.read(language)
        if message.id
        for original, translation in forms(message)
        if Counter(PARTS.findall(original)) != Counter(PARTS.findall(translation))
    ]
    assert wrong == []


@pytest.fixture
def project(settings, tmp_path):
    """A project of one Python file, one template and one test, without a catalogue."""
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale"]
    for folder in ("pledges/tests", "templates", "tracker"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "pledges/texts.py").write_text(
        '# Translators: of a promise\nKEPT = gettext_lazy("Kept")\n'
        'LINES = _("in two "\n    "parts"), pgettext("of a day", "May")\n'
        'SHIPS = npgettext_lazy("c", "%(n)s ship", "%(n)s ships", n)\n'
    )
    (tmp_path / "pledges/tests/test_texts.py").write_text('_("only in a test")')
    (tmp_path / "templates/page.html").write_text(
        "<p>\n      {% translate 'Kept' %}\n  {% translate \"May\" context \"of a month\" %} {{ _('a constant') }}\n"
        "{% blocktranslate trimmed count n=all|length %}\n    {{ n }} pledge\n    of ours\n  {% plural %}\n"
        "    {{ n }} pledges\n  {% endblocktranslate %}\n{# Translators: a share #}\n"
        "{% blocktranslate %}100% of {{ it }}{% endblocktranslate %}</p>"
    )
    return tmp_path


def catalogue(project) -> dict:
    """The catalogue as it is on disk: {(context, string): message}."""
    return {(message.context, message.id): message for message in messages.read("es") if message.id}


def test_strings_of_code_and_templates_are_collected(project):
    call_command("messages", verbosity=0)
    found = catalogue(project)
    assert set(found) == {
        (None, "Kept"),
        (None, "in two parts"),
        ("of a day", "May"),
        ("of a month", "May"),
        ("c", ("%(n)s ship", "%(n)s ships")),
        (None, "a constant"),
        (None, ("%(n)s pledge of ours", "%(n)s pledges")),
        (None, "100%% of %(it)s"),
    }
    kept, share = found[None, "Kept"], found[None, "100%% of %(it)s"]
    assert [name for name, _line in kept.locations] == ["pledges/texts.py", "templates/page.html"]
    assert kept.auto_comments == ["Translators: of a promise"]
    assert (kept.flags, share.flags) == (set(), {"python-format"})


def test_translations_stay_obsolete_ones_go_and_nothing_is_guessed(project):
    call_command("messages", verbosity=0)
    file = messages.path("es")
    text = file.read_text()
    for original, translation in (("Kept", "Cumplida"), ("in two parts", "en dos partes")):
        text = text.replace(f'msgid "{original}"\nmsgstr ""', f'msgid "{original}"\nmsgstr "{translation}"')
    file.write_text(text)
    code = project / "pledges/texts.py"
    code.write_text("\n\n" + code.read_text().replace("parts", "party"))
    call_command("messages", verbosity=0)
    found = catalogue(project)
    assert found[None, "Kept"].string == "Cumplida"
    assert found[None, "in two party"].string == ""
    assert "en dos partes" not in file.read_text()
    assert "fuzzy" not in file.read_text()
    before = file.read_bytes()
    call_command("messages", verbosity=0)
    assert file.read_bytes() == before


def test_check_writes_nothing_and_fails_until_all_is_collected_and_translated(project):
    with pytest.raises(CommandError, match="make messages"):
        call_command("messages", check=True)
    assert not messages.path("es").exists()
    call_command("messages", verbosity=0)
    file = messages.path("es")
    before = file.read_bytes()
    with pytest.raises(CommandError, match="make messages"):
        call_command("messages", check=True)
    assert file.read_bytes() == before
    for source in (project / "pledges/texts.py", project / "templates/page.html"):
        source.write_text("")
    with pytest.raises(CommandError, match="make messages"):  # strings that are no longer used
        call_command("messages", check=True)
    call_command("messages", verbosity=0)
    call_command("messages", check=True)


def test_broken_template_is_named_and_nothing_is_written(project):
    (project / "templates/broken.html").write_text("{% blocktranslate %}{% if x %}{% endblocktranslate %}")
    with pytest.raises(CommandError, match=r"templates/broken\.html"):
        call_command("messages", verbosity=0)
    assert not messages.path("es").exists()
