"""A sheet as people read and print it: facts, share of the talk, planned and done, its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from analysis.wording import count
from questionnaires.adapt import entry_form
from questionnaires.model import NonResponse, Questionnaire, Section, in_language
from questionnaires.problems import Problem
from questionnaires.relevance import asked, entries, relevant_answers, settled
from survey_app.models import Record
from survey_app.permissions import Actor
from survey_app.services import records, records_filling
from survey_app.web.filling.shown import Line, Reading

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its lines or, when it repeats, a table with one row an entry."""

    title: str
    lines: tuple[Line, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[Line, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """How many spoke among those present; ``percent`` from 0 to 100."""

    sentence: str
    percent: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing planned and what was done; ``remark`` says what one gives for the other."""

    label: str
    planned: str
    done: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """All that is printed of a sheet."""

    title: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    share: Share | None
    outcome: tuple[Compared, ...]
    parts: tuple[Part, ...]


def context(session: Session, actor: Actor, record: Record) -> dict[str, Any]:
    """What the page of one sheet is given."""
    return {
        "record": record,
        "paper": read(session, record),
        "may_write": records.may_write(actor, record) and record.state == "draft",
        "may_reopen": records_filling.may_reopen(actor, record),
        "may_erase": actor.can("record.erase"),
    }


def reading(session: Session, record: Record, problems: Sequence[Problem] = ()) -> Reading:
    """What is needed to put the sheet's answers in words."""
    return Reading(
        words=records.words(record),
        places=records.places(session, record),
        problems={problem.where: problem for problem in problems},
    )


def read(session: Session, record: Record) -> Paper:
    """The sheet in the order of its questionnaire, what was not answered left out."""
    whole = records.form(record)
    given = relevant_answers(whole, record.answers)
    said = reading(session, record)
    compared = any(name in given for name in ("attendus", "venus"))
    outcome = tuple(_outcome(given, said, whole)) if compared else ()
    share = _share(given)
    told = (
        *(_FACTS if "date_debat" in given else ()),
        *(_SHARED if share else ()),
        *(_COMPARED if outcome else ()),
    )
    parts = (_part(whole, section, record.answers, said, told) for section in whole.sections)
    return Paper(
        title=record.title,
        kind=in_language(whole.title, "fr"),
        facts=tuple(_facts(given, said, whole)) if "date_debat" in given else (),
        share=share,
        outcome=outcome,
        parts=tuple(part for part in parts if part.lines or part.rows),
    )


def _part(
    whole: Questionnaire, section: Section, answers: Values, said: Reading, told: Sequence[str]
) -> Part:
    title = in_language(section.label, "fr")
    if section.is_repeat:
        return _table(whole, section, answers, said, title)
    kept = [
        question
        for question in asked(whole, answers).get(section.name, ())
        if question.name not in told
    ]
    return Part(title, tuple(line for line in said.lines(kept, answers) if line.answer))


def _table(
    whole: Questionnaire, section: Section, answers: Values, said: Reading, title: str
) -> Part:
    if section.name not in asked(whole, answers):
        return Part(title)
    form, outer = entry_form(whole, section.name), settled(whole, answers)
    columns = [question for question in section.questions if not question.is_note]
    rows = []
    for entry in entries(section, answers):
        inside = asked(form, entry, outer=outer).get(section.name, ())
        rows.append(
            tuple(
                said.line(question, entry.get(question.name, "") if question in inside else "", "")
                for question in columns
            )
        )
    head = tuple(in_language(question.label, "fr") for question in columns)
    return Part(title, head=head, rows=tuple(rows))


# The head of the minutes of a debate, who spoke, what is compared before and after an action:
# said once, in a sentence or a table, rather than question by question.
_FACTS = (
    *("date_debat", "heure_debut", "heure_fin", "lieu"),
    *("presents_habitants", "presents_acteurs"),
)
_SHARED = ("presents", "ont_parle")
_COMPARED = ("attendus", "venus", "date_debut", "date_fin", "argent_euros", "heures_benevoles")


def _facts(given: Values, said: Reading, whole: Questionnaire) -> Iterator[tuple[str, str]]:
    """Date, hours, place and people present, as minutes begin."""
    words = _words(given, said, whole)
    yield "Date", words("date_debat")
    start, end = words("heure_debut"), words("heure_fin")
    if start or end:
        yield "Heures", " ".join(f"{p} {h}" for p, h in (("de", start), ("à", end)) if h)
    if words("lieu"):
        yield "Lieu", words("lieu")
    residents, others = (_number(given, f"presents_{who}") for who in ("habitants", "acteurs"))
    here = [] if residents is None else [f"{count(residents, 'personne')} du quartier"]
    if others is not None:
        here.append(f"{count(others, 'personne')} d’associations ou d’autres acteurs locaux")
    if here:
        yield "Présence", " et ".join(here)


def _share(given: Values) -> Share | None:
    spoke, present = _number(given, "ont_parle"), _number(given, "presents")
    if spoke is None or not present or not 0 <= spoke <= present:
        return None
    percent = round(100 * spoke / present)
    verb = "a pris" if spoke < 2 else "ont pris"
    people = count(spoke, "personne")
    return Share(
        f"{people} sur {present} {verb} la parole ({percent}\N{NO-BREAK SPACE}%).", percent
    )


def _outcome(given: Values, said: Reading, whole: Questionnaire) -> Iterator[Compared]:
    """What was planned beside what was done, and what each person who came has cost."""
    words = _words(given, said, whole)
    planned, came = _number(given, "attendus"), _number(given, "venus")
    yield Compared("Personnes", _people(planned), _people(came), _gap(planned, came))
    start, end = words("date_debut"), words("date_fin")
    if start or end:
        days = " ".join(f"{p} {day}" for p, day in (("du", start), ("au", end)) if day)
        yield Compared("Dates", "–", days)
    for name, label, unit in (
        ("argent_euros", "Argent", "euro"),
        ("heures_benevoles", "Temps bénévole", "heure"),
    ):
        spent = _number(given, name)
        if spent is not None:
            yield Compared(label, "–", count(spent, unit), _each(spent, unit, came))


def _people(number: int | None) -> str:
    return "–" if number is None else count(number, "personne")


def _gap(planned: int | None, came: int | None) -> str:
    if planned is None or came is None:
        return ""
    if planned == came:
        return "Autant que prévu."
    return f"{abs(came - planned)} de {'plus' if came > planned else 'moins'} que prévu."


def _each(spent: int, unit: str, came: int | None) -> str:
    """« 13,5 euros par personne venue », when somebody came."""
    if not came:
        return ""
    each = round(spent / came, 1)
    shown = f"{each:.1f}".removesuffix(".0").replace(".", ",")
    return f"{shown} {unit if each < 2 else unit + 's'} par personne venue."


def _number(given: Values, name: str) -> int | None:
    value = given.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _words(given: Values, said: Reading, whole: Questionnaire) -> Any:
    def words(name: str) -> str:
        if name not in given or isinstance(given[name], NonResponse):
            return ""
        return said.line(whole.question(name), given[name], name).answer

    return words
