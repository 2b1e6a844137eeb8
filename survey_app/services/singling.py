"""Who might be recognised without being named: a hint for who masks, which never blocks.

Two things may single somebody out: a profile that few testimonies of the neighbourhood share,
and a role said together with a place. The limit is the campaign's inside threshold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from questionnaires import versions
from questionnaires.model import in_language
from questionnaires.problems import QuestionnaireError
from survey_app.models import Meeting, Redaction, Testimony
from survey_app.permissions import Actor
from survey_app.services import custody, masking, masking_proposals
from survey_app.services.placeholders import fold

WIDEST = 3
"""How many profile answers are crossed with the neighbourhood at most."""
SHOWN = 2
NEAR = 1000
"""How many testimonies are looked at before and after this one: the page must stay quick."""
_FIELDS = 12
_Groups = Sequence[tuple[tuple[bool, ...], int]]


@dataclass(frozen=True, slots=True)
class Profile:
    """Answers that ``count`` testimonies of the neighbourhood share, this one included.

    ``whole`` says that the whole campaign was looked at, not only those `NEAR` this one.
    """

    neighbourhood: str
    fields: tuple[tuple[str, str], ...]
    count: int
    whole: bool


@dataclass(frozen=True, slots=True)
class RoleAndPlace:
    """A role that the text still says, and a place that it still names.

    Without a place, the role itself was proposed as pointing at one person, and left.
    """

    role: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """What might single the person out; all empty when nothing does."""

    profiles: tuple[Profile, ...] = ()
    roles: tuple[RoleAndPlace, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.profiles or self.roles)


def hints(session: Session, actor: Actor, testimony: Testimony) -> Hints:
    """What the masker should know of this testimony, as it would be masked now."""
    actor.require("testimony.mask")
    custody.require_raw(actor, testimony)
    return Hints(tuple(_profiles(session, testimony)), _roles(session, actor, testimony))


def rarest(groups: _Groups, limit: int) -> list[tuple[tuple[int, ...], int]]:
    """The smallest sets of answers that fewer than ``limit`` testimonies share, rarest first.

    Each group says which answers its testimonies share with the one looked at, and how many
    they are. All the sets returned have one size, from none (the place is enough) to `WIDEST`.
    """
    if not groups:
        return []
    width = len(groups[0][0])
    for size in range(min(WIDEST, width) + 1):
        counted = [
            (chosen, sum(count for same, count in groups if all(same[at] for at in chosen)))
            for chosen in combinations(range(width), size)
        ]
        found = [(chosen, count) for chosen, count in counted if count < limit]
        if found:
            return sorted(found, key=lambda item: item[1])
    return []


def _profiles(session: Session, testimony: Testimony) -> Iterator[Profile]:
    """A collective testimony has no profile of one person."""
    given = {name: str(value) for name, value in testimony.profile.items() if str(value).strip()}
    if testimony.persons != 1 or not given:
        return
    answered = dict(list(given.items())[:_FIELDS])
    names = list(answered)
    groups = _groups(session, testimony, answered)
    found = rarest(groups, testimony.campaign.threshold_inside)[:SHOWN]
    words = _labels(testimony) if found else {}
    number, last = testimony.number, testimony.campaign.last_testimony
    whole = number - NEAR <= 1 and last <= number + NEAR
    for chosen, count in found:
        fields = tuple(_said(words, names[at], answered[names[at]]) for at in chosen)
        yield Profile(testimony.meeting.neighbourhood.name, fields, count, whole)


def _groups(session: Session, testimony: Testimony, answered: Mapping[str, str]) -> _Groups:
    """The testimonies of the neighbourhood, near this one, by which answers they share."""
    around = testimony.number - NEAR, testimony.number + NEAR
    same = [
        case((Testimony.profile[name].as_string() == value, 1), else_=0)
        for name, value in answered.items()
    ]
    columns = [column.label(f"same{at}") for at, column in enumerate(same)]
    rows = session.execute(
        select(*columns, func.count())
        .select_from(Testimony)
        .join(Meeting, Meeting.id == Testimony.meeting_id)
        .where(
            Testimony.council_id == testimony.council_id,
            Testimony.campaign_id == testimony.campaign_id,
            Testimony.number.between(*around),
            Testimony.state != "set_aside",
            Meeting.neighbourhood_id == testimony.meeting.neighbourhood_id,
        )
        .group_by(*columns)
    )
    return [(tuple(bool(flag) for flag in row[:-1]), row[-1]) for row in rows]


def _labels(testimony: Testimony) -> dict[str, tuple[str, dict[str, str]]]:
    """The title of each profile question, and of its choices, where the version can be read."""
    version = testimony.questionnaire_version
    if version is None:
        return {}
    try:
        model = versions.from_dict(version.document)
    except QuestionnaireError:
        return {}
    return {
        question.name: (
            in_language(question.label, "fr"),
            {choice.name: in_language(choice.label, "fr") for choice in question.choices},
        )
        for section in model.sections
        for question in section.questions
        if question.profile
    }


def _said(
    words: Mapping[str, tuple[str, Mapping[str, str]]], name: str, value: str
) -> tuple[str, str]:
    title, choices = words.get(name, (name, {}))
    return title, choices.get(value, value)


def _roles(session: Session, actor: Actor, testimony: Testimony) -> tuple[RoleAndPlace, ...]:
    """The first role left in the text, with the first place left in it."""
    text = custody.working_text(testimony)
    query = select(Redaction).where(
        Redaction.text_version_id == text.id,
        Redaction.category.in_(("RÔLE", "LIEU")),
        Redaction.state.in_(("proposed", "refused")),
    )
    rows = session.scalars(query.order_by(Redaction.start)).all()
    if not any(row.category == "RÔLE" for row in rows):
        return ()
    masked, _ = masking.preview(session, actor, testimony)
    bare = _bare(masked)
    left = [
        (row, words)
        for row in rows
        for words in [text.text[row.start : row.end]]
        if _bare(words) in bare
    ]
    known = (name for name in masking_proposals.places(session, testimony) if name.strip())
    places = [words for row, words in left if row.category == "LIEU"]
    places += [name for name in known if _bare(name) in bare]
    roles = [
        RoleAndPlace(words, *places[:1])
        for row, words in left
        if row.category == "RÔLE" and (places or row.state == "refused")
    ]
    return tuple(roles[:1])


def _bare(words: str) -> str:
    """Folded words between single spaces, without their punctuation."""
    kept = "".join(char if char.isalnum() else " " for char in fold(words))
    return f" {' '.join(kept.split())} "
