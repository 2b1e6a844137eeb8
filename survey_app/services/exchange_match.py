"""What an exchange file says, matched with a campaign: its texts, its codes, its coders."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.codebook import Codebook, fold
from analysis.refi import model
from survey_app.models import (
    Account,
    AgreementRound,
    AgreementText,
    Campaign,
    Testimony,
    TextVersion,
)
from survey_app.permissions import Actor
from survey_app.services import excerpts, exchange_names, rounds
from survey_app.services.exchange_names import Name

_CODE = re.compile(r"[A-Z]{2,6}[0-9]{0,2}(?![A-Za-z0-9])")
Place = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Target:
    """A testimony of the campaign with its newest masked text.

    ``held``: in a round of double coding that is not closed, so that nothing may be added.
    """

    id: uuid.UUID
    state: str
    text_id: uuid.UUID
    text: str
    held: bool

    @property
    def open(self) -> bool:
        return self.state in excerpts.CODABLE


@dataclass
class Here:
    """What the campaign already holds. ``names``: GUID → what bears it."""

    names: dict[str, Name]
    book: Codebook
    targets: dict[str, Target]
    coders: dict[str, uuid.UUID]
    _by_text: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for key, target in self.targets.items():
            self._by_text[_bare(target.text)].append(key)

    def target(self, source: model.Source) -> Target | None:
        """The testimony of a source: by its GUID, else by its very words."""
        kind, key = self.names.get(source.guid, ("", ""))
        named = self.targets.get(key) if kind == "source" else None
        # A GUID that several sources bear names the first, and those with the same words.
        if named and (key not in self._taken or _bare(source.text) == _bare(named.text)):
            self._taken.add(key)
            return named
        found = next((k for k in self._by_text[_bare(source.text)] if k not in self._taken), None)
        if found is None:
            return None
        self._taken.add(found)
        return self.targets[found]

    def codes(self, project: model.Project) -> dict[str, str]:
        """The codes of the grid by the GUIDs of the file, without those that it does not hold.

        A GUID that codes of different names bear says none of them.
        """
        by_label: dict[str, list[str]] = defaultdict(list)
        for code in self.book.all_codes():
            by_label[fold(code.label).strip()].append(code.code)
        found: dict[str, str] = {}
        called: dict[str, str] = {}
        ambiguous = set()
        for item in project.all_codes():
            kind, key = self.names.get(item.guid, ("", ""))
            written = _CODE.match(item.name.strip())
            alike = by_label[fold(item.name).strip()]
            tries = [
                key if kind == "code" else "",
                written[0] if written else "",
                alike[0] if len(alike) == 1 else "",
            ]
            known = next((name for name in tries if name in self.book), "")
            if known:
                found[item.guid] = known
            if called.setdefault(item.guid, item.name) != item.name:
                ambiguous.add(item.guid)
        return {guid: code for guid, code in found.items() if guid not in ambiguous}


def read(session: Session, actor: Actor, campaign: Campaign, book: Codebook) -> Here:
    """Everything that an import compares with."""
    living = exchange_names.living(session, campaign)
    names = {
        name: guid
        for name, guid in exchange_names.known(session, campaign).items()
        if name[0] not in exchange_names.MORTAL or name[1] in living
    }
    members = select(Account.id).where(Account.council_id == actor.council_id)
    accounts = {str(key): key for key in session.scalars(members)}
    return Here(
        names={guid: name for name, guid in names.items()},
        book=book,
        targets=dict(_targets(session, actor, campaign)),
        coders={
            guid: accounts[key]
            for (kind, key), guid in names.items()
            if kind == "user" and key in accounts
        },
    )


def in_rounds(session: Session, campaign: Campaign) -> set[uuid.UUID]:
    """The testimonies that a round of double coding holds, until it is closed."""
    query = (
        select(AgreementText.testimony_id)
        .join(AgreementRound, AgreementRound.id == AgreementText.round_id)
        .where(AgreementRound.campaign_id == campaign.id, AgreementRound.state != rounds.CLOSED)
    )
    return set(session.scalars(query))


def _targets(session: Session, actor: Actor, campaign: Campaign) -> Iterator[tuple[str, Target]]:
    held = in_rounds(session, campaign)
    rows = session.execute(
        select(Testimony.id, Testimony.state, TextVersion.id.label("text_id"), TextVersion.text)
        .join(TextVersion, TextVersion.testimony_id == Testimony.id)
        .where(
            Testimony.council_id == actor.council_id,
            Testimony.campaign_id == campaign.id,
            Testimony.state.in_(excerpts.READABLE),
            TextVersion.kind == "masked",
        )
        .order_by(Testimony.number, TextVersion.sequence)
    )
    for row in rows:
        yield str(row.id), Target(row.id, row.state, row.text_id, row.text, row.id in held)


def placed(theirs: str, ours: str) -> tuple[Place, bool] | None:
    """How to go from positions in their text to ours, and whether its spelling was mended.

    None when these are not the same words.
    """
    if theirs == ours:
        return (lambda position: position), False
    if theirs.strip() == ours.strip():
        shift = _margin(ours) - _margin(theirs)
        return (lambda position: min(max(position + shift, 0), len(ours))), False
    if _bare(theirs) == _bare(ours) and unicodedata.normalize("NFC", ours) == ours:
        composed = _margin(ours) - _margin(unicodedata.normalize("NFC", theirs))

        def place(position: int) -> int:
            before = len(unicodedata.normalize("NFC", theirs[:position])) + composed
            return min(max(before, 0), len(ours))

        return place, True
    return None


def _margin(text: str) -> int:
    return len(text) - len(text.lstrip())


def _bare(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
