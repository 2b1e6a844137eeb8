"""Names made on the tablet: never twice, in order, and codes that nobody guesses."""

from __future__ import annotations

import time
import uuid

import pytest

from survey_app.services.consents import CODE_ALPHABET, is_code, shown
from tests.browser.field_modules import Tablet

pytestmark = pytest.mark.browser


def test_ids_are_versioned_ordered_and_never_twice(tablet: Tablet) -> None:
    before = time.time_ns() // 1_000_000
    texts = tablet.run("return Array.from({ length: 20000 }, () => ids.uuid7());")
    made = [uuid.UUID(text) for text in texts]
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}
    assert [str(one) for one in made] == texts
    assert made == sorted(made)
    assert len(set(made)) == 20_000
    times = [one.int >> 80 for one in made]
    assert before - 1000 <= times[0]
    assert times[-1] <= time.time_ns() // 1_000_000 + 1000
    randoms = [
        uuid.UUID(text)
        for text in tablet.run("""
      return Array.from({ length: 2000 }, () => ids.uuid4());""")
    ]
    assert {(one.version, one.variant) for one in randoms} == {(4, uuid.RFC_4122)}
    assert len(set(randoms)) == 2000
    assert randoms != sorted(randoms)


def test_a_page_that_makes_two_thousand_ids_at_once_keeps_their_order(tablet: Tablet) -> None:
    texts = tablet.run("""
      const now = Date.now();
      Date.now = () => now; // the clock of a tablet may stand still
      return Array.from({ length: 9000 }, () => ids.uuid7());""")
    assert texts == sorted(set(texts))
    assert len(texts) == 9000


def test_withdrawal_codes_are_those_of_the_paper_card(tablet: Tablet) -> None:
    codes = tablet.run("return Array.from({ length: 2000 }, () => ids.withdrawalCode());")
    assert all(is_code(code) and shown(code) == code for code in codes)
    assert len(set(codes)) == 2000
    signs = "".join(codes).replace("-", "")
    # 24,000 letters of 31: 774 each; six deviations either way.
    counts = [signs.count(letter) for letter in CODE_ALPHABET]
    assert min(counts) > 600
    assert max(counts) < 950
