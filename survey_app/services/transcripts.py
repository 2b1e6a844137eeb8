"""A transcript as turns of speech: who speaks, what they say, whose words become a testimony.

Speakers keep their turns and lose their names: in the text they are « P1 », « P2 ».
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from questionnaires.values import clean_text
from survey_app.services.import_plan import Judged
from survey_app.services.import_rows import Row, text_faults

# « P1 : … », « Enquêteur : … », « Habitante — … », « [00:12] Mme Diallo (voisine) : … »
TURN = re.compile(
    r"\s*(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?\s*[-–—]?\s*)?"
    r"(?P<who>[^\W\d_][^:—–\n]{0,59}?)\s*(?::(?!//)|—|–)\s*(?P<words>.*)",
    re.DOTALL,
)
AFTERTHOUGHT = re.compile(r"\s*\([^)]*\)\s*")
SENTENCE = re.compile(r"[.,;!?«»\"]")
MOST_WORDS = 3
LONGEST_NAME = 40
ASKS = re.compile(r"enqu|interview(?!é)|anim|question|journal|conseill|int\b|q\d*$")
KNOWN = re.compile(
    r"(?:p|q|r|h|f|int)\s?\d{0,3}$|enqu|interview|anim|question|réponse|habitant|participant"
    r"|interven|locutrice|locuteur|personne|homme$|femme$|voix"
)
NUMBERED = re.compile(r"[Pp]\s?(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says at once. ``speaker`` is empty before anybody is named."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody of a transcript; ``asks`` when the name is that of whoever asks questions."""

    name: str
    turns: int
    words: int
    asks: bool


@dataclass(frozen=True)
class Transcript:
    """The turns of a file, in order."""

    turns: tuple[Turn, ...]

    @cached_property
    def speakers(self) -> tuple[Speaker, ...]:
        """Everybody, in the order in which they first speak."""
        turns, words = Counter[str](), Counter[str]()
        for turn in self.turns:
            turns[turn.speaker] += 1
            words[turn.speaker] += len(turn.text.split())
        alone = len(turns) == 1
        return tuple(
            Speaker(name, turns[name], words[name], _asks(name) if name else not alone)
            for name in turns
        )

    @cached_property
    def digest(self) -> str:
        """The same for the same turns, whatever the format of the file."""
        said = "\0".join(f"{turn.speaker}\0{' '.join(turn.text.split())}" for turn in self.turns)
        return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def read(paragraphs: Sequence[str]) -> Transcript:
    """The turns that paragraphs write; a name counts when usual, or when it comes back."""
    cut = [_cut(clean_text(paragraph)) for paragraph in paragraphs]
    often = Counter(who.casefold() for who, _, _ in cut if who)
    spelling: dict[str, str] = {}
    turns: list[tuple[str, list[str]]] = []
    for who, words, whole in cut:
        key = who.casefold()
        if who and (often[key] > 1 or KNOWN.match(key)):
            turns.append((spelling.setdefault(key, who), [words] if words else []))
        elif turns:
            turns[-1][1].append(whole)
        else:
            turns.append(("", [whole]))
    return Transcript(tuple(Turn(who, "\n".join(said)) for who, said in turns if said))


def _cut(paragraph: str) -> tuple[str, str, str]:
    """Who may be speaking (or nobody), their words, and the whole paragraph."""
    found = TURN.fullmatch(paragraph)
    who = AFTERTHOUGHT.sub(" ", found["who"]).strip() if found else ""
    plausible = len(who) <= LONGEST_NAME and len(who.split()) <= MOST_WORDS
    if found is None or not plausible or SENTENCE.search(who.removesuffix(".")):
        return "", "", paragraph
    return who, found["words"].strip(), paragraph


def _asks(name: str) -> bool:
    return ASKS.match(name.casefold()) is not None


def labels(transcript: Transcript, residents: Collection[str]) -> dict[str, str]:
    """« P1 », « P2 »… for each resident: the file's own number, or the next free one."""
    names = [speaker.name for speaker in transcript.speakers if speaker.name in residents]
    own = {name: f"P{int(found[1])}" for name in names if (found := NUMBERED.fullmatch(name))}
    taken = set(own.values())
    free = (f"P{n}" for n in range(1, len(names) + 1_001) if f"P{n}" not in taken)
    return {name: own.get(name) or next(free) for name in names}


def judged(
    transcript: Transcript,
    residents: Collection[str],
    *,
    apart: bool = False,
    said_on: datetime.date | None = None,
    neighbourhood: str = "",
) -> list[Judged]:
    """The testimonies that a transcript becomes: one, or one a resident (``apart``).

    Its id is made of the whole transcript: choosing other speakers later changes no id.
    """
    named = labels(transcript, residents)
    said = [turn for turn in transcript.turns if turn.speaker in named]
    groups = {name: [turn for turn in said if turn.speaker == name] for name in named}
    wanted = list(groups.items()) if apart else [("", said)]
    rows = []
    for number, (name, turns) in enumerate(wanted, start=1):
        several = not apart and len(named) > 1
        text = "\n\n".join(
            f"{named[turn.speaker]} : {turn.text}" if several else turn.text for turn in turns
        )
        key = f"transcription-{transcript.digest}" + (f"-{named[name]}" if name or apart else "")
        date = said_on.isoformat() if said_on else ""
        row = Row(number, text, key, date, "", said_on, neighbourhood)
        rows.append((row, list(text_faults(text))))
    return rows
