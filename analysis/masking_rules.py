"""Numbers, addresses and words that may point at somebody, whoever is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from analysis.masking_lexicon import (
    ILLNESS,
    OF_NOBODY,
    OF_ONE,
    OFFICE,
    ORIGIN,
    RELIGION,
    SERVED,
)

_S = "[ \u00a0\u202f\u2009]"
_CAPITAL = r"[A-ZÀ-ÖØ-ÞŒ][\w’'-]{0,40}"
_SMALL = rf"(?:de{_S}la|de{_S}l['’]|du|des|de|d['’]|la|le|les|l['’]|aux?)"
_DAY = (
    r"(?:\d{1,2}(?:er)?[ ./-]+)?(?:(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t"
    r"|septembre|octobre|novembre|d[ée]cembre|\d{1,2})[ ./-]+)?(?:19|20)?\d{2}\b"
)


class Found(NamedTuple):
    """A stretch of the text, what it would be masked as, and the reason's name."""

    start: int
    end: int
    category: str
    why: str


class _Rule(NamedTuple):
    """``length`` says how many of the signs that the pattern matched are meant, 0 for none."""

    why: str
    category: str
    pattern: re.Pattern[str]
    length: Callable[[str], int] = len


def numbers_and_marks(text: str) -> Iterator[Found]:
    """All that the rules see, in the order of the rules; a group « x » narrows what is covered."""
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            part = "x" if "x" in rule.pattern.groupindex else 0
            start = match.start(part)
            length = rule.length(match[part])
            if length:
                yield Found(start, start + length, rule.category, rule.why)


def is_nir(said: str) -> bool:
    """Whether these signs are a social security number, without its key or with a good one.

    The key is 97 less the remainder of the number by 97; Corsica's 2A and 2B count as 19 and 18.
    """
    bare = re.sub(r"[^0-9AB]", "", said.upper())
    plain = bare[:5] + bare[5:7].replace("2A", "19").replace("2B", "18") + bare[7:]
    if not plain.isdecimal() or len(plain) not in (13, 15):
        return False
    return len(plain) == 13 or 97 - int(plain[:13]) % 97 == int(plain[13:])


def is_iban(said: str) -> bool:
    """Whether these signs hold together as an account number (ISO 13616: remainder 1 by 97)."""
    bare = re.sub(r"[^0-9A-Z]", "", said.upper())
    moved = bare[4:] + bare[:4]
    return 15 <= len(bare) <= 34 and int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def _if(holds: Callable[[str], bool]) -> Callable[[str], int]:
    return lambda said: len(said) if holds(said) else 0


def _digits(least: int, most: int) -> Callable[[str], bool]:
    return lambda said: least <= sum(char.isdecimal() for char in said) <= most


def _longest_iban(said: str) -> int:
    """The account number that these signs begin with, whatever words come after it."""
    ends = [len(said), *(match.start() for match in reversed(list(re.finditer(_S, said))))]
    return next((end for end in ends if is_iban(said[:end])), 0)


