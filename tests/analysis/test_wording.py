from datetime import date

from analysis.wording import count, french_date, listing


def test_french_is_singular_below_two() -> None:
    assert [count(number, "témoignage") for number in (0, 1, 2)] == [
        "0 témoignage",
        "1 témoignage",
        "2 témoignages",
    ]
    assert count(2, "extrait codé", "extraits codés") == "2 extraits codés"


def test_dates_in_full() -> None:
    assert french_date(date(2024, 3, 1)) == "1er mars 2024"
    assert french_date(date(2023, 12, 11)) == "11 décembre 2023"
    assert french_date(None) == ""


def test_long_lists_say_how_many_are_left_out() -> None:
    assert [listing(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a et b",
        "a, b et c",
    ]
    assert listing("abcdefghij", most=3) == "a, b et 8 autres"
