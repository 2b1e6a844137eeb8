"""How easy a questionnaire's words are to read: sentences, long words, one known formula.

The formula is Kandel and Moles's ("Application de l'indice de Flesch à la langue française",
Cahiers d'études de radio-télévision 19, 1958): about 100 is easy, 30 very difficult.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from questionnaires.model import Labels, Questionnaire

LONGEST = 20  # words that a sentence may have
HARD = 4  # syllables from which a word is long enough to be looked at again

_WORD = re.compile(r"\{\w+\}|[^\W_][\w’'-]*")
_END = re.compile(r"(?:(?<=[.?!…؟])|(?<=[.?!…؟][»)])|(?<=[.?!…؟]\s»))\s+(?![»)])|\n+")
_LEVELS = {80: "facile", 60: "ordinaire", 30: "difficile", -math.inf: "très difficile"}
_VOWELS = "aàâäeéèêëiîïoôöuùûüyœæ"
# In order: letters that are not heard, then the places where two vowels are said apart (a bar).
_SPOKEN = (
    (r"qu", "q"),
    (r"gu(?=[eéèêiy])", "g"),
    (rf"(?<=[{_VOWELS}])y(?=[{_VOWELS}])", "j"),
    (r"(?<=[ao]i)ent\Z", ""),
    (rf"(?<=[{_VOWELS}])es?\Z", ""),
    (rf"(?<=[{_VOWELS}])(.*[^{_VOWELS}])es?\Z", r"\1"),
    (rf"é(?=[{_VOWELS}])", "é|"),
    (r"(?<=[aeo])(?=[éèêëï])", "|"),
    (r"(?<=[bcdfgptv][lr])(i|u|ou)(?=[aeéèêo])", r"\1|"),
    (r"o(?=a)|(?<=c)o(?=o)|a(?=o(?![uûn]))", r"\g<0>|"),
    (r"pays", "pa|is"),
)
_GROUP = re.compile(rf"[{_VOWELS}]+")


def sentences(text: str) -> list[str]:
    """The sentences of a text, without those that hold no word; a new line ends one too."""
    return [part.strip() for part in _END.split(text) if part and _WORD.search(part)]


def syllables(word: str) -> int:
    """Syllables of a French word as it is said with care, by rule: at least 1.

    Groups of vowels, less the mute « e » of the end, plus the vowels said apart (« théâtre »).
    Rules do not know a verb: « -ent » is said, as in « souvent ». A digit is one syllable.
    """
    count = 0
    for part in re.split(r"[’'-]", unicodedata.normalize("NFC", word).lower()):
        for pattern, spoken in _SPOKEN:
            part = re.sub(pattern, spoken, part)
        count += len(_GROUP.findall(part)) + sum(sign.isdigit() for sign in part)
    return max(1, count)


def read_ease(text: str) -> float:
    """Kandel and Moles's index; a placeholder counts for one word of one syllable.

    Raises ``ValueError`` when the text has no word.
    """
    plain = re.sub(r"\{\w+\}", "mot", text)
    words = _WORD.findall(plain)
    if not words:
        raise ValueError("a text without a word has no reading index")
    spoken = sum(map(syllables, words))
    return 207 - 1.015 * len(words) / len(sentences(plain)) - 73.6 * spoken / len(words)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured; ``where`` names a question, a section, or ``question/choice``.

    ``sentences``, ``words``, ``average`` (words a sentence) and ``ease`` bear on the purpose,
    questions, hints, probes and messages. ``longest`` (sentence, words, where), ``too_long``
    (where, sentence, words) and ``hard`` (where, word) also look at titles and choices.
    ``ease`` and ``hard`` are for French only.
    """

    sentences: int
    words: int
    average: float
    longest: tuple[str, int, str]
    ease: float | None
    hard: tuple[tuple[str, str], ...]
    too_long: tuple[tuple[str, str, int], ...]

    def __str__(self) -> str:
        text, words, where = self.longest
        if not text:
            return "Aucune phrase à lire dans cette langue."
        average = f"{self.average:.1f}".replace(".", ",")
        parts = [
            f"{self.sentences} phrases, {average} mots par phrase en moyenne.",
            f"La plus longue a {words} mots ({where}).",
            f"Phrases de plus de {LONGEST} mots : {len(self.too_long) or 'aucune'}.",
        ]
        if self.ease is not None:
            level = next(v for floor, v in _LEVELS.items() if self.ease >= floor)
            parts.insert(0, f"Lecture {level} : indice {self.ease:.0f} sur 100 environ.")
            parts.append(f"Mots longs à revoir : {len(self.hard) or 'aucun'}.")
        return " ".join(parts)


def report(questionnaire: Questionnaire, language: str = "fr") -> Reading:
    """Measures the words that a questionnaire has in one language."""
    said: list[str] = []
    measured: list[tuple[str, int, str]] = []
    hard: dict[tuple[str, str], None] = {}
    for where, labels, prose in _texts(questionnaire):
        for sentence in sentences(labels.get(language, "")):
            words = _WORD.findall(sentence)
            measured.append((sentence, len(words), where))
            if prose:
                said.append(sentence)
            hard |= {(where, word.lower()): None for word in words if _is_long(word)}
    text = "\n".join(said)
    total = len(_WORD.findall(text))
    return Reading(
        sentences=len(said),
        words=total,
        average=total / len(said) if said else 0.0,
        longest=max(measured, key=lambda item: item[1], default=("", 0, "")),
        ease=read_ease(text) if total and language == "fr" else None,
        hard=tuple(hard) if language == "fr" else (),
        too_long=tuple((where, text, size) for text, size, where in measured if size > LONGEST),
    )


def _is_long(word: str) -> bool:
    """« habitez-vous » is two short words, a placeholder is none."""
    parts = [] if word.startswith("{") else word.split("-")
    return any(syllables(part) >= HARD for part in parts)


def _texts(questionnaire: Questionnaire) -> Iterator[tuple[str, Labels, bool]]:
    """Every text, where it stands, and whether it is said in sentences."""
    name = questionnaire.name
    yield from ((name, questionnaire.title, False), (name, questionnaire.purpose, True))
    yield from ((name, questionnaire.audience, False), (name, questionnaire.duration, False))
    for section in questionnaire.sections:
        yield from ((section.name, section.label, False), (section.name, section.repeat, False))
        for question in section.questions:
            said = (question.label, question.hint, *question.probes, question.constraint_message)
            yield from ((question.name, labels, True) for labels in said)
            for choice in question.choices:
                yield f"{question.name}/{choice.name}", choice.label, False
