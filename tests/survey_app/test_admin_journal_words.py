"""The journal speaks French: no line that the services write is left without its words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from survey_app.models import AuditEvent
from survey_app.services import campaign_fields, journal_words

SERVICES = Path(journal_words.__file__).parent


def recorded() -> tuple[set[str], set[str], set[str]]:
    """The actions, kinds and details that `journal.record` is given, read in the source."""
    actions: set[str] = set()
    kinds: set[str] = set()
    details: set[str] = set()
    for path in SERVICES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "journal.record":
                for place, found in ((2, actions), (3, kinds)):
                    words = ast.walk(node.args[place])
                    found |= {n.value for n in words if isinstance(n, ast.Constant)}
                details |= {k.arg for k in node.keywords if k.arg}
    return actions, kinds, details - {"before", "after"}


def test_every_line_has_its_words():
    actions, kinds, details = recorded()
    assert len(actions) > 20
    assert actions - set(journal_words.ACTIONS) == set()
    assert kinds - set(journal_words.KINDS) == set()
    assert details - set(journal_words.DETAILS) == set()
    assert set(journal_words.FIELDS) == campaign_fields.FIELDS


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            {"action": "state", "kind": "campaigns"}
            | {"details": {"state_before": "draft", "state_after": "ready"}},
            "de « brouillon » à « prête »",
        ),
        (
            {"action": "roles_changed", "kind": "accounts"}
            | {"details": {"roles_before": "councillor", "roles_after": "admin reader"}},
            "rôles après : Administration, Lecture, rôles avant : Conseil citoyen",
        ),
        ({"action": "x", "kind": "y", "details": {"mandate": True, "z": 3}}, "mandat : oui, z : 3"),
        ({"action": "x", "kind": "y", "details": {}}, ""),
    ],
)
def test_details_are_said_in_one_line(event, said):
    assert journal_words.details(AuditEvent(**event)) == said
