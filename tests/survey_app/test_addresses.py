"""What pages call a place, and the address that they print for residents."""

from __future__ import annotations

import pytest
from flask import Flask

from survey_app.models import Neighbourhood
from survey_app.web import addresses, places


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("https://paroles.exemple.fr", True),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000", False),
        ("http://192.168.1.20", False),
        ("http://tablette.local", False),
    ],
)
def test_the_address_is_printed_where_residents_can_reach_it(
    app: Flask, base: str, said: bool
) -> None:
    with app.test_request_context(base_url=base):
        assert addresses.withdrawal_page() == (f"{base}/retrait" if said else "")


def test_a_town_is_named_where_a_list_mixes_several() -> None:
    rows = [
        Neighbourhood(code="A", name="Centre Ville", municipality="Bédarieux"),
        Neighbourhood(code="B", name="Les Cités", municipality="Bédarieux"),
        Neighbourhood(code="C", name="Les Pins", municipality="Lunel"),
        Neighbourhood(code="D", name="Ailleurs", municipality=""),
    ]
    assert places.labels(rows[:2]) == {"A": "Centre Ville", "B": "Les Cités"}
    assert list(places.labels(rows).values()) == [
        "Bédarieux – Centre Ville",
        "Bédarieux – Les Cités",
        "Lunel – Les Pins",
        "Ailleurs",
    ]
