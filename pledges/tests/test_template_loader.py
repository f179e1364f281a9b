"""What the template loader takes away: white space that only the source's reader needs, and no other."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from tracker.template_loader import compact


@pytest.mark.parametrize(
    ("source", "compacted"),
    [
        ("<ul>\n  <li>\n    one\n  </li>\n</ul>\n", "<ul><li>one</li></ul>\n"),
        ("<p>\n  One\n  two.\n</p>", "<p>One two.</p>\n"),
        ("<p>Read <a href='/'>\n    this\n  </a>.</p>", "<p>Read <a href='/'>this</a>.</p>\n"),
        ("<p>\n  <b>1</b>\n  <b>2</b>\n</p>", "<p><b>1</b> <b>2</b></p>\n"),
        ('<a\n  href="/"\n  class="x">\n  go\n</a>', '<a href="/" class="x">go</a>\n'),
        (
            '<input\n  name="q"\n  {% if on %}\n    checked\n  {% endif %}>',
            '<input name="q"{% if on %} checked{% endif %}>\n',
        ),
        (
            "<input\n  min=0\n  {% if on %}\n    value=1\n  {% else %}\n    value=2\n  {% endif %}\n"
            "  {% if no %}hidden{% endif %}>",
            "<input min=0{% if on %} value=1{% else %} value=2{% endif %}{% if no %} hidden{% endif %}>\n",
        ),
        ("<p>It is <b>\n  new\n</b></p>", "<p>It is <b>new</b></p>\n"),
        ("<p>old<b>\n  new\n</b></p>", "<p>old<b> new</b></p>\n"),
        (
            "<p>\n  <b>1</b>\n  {% if a %}\n    {% if b %}\n      <b>2</b>\n    {% else %}\n      3\n    {% endif %}\n"
            "  {% endif %}\n  <b>4</b>\n</p>",
            "<p><b>1</b> {% if a %}{% if b %}<b>2</b>{% else %}3{% endif %}{% endif %} <b>4</b></p>\n",
        ),
        (
            "<p>\n  of\n  {% for one in all %}\n    <b>{{ one }}</b>\n  {% endfor %}\n  here\n</p>",
            "<p>of {% for one in all %}<b>{{ one }}</b> {% endfor %}here</p>\n",
        ),
        ("<p>a  b</p>", "<p>a  b</p>\n"),
    ],
)
def test_line_breaks_go_where_nobody_sees_them(source, compacted):
    assert compact(source) == compacted


@pytest.mark.parametrize(
    "kept",
    [
        "<pre>\n  one\n    two\n</pre>",
        "<textarea>\n  typed\n\n  text</textarea>",
        '<script type="application/json">\n  {"a": 1}\n</script>',
        "{% if a > b %}x{% endif %}",
        '<a title="{{ a|default:">" }}">x</a>',
    ],
)
def test_what_is_shown_as_written_stays(kept):
    assert compact(kept) == f"{kept}\n"


def test_compacting_twice_changes_nothing_more():
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        once = compact(path.read_text(encoding="utf-8"))
        assert compact(once) == once, path


def test_only_html_is_compacted():
    """Mails and other plain texts keep their lines."""
    folder = Path(settings.BASE_DIR, "templates")
    for path in folder.rglob("*.txt"):
        name = str(path.relative_to(folder))
        assert get_template(name).template.source == path.read_text(encoding="utf-8")


def test_the_messages_of_templates_are_looked_up_as_they_were_collected():
    """`make messages` reads the sources, the pages what the loader gives: a message in several lines is `trimmed`."""
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        for block in re.finditer(r"\{% blocktranslate\b(.*?)%\}(.*?)\{% endblocktranslate %\}", source, re.DOTALL):
            if "\n" in block[2]:
                assert "trimmed" in block[1].split(), (path, block[0])
