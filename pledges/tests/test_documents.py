"""What the documents say of the code: the paths and functions that they name exist, and the picture is current."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from bench import rooms
from pledges.site.shared import page_keys

GUIDES = sorted(file.relative_to(rooms.ROOT).as_posix() for file in rooms.ROOT.glob("docs/**/*.md"))
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "SECURITY.md", *GUIDES]
PLACES = "pledges|tracker|templates|static|bench|docs"
PATH = re.compile(rf"`((?:{PLACES})/[\w./-]*)`")
SECTION = re.compile(r"\]\(([^)#:\s]*)#([\w-]+)\)")  # a link to a heading, here or in another document
LINK = re.compile(r"\]\(([^)#:]+)(?:#[\w-]*)?\)")
# A file and, after it, the functions or classes in it: `pledges/domain/rules.py` `timeliness`, `spans`
NAMED = re.compile(r"`([\w/]+\.py)`((?:[\s,]+`[\w.]+`(?![\w/]))+)")

# An environment variable that code reads, that compose takes from .env, and that .env.example names.
READ = re.compile(r"""(?:os\.environ\.get\(|os\.environ\[|\benv_(?:bool|list)\()\s*"([A-Z_]+)"(?!\] =)""")
TAKEN = re.compile(r"\$\{([A-Z_]+)")
WRITTEN = re.compile(r"^(?:# )?((?:[A-Z_]+=\S* ?)+)$", re.MULTILINE)


def read(document: str) -> str:
    return (rooms.ROOT / document).read_text(encoding="utf-8")


def names_in(path: str) -> set[str]:
    """What a module defines: functions, classes, their methods as Class.method, and constants."""
    names = set()
    for node in ast.parse(read(path)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def anchors(file: Path) -> set[str]:
    """The names by which the headings of a document can be linked to, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_picture_of_the_rooms_is_what_the_contract_says():
    assert rooms.PICTURE.read_text(encoding="utf-8") == rooms.picture(), "run python -m bench.rooms"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_a_document_names_exists(document):
    text = read(document)
    here = (rooms.ROOT / document).parent
    missing = [path for path in PATH.findall(text) if not (rooms.ROOT / path).exists()]
    missing += [link for link in LINK.findall(text) if not link.startswith("/") and not (here / link).exists()]
    assert not missing


@pytest.mark.parametrize("document", [*DOCUMENTS, "CHANGELOG.md"])
def test_every_section_that_a_document_links_to_exists(document):
    here = rooms.ROOT / document
    links = [((here.parent / path) if path else here, name) for path, name in SECTION.findall(read(document))]
    assert [(file.name, name) for file, name in links if file.suffix == ".md" and name not in anchors(file)] == []


def test_every_function_that_the_traces_name_is_in_its_file():
    steps = [
        (path, name)
        for path, names in NAMED.findall(read("docs/architecture.md"))
        for name in re.findall(r"`([\w.]+)`", names)
    ]
    assert len(steps) > 50
    assert [(path, name) for path, name in steps if name not in names_in(path)] == []


def test_every_room_has_a_line_in_the_table():
    text = read("docs/architecture.md")
    named = {room for row in rooms.layers()[1:] for room in row if room != "pledges.templatetags"}
    assert {room for room in named if f"| `{room.replace('.', '/')}/` |" not in text} == set()


def test_every_environment_variable_is_documented_once():
    code = [*rooms.ROOT.glob("tracker/*.py"), *rooms.ROOT.glob("pledges/management/commands/*.py")]
    used = {name for file in code for name in READ.findall(file.read_text(encoding="utf-8"))}
    used |= set(TAKEN.findall(read("docker-compose.yml")))
    tables = read("docs/operators.md").partition("\n## Environment variables\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[A-Z].*?`) \|", tables, re.MULTILINE)
    assert Counter(re.findall(r"`(\w+)`", " ".join(cells))) == Counter(used)


def test_every_variable_that_compose_takes_is_in_the_example():
    written = re.findall("([A-Z_]+)=", " ".join(WRITTEN.findall(read(".env.example"))))
    assert Counter(written) == Counter(set(TAKEN.findall(read("docker-compose.yml"))))


def test_no_question_of_the_table_is_answered_twice():
    table = read("docs/architecture.md").partition("\n## Where is it?\n")[2].partition("\n## ")[0]
    questions = Counter(re.findall(r"^\| (.*?\?) \|", table, re.MULTILINE))
    assert len(questions) > 20
    assert [question for question, times in questions.items() if times > 1] == []


def test_the_guide_says_how_many_pages_with_parameters_the_cache_may_hold():
    code = "".join(file.read_text(encoding="utf-8") for file in rooms.ROOT.glob("pledges/site/**/*.py"))
    kinds = {"searches", "parameters", *re.findall(r'\bslots="(\w+)"', code)}
    assert f"at most {len(kinds) * page_keys.SLOTS:,} others" in read("docs/operators.md")
