"""What is said of a file that was read: what was lost, what was mended. Never words of a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

LOST = "lost"
MENDED = "mended"

# Each kind: whether something is lost or was mended, and its sentence.
KINDS: dict[str, tuple[str, str]] = {
    "unknown_code": (LOST, "Codes absents de la grille de cette campagne"),
    "changed_text": (LOST, "Textes qui ne sont plus les mêmes ici"),
    "unknown_source": (LOST, "Textes qui ne sont pas dans cette campagne"),
    "closed": (LOST, "Témoignages qui ne se codent plus"),
    "round": (
        LOST,
        "Codages de textes en double codage, à importer de nouveau une fois celui-ci clos",
    ),
    "removed": (LOST, "Codages retirés ici depuis"),
    "facets": (LOST, "Précisions autres que celles d’ici, qui restent"),
    "position": (LOST, "Passages hors de leur texte"),
    "doubtful": (LOST, "Passages dont la place est douteuse"),
    "unknown_ref": (LOST, "Renvois vers un élément absent du fichier"),
    "memo": (LOST, "Mémos laissés de côté"),
    "note": (LOST, "Notes laissées de côté"),
    "description": (LOST, "Descriptions laissées de côté"),
    "variable": (LOST, "Variables laissées de côté"),
    "case": (LOST, "Cas laissés de côté"),
    "group": (LOST, "Ensembles laissés de côté"),
    "link": (LOST, "Relations laissées de côté"),
    "graph": (LOST, "Schémas laissés de côté"),
    "uncoded": (LOST, "Passages sans aucun code"),
    "PDFSource": (LOST, "Documents PDF"),
    "PictureSource": (LOST, "Images"),
    "AudioSource": (LOST, "Enregistrements sonores"),
    "VideoSource": (LOST, "Vidéos"),
    "rich_text": (LOST, "Textes mis en forme, sans leur version simple"),
    "outside": (LOST, "Textes restés hors du fichier"),
    "missing": (LOST, "Textes annoncés, mais absents du fichier"),
    "user": (MENDED, "Codages de personnes inconnues ici, portés par le compte qui importe"),
    "same": (MENDED, "Mêmes codes posés plusieurs fois au même endroit, gardés une fois"),
    "guid": (MENDED, "Identifiants que le fichier donne à plusieurs choses, renouvelés"),
    "byte_mark": (MENDED, "Passages décalés par une marque d’ordre des octets, remis en place"),
    "returns": (MENDED, "Passages décalés par les fins de ligne, remis en place"),
    "units": (MENDED, "Passages décalés par les émojis, remis en place"),
    "moved": (MENDED, "Passages remis en place d’après leurs mots"),
    "unchecked": (MENDED, "Textes aux fins de ligne changées, sans mots pour vérifier les places"),
    "rich_path": (MENDED, "Textes annoncés à la mauvaise place"),
    "folder": (MENDED, "Fichiers rangés ou nommés autrement que la norme ne le dit"),
    "encoding": (MENDED, "Textes qui n’étaient pas en UTF-8"),
    "twice": (MENDED, "Codes qui portent le même nom, réunis"),
    "spelling": (MENDED, "Textes aux accents écrits autrement, remis en place"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """``about`` names a code or a source; ``count`` is how many passages, codings or things."""

    kind: str
    about: str = ""
    count: int = 1


def gathered(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """The remarks with those of one kind about one thing added up, in the order of `KINDS`."""
    totals: Counter[tuple[str, str]] = Counter()
    for remark in remarks:
        totals[remark.kind, remark.about] += remark.count
    ranks = {kind: rank for rank, kind in enumerate(KINDS)}
    ordered = sorted(totals.items(), key=lambda item: ranks[item[0][0]])
    return tuple(Remark(kind, about, count) for (kind, about), count in ordered)
