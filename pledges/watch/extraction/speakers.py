# ruff: noqa: E501 - patterns read better whole
"""The people and offices in a text, and which of them speak and act for a government.

A person is known from a mention with an office ("Finance Minister Tomas Reyl") and recognised later by surname, office or
pronoun. Those who do not govern (oppositions, unions, analysts, past governments) are recognised by what they are called.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from pledges.domain.text import fold
from pledges.watch.extraction import words_en, words_es

_WORDS = {"en": words_en, "es": words_es}
# The length of a word is limited: otherwise a long run of capitals would be scanned again from each of its letters.
_NAME = r"[A-ZÁÉÍÓÚÑÜ][a-záéíóúñüA-Z'’-]{1,40}(?: (?:(?:de|del|la|van|von|bin|da|dos|al|el) )?[A-ZÁÉÍÓÚÑÜ][a-záéíóúñüA-Z'’-]{1,40}){0,3}"
_PLAIN = str.maketrans("áéíóúüñ’", "aeiouun'")


@lru_cache(maxsize=512)  # several modules need the same sentence
def plain(text: str) -> str:
    """Lower case without accents, one letter for one, so that positions stay the same."""
    low = text.lower()
    if len(low) != len(text):  # a letter that grows when lowered (İ)
        low = "".join(one if len(one := letter.lower()) == 1 else letter for letter in text)
    return low.translate(_PLAIN)


@dataclass(frozen=True)
class Agent:
    """A person or an office: the name in the text, the role ("president" or ""), and whether it is of a government."""

    name: str
    role: str = ""
    governs: bool = True
    person: bool = True


class Speakers:
    """The people and offices of one text. `speakers` are names that the caller knows to govern."""

    def __init__(self, text: str, language: str, speakers: tuple[str, ...] = ()):
        self.words = _WORDS[language]
        self._role = re.compile(rf"\b(?:{self.words.ROLES})\b")
        self._others = re.compile(rf"\b(?:{self.words.OTHERS})\b")
        self._houses = re.compile(rf"\b(?:{self.words.HOUSES})\b")
        self._pronouns = re.compile(rf"\b(?:{self.words.PRONOUNS})\b")
        self.people: dict[str, Agent] = {}
        for name in speakers:
            self._add(name, "", True)
        titled = re.compile(rf"\b((?i:{self.words.TITLES}))(?i:{self.words.OF_WHAT})?,? ({_NAME})")
        for match in titled.finditer(text[:400_000]):
            before = re.split(r"[\n.,;:]", plain(text[max(0, match.start() - 30) : match.end(1)]))[-1]
            house = re.match(self.words.LEGISLATORS, plain(match.group(1)))
            self._add(match.group(2), plain(match.group(1)), not house and not self._others.search(before))
        said = re.compile(rf"(?:(?<=\s)(?i:{self.words.SAID}) ({_NAME}))|(?:({_NAME}) (?:{self.words.SAID})\b)")
        for match in said.finditer(text[:400_000]):
            name = match.group(1) or match.group(2)
            if " " in name and not self.known(name) and not self._role.search(plain(name)):
                self._add(name, "", not self._others.search(plain(text[max(0, match.start() - 30) : match.end()])))

    def _add(self, name: str, role: str, governs: bool) -> None:
        name = re.sub(rf"^(?:{self.words.ARTICLES}) ", "", " ".join(name.split()))
        parts = [part for part in plain(name).split() if part not in ("de", "del", "la", "el")]
        known = self.people.get(parts[-1]) if parts else None
        if (
            not parts
            or parts[0] in ("of", "for", "the", "and", "y", "e", "que")
            or (known and len(known.name) >= len(name))
        ):
            return
        agent = Agent(name, role, governs)
        for part in parts[1:] or parts:  # a Spanish person may be called by either surname
            self.people[part] = agent

    def known(self, name: str) -> Agent | None:
        """The person with this name, or with a surname in it."""
        for word in reversed(re.findall(r"[\w'-]+", plain(name))):
            if word in self.people:
                return self.people[word]
        return None

    def main_speaker(self, title: str) -> Agent | None:
        """The person whose speech or interview the text is, according to a title."""
        match = re.search(self.words.VOICE, plain(title))
        return self.known(title[match.end() :]) if match else None

    def mentions(self, text: str) -> list[tuple[int, Agent | str]]:
        """The (position, mention) of agents in a text: an agent, or a pronoun or office that refers to one."""
        low = plain(text)
        spans: dict[int, tuple[int, Agent | str]] = {}
        for match in self._others.finditer(low):
            spans[match.start()] = (match.end(), Agent(text[match.start() : match.end()], "", False))
        for match in re.finditer(r"[\w'-]+", low):
            known = match.group() in self.people and text[match.start()].isupper()
            if known and not any(start <= match.start() < end for start, (end, _) in spans.items()):
                spans[match.start()] = (match.end(), self.people[match.group()])
        for pattern in (self._houses, self._role, self._pronouns):
            for match in pattern.finditer(low):
                if not any(start < match.end() and end > match.start() for start, (end, _) in spans.items()):
                    spans[match.start()] = (match.end(), self._named(text, match, pattern))
        return [(start, agent) for start, (_, agent) in sorted(spans.items())]

    def _named(self, text: str, match: re.Match[str], pattern: re.Pattern[str]) -> Agent | str:
        """An institution as an agent, with its full name; an office or pronoun as it is."""
        if pattern is not self._houses:
            return match.group()
        more = re.match(rf" {self.words.OF_HOUSE}", text[match.end() :])
        before = re.search(r"[A-ZÁÉÍÓÚÑ]\w+ $", text[: match.start()])
        name = text[match.start() : match.end()] + (more.group() if more else "")
        if before and fold(before.group().strip()) not in self.words.ARTICLES.split("|"):
            name = before.group() + name
        return Agent(name, match.group(), True, False)

    def resolve(self, mention: Agent | str, last: Agent | None, main_speaker: Agent | None) -> Agent | None:
        """The agent that a mention refers to (anaphora): for a pronoun or an office, the last one that fits."""
        if isinstance(mention, Agent):
            return mention
        if self._role.search(mention):
            if last and last.person and self._same(mention, last.role):
                return last
            fits = [agent for agent in self.people.values() if self._same(mention, agent.role)]
            return fits[0] if fits else (last if last and last.person and not last.role else Agent(mention, mention))
        return last or main_speaker

    def _same(self, mention: str, role: str) -> bool:
        """Whether an office named alone may be the role of a person ("minister" for "finance minister")."""
        return bool(role) and (mention in role or role in self.words.SAME.get(mention, "").split("|"))
