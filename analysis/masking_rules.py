"""Numbers, addresses and words that may point at somebody, whoever is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_S = "[ \u00a0\u202f\u2009]"
_CAPITAL = r"[A-ZÀ-ÖØ-ÞŒ][\w’'-]{0,40}"
_SMALL = rf"(?:de{_S}la|de{_S}l['’]|du|des|de|d['’]|la|le|les|l['’]|aux?)"
_DAY = (
    r"(?:\d{1,2}(?:er)?[ ./-]+)?(?:(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t"
    r"|septembre|octobre|novembre|d[ée]cembre|\d{1,2})[ ./-]+)?(?:19|20)?\d{2}\b"
)
_ILLNESS = (
    "diab[èe]te", "diab[ée]tiques?", "cancers?", "tumeurs?", "leuc[ée]mie", r"chimio\w{0,9}",
    r"d[ée]pressi\w{2,3}", "bipolaires?", r"schizo\w{1,8}", r"autis\w{1,4}", r"trisomi\w{1,4}",
    r"[ée]pilep\w{1,5}", "alzheimer", "parkinson", "scl[ée]rose en plaques", "sida", "vih",
    r"s[ée]ropositi\w{1,4}", "h[ée]patite", "tuberculose", r"asthm\w{1,6}", "avc", "infarctus",
    "cardiaques?", "dialyse", r"anorexi\w{1,4}", r"boulimi\w{1,4}", "alcooliques?", "tdah",
    r"toxicoman\w{1,3}", r"suicid\w{1,6}", "fausse couche", "avortement", "ivg", "invalidit[ée]",
    r"dyslexi\w{1,4}", r"dr[ée]panocyt\w{1,5}", r"endom[ée]trios\w", "fibromyalgie", "burn.?out",
    "curatelle", "tutelle", "handicap[ée]e?",
)  # fmt: skip
_ORIGIN = (
    r"alg[ée]rien\w{0,3}", r"marocain\w{0,2}", r"tunisien\w{0,3}", r"s[ée]n[ée]galais\w{0,2}",
    r"malien\w{0,3}", r"ivoirien\w{0,3}", r"camerounais\w{0,2}", r"congolais\w{0,2}",
    r"guin[ée]en\w{0,3}", r"comorien\w{0,3}", "turcs?", "turques?", "kurdes?", r"portugais\w{0,2}",
    r"espagnole?s?", r"italien\w{0,3}", r"roumaine?s?", "bulgares?", r"arm[ée]nien\w{0,3}",
    r"albanais\w{0,2}", r"tch[ée]tch[èe]nes?", "russes?", r"ukrainien\w{0,3}", r"syrien\w{0,3}",
    r"afghane?s?", r"chinois\w{0,2}", r"vietnamien\w{0,3}", r"pakistanais\w{0,2}", "arabes?",
    r"ha[ïi]tien\w{0,3}", r"maghr[ée]bin\w{0,2}", "kabyles?", "berb[èe]res?", r"africain\w{0,2}",
    "gitane?s?", "roms?", "manouches?", "tsiganes?", "[ée]trang[èe]re?s?", "sans[- ]papiers",
)  # fmt: skip
_RELIGION = (
    r"musulman\w{0,2}", r"chr[ée]tien\w{0,3}", "catholiques?", "juifs?", "juives?",
    r"protestant\w{0,2}", "[ée]vang[ée]li(?:que|ste)s?", "bouddhistes?", "hindoue?s?", "ath[ée]es?",
    "t[ée]moins? de j[ée]hovah", "converti[es]{0,2}", r"pratiquant\w{0,2}", "voil[ée]es?",
)  # fmt: skip
# Said of one person: « je suis… », « ma voisine est… ». Of a whole people, it names nobody.
_OF_ONE = (
    r"\b(?:suis|es|est|[ée]tais|[ée]tait|sommes)\s+(?:(?:un|une|pas|d['’]origine|originaire)\s+)?"
    r"|\bd['’]origine\s+|\bvoisine?\s+|\bmari\s+|\bfemme\s+|\bcopine?\s+|\bcopain\s+|\bamie?\s+"
)


class Found(NamedTuple):
    """A stretch of the text, what it would be masked as, and the reason's name."""

    start: int
    end: int
    category: str
    why: str