def _of(words: tuple[str, ...]) -> str:
    return "|".join(words)


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SEP = rf"(?:{_S}|[.\-/]){{0,2}}"
_WAY = (
    r"(?i:rue|avenue|av\.?|boulevard|bd|bld|impasse|all[ée]es?|chemin|route|quai|square"
    r"|lotissement|faubourg|mont[ée]e|traverse|ruelle)"
)
_BY_NAME = r"(?i:place|cours|passage|r[ée]sidence|cit[ée]|esplanade|villa|clos|domaine)"
_NUMBER = rf"(?<![\w.,/])\d{{1,4}}(?:{_S}?(?i:bis|ter|quater|[a-d])\b)?,?{_S}+"
_CALLED = (
    rf"(?:{_S}*{_SMALL}(?!\w){_S}*){{0,2}}{_S}*{_CAPITAL}"
    rf"(?:{_S}(?:{_SMALL}{_S}*)?{_CAPITAL}){{0,4}}"
)
_PLAIN = rf"(?:{_S}+{_SMALL}(?!\w))?{_S}*(?:[^\W\d_][\w’'-]{{1,40}})"
_TOWN = rf"(?:,?{_S}+\d{{5}}(?:{_S}+{_CAPITAL})?)?"
_SPOKEN = (
    "z[ée]ro|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze"
    "|seize|vingts?|trente|quarante|cinquante|soixante|et"
)
# « la directrice de l’école Jean Jaurès »: one person, whom everybody here knows.
_ROLE = (
    rf"\b(?i:la|le|l['’]|notre|votre|mon|ma|au|du){_S}?(?P<x>(?i:{OFFICE}){_S}"
    rf"(?i:de{_S}la{_S}|de{_S}l['’]|du{_S}|de{_S}|d['’])"
    rf"(?:(?i:{SERVED})\b(?i:{_S}(?:de{_S}quartier|sociale?|commerciale?|culturelle?|municipale?"
    rf"|maternelle|primaire|d(?:es|e{_S}la){_S}(?:locataires|habitants|parents|femmes|jeunes|retraite)))?"
    rf"(?:{_S}(?:{_SMALL}{_S}*)?{_CAPITAL}){{0,4}}|Sainte?-{_CAPITAL}))"
)
_RULES = (
    _Rule("courriel", "COURRIEL", _any(
        r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s?\(at\)\s?|\sarobase\s)[\w-]{1,60}"
        r"(?:(?:\.|\spoint\s)[\w-]{2,60}){1,4}")),
    _Rule("telephone", "TÉLÉPHONE", re.compile(
        rf"(?<![\w+])(?:(?:\+|00){_S}?33{_SEP}(?:\(0\){_SEP})?|0)[1-9](?:{_SEP}\d{{2}}){{4}}(?!\d)")),
    _Rule("telephone", "TÉLÉPHONE", re.compile(
        rf"(?<![\w+])(?:\+|00)[1-9]\d{{0,2}}(?:{_SEP}\d){{7,12}}(?!\d)"), _if(_digits(9, 15))),
    _Rule("telephone", "TÉLÉPHONE", re.compile(
        rf"(?<![\w+])0{_S}?[1-9](?:{_S}?\d){{8}}(?!{_S}?\d)")),
    _Rule("telephone", "TÉLÉPHONE", _any(
        rf"\bz[ée]ro{_S}+(?:un|deux|trois|quatre|cinq|six|sept|neuf)"
        rf"(?:[ ,-]{{1,2}}(?:{_SPOKEN})){{4,14}}\b")),
    _Rule("iban", "AUTRE", re.compile(
        rf"(?<!\w)[A-Z]{{2}}\d{{2}}(?:{_S}?[A-Z0-9]){{11,30}}(?!\w)", re.IGNORECASE),
        _longest_iban),
    _Rule("numero", "AUTRE", _any(rf"(?<!\w)FR\d{{2}}(?:{_S}?[A-Z0-9]){{20}}{_S}?\d{{3}}(?!\w)")),
    _Rule("nir", "AUTRE", _any(
        rf"(?<!\w)[123478]{_S}?\d{{2}}{_S}?\d{{2}}{_S}?(?:\d{{2}}|2[AB]){_S}?\d{{3}}{_S}?\d{{3}}"
        rf"(?:{_S}?\d{{2}})?(?!\w)"), _if(is_nir)),
    _Rule("numero", "AUTRE", _any(
        rf"(?<!\w)[12](?:{_S}\d{{2}}){{2}}{_S}(?:\d{{2}}|2[AB])(?:{_S}\d{{3}}){{2}}(?:{_S}\d{{2}})?"
        r"(?!\w)")),
    _Rule("numero", "AUTRE", _any(
        r"(?:num[ée]ro|n°|matricule|allocataire|dossier|client)[^\d.!?\n]{0,30}"
        rf"(?P<x>\d(?:{_S}?\d){{4,14}}{_S}?[a-z]?)(?!\w)")),
    _Rule("numero", "AUTRE", re.compile(r"(?<![\w.,])\d{10,}(?!\w)")),
    _Rule("plaque", "AUTRE", _any(r"(?<![\w-])[a-hj-np-tv-z]{2}-\d{3}-[a-hj-np-tv-z]{2}(?![\w-])")),
    _Rule("plaque", "AUTRE", re.compile(
        rf"(?<![\w-])[A-HJ-NP-TV-Z]{{2}}{_S}?\d{{3}}{_S}?[A-HJ-NP-TV-Z]{{2}}(?![\w-])")),
    _Rule("plaque", "AUTRE", re.compile(
        rf"(?<!\w)\d{{2,4}}{_S}[A-HJ-NP-TV-Z]{{2,3}}{_S}(?:\d{{2}}|2[AB])(?!\w)")),
    _Rule("plaque", "AUTRE", _any(
        rf"\b(?:immatricul\w{{1,6}}|plaque){_S}*:?{_S}*(?P<x>[a-z]{{2}}{_S}?\d{{3}}{_S}?[a-z]{{2}})\b")),
    _Rule("adresse", "ADRESSE", re.compile(
        rf"{_NUMBER}(?:(?:de{_S}la|de{_S}l['’]|du){_S}?)?"
        rf"(?:{_WAY}(?!\w)(?:{_CALLED}|{_PLAIN})|{_BY_NAME}{_CALLED}){_TOWN}")),
    _Rule("adresse", "ADRESSE", re.compile(
        rf"\b{_WAY}{_CALLED},?{_S}(?:au{_S})?(?:n°|num[ée]ro){_S}*\d{{1,4}}\b")),
    _Rule("porte", "ADRESSE", _any(
        rf"\b(?:appartement|appart|appt|apt|porte|bo[iî]te|digicode|logement|chambre|studio|box|villa"
        rf"|pavillon){_S}*(?:n°|num[ée]ro)?{_S}*"
        rf"(?:[a-z]{_S}?)?\d{{1,5}}{_S}?[a-z]?\b")),
    _Rule("porte", "ADRESSE", re.compile(
        rf"\b(?i:b[âa]timent|b[âa]t\.?|tour|entr[ée]e|escalier|hall|cage|bloc|immeuble|barre){_S}+"
        rf"(?:n°{_S}*|num[ée]ro{_S}+)?(?:[A-Z]\d{{0,2}}|\d{{1,3}})\b"
        rf"(?!['’]|{_S}*(?:[€h%]|ans|fois|heures|euros|mois|jours))")),
    _Rule("porte", "ADRESSE", _any(
        rf"\b(?:au|du){_S}+(?P<x>(?:\d{{1,2}}{_S}?(?:er|e|è|ème|ième|eme|me)|premier|deuxième|second"
        r"|troisième|quatrième|cinquième|sixième|septième|huitième|neuvième|dixième|dernier)"
        rf"{_S}+étage)\b")),
    _Rule("naissance", "AUTRE", _any(
        rf"\b(?:née?s?{_S}+(?:le|en)|naissance{_S}*:?|naissance{_S}+est{_S}+le){_S}+(?P<x>{_DAY})")),
    _Rule("lien", "AUTRE", _any(r"\b(?:https?://)?(?:[\w-]{1,60}\.)?(?:facebook|fb|instagram|tiktok|snapchat|twitter|linkedin"
        r"|wa|t|x)\.(?:com|me)/[^\s<>«»]{2,200}")),
    _Rule("lien", "AUTRE", re.compile(r"(?<![\w@.])@[A-Za-z0-9_][A-Za-z0-9_.]{2,29}")),
    _Rule("role", "RÔLE", re.compile(_ROLE)),
    _Rule("sante", "SANTÉ", _any(rf"(?<!\w){OF_NOBODY}(?:{_of(ILLNESS)})(?!\w)")),
    _Rule("origine", "AUTRE", _any(rf"(?:{OF_ONE})(?P<x>{_of(ORIGIN)})(?!\w)")),
    _Rule("religion", "AUTRE", _any(rf"(?:{OF_ONE})(?P<x>{_of(RELIGION)})(?!\w)")),
)  # fmt: skip