class _Rule(NamedTuple):
    why: str
    category: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = bool


def numbers_and_marks(text: str) -> Iterator[Found]:
    """All that the rules see, in the order of the rules; a group « x » narrows what is covered."""
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            part = "x" if "x" in rule.pattern.groupindex else 0
            start, end = match.span(part)
            if end > start and rule.holds(match[part]):
                yield Found(start, end, rule.category, rule.why)


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


def _digits(least: int, most: int) -> Callable[[str], bool]:
    return lambda said: least <= sum(char.isdecimal() for char in said) <= most


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
_RULES = (
    _Rule("courriel", "COURRIEL", _any(
        r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s?\(at\)\s?|\sarobase\s)[\w-]{1,60}"
        r"(?:(?:\.|\spoint\s)[\w-]{2,60}){1,4}")),
    _Rule("telephone", "TÉLÉPHONE", re.compile(
        rf"(?<![\w+])(?:(?:\+|00){_S}?33{_SEP}(?:\(0\){_SEP})?|0)[1-9](?:{_SEP}\d{{2}}){{4}}(?!\d)")),
    _Rule("telephone", "TÉLÉPHONE", re.compile(
        rf"(?<![\w+])(?:\+|00)[1-9]\d{{0,2}}(?:{_SEP}\d){{7,12}}(?!\d)"), _digits(9, 15)),
    _Rule("iban", "AUTRE", re.compile(
        rf"(?<!\w)[A-Z]{{2}}\d{{2}}(?:{_S}?[A-Z0-9]){{11,30}}(?!\w)", re.IGNORECASE), is_iban),
    _Rule("nir", "AUTRE", _any(
        rf"(?<!\w)[123478]{_S}?\d{{2}}{_S}?\d{{2}}{_S}?(?:\d{{2}}|2[AB]){_S}?\d{{3}}{_S}?\d{{3}}"
        rf"(?:{_S}?\d{{2}})?(?!\w)"), is_nir),
    _Rule("numero", "AUTRE", _any(
        r"(?:num[ée]ro|n°|matricule|allocataire|dossier|client)[^\d.!?\n]{0,30}"
        rf"(?P<x>\d(?:{_S}?\d){{4,14}}{_S}?[a-z]?)(?!\w)")),
    _Rule("numero", "AUTRE", re.compile(r"(?<![\w.,])\d{10,}(?!\w)")),
    _Rule("plaque", "AUTRE", _any(r"(?<![\w-])[a-hj-np-tv-z]{2}-\d{3}-[a-hj-np-tv-z]{2}(?![\w-])")),
    _Rule("plaque", "AUTRE", re.compile(
        rf"(?<![\w-])[A-HJ-NP-TV-Z]{{2}}{_S}?\d{{3}}{_S}?[A-HJ-NP-TV-Z]{{2}}(?![\w-])")),
    _Rule("plaque", "AUTRE", re.compile(
        rf"(?<!\w)\d{{2,4}}{_S}[A-HJ-NP-TV-Z]{{2,3}}{_S}(?:\d{{2}}|2[AB])(?!\w)")),
    _Rule("adresse", "ADRESSE", re.compile(
        rf"{_NUMBER}(?:{_WAY}(?:{_CALLED}|{_PLAIN})|{_BY_NAME}{_CALLED})")),
    _Rule("porte", "ADRESSE", _any(
        rf"\b(?:appartement|appart|appt|apt|porte|bo[iî]te|digicode){_S}*(?:n°|num[ée]ro)?{_S}*"
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
    _Rule("sante", "SANTÉ", _any(rf"(?<!\w)(?:{_of(_ILLNESS)})(?!\w)")),
    _Rule("origine", "AUTRE", _any(rf"(?:{_OF_ONE})(?P<x>{_of(_ORIGIN)})(?!\w)")),
    _Rule("religion", "AUTRE", _any(rf"(?:{_OF_ONE})(?P<x>{_of(_RELIGION)})(?!\w)")),
)  # fmt: skip
