"""Reading words, ours beside bare ``nlp.pipe``, and a campaign again (JSON).

JSON. Rounds alternate, so that a busy machine slows both; processor seconds are those compared.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import Any

from analysis import annotation, french
from survey_app.models import Campaign
from survey_app.permissions import system_actor
from survey_app.runtime import Runtime
from survey_app.services import annotations, corpus
from survey_app.settings import Settings

LARGE = Path(__file__).resolve().parents[2] / "shared" / "data" / "large.csv.gz"
TEXTS, ROUNDS = 1_000, 3
CAMPAIGN, ADDED = 5_000, 50


def main() -> None:
    """Print every figure."""
    print(json.dumps(measure(), ensure_ascii=False, indent=1))


def measure(path: Path = LARGE) -> dict[str, Any]:
    """Words a second of both, their ratio; seconds of a campaign, cold then with texts added."""
    with tempfile.TemporaryDirectory() as folder:
        return throughput([text for _, text in islice(rows(path), TEXTS)]) | again(
            Path(folder), path
        )


def rows(path: Path = LARGE) -> Iterator[tuple[str, str]]:
    """The rows (number, text) of the table, repeated for ever with new numbers; never all held."""
    numbers = count()
    while True:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield f"b{next(numbers)}", row["text"]


class Memory(dict[str, str]):
    """An `annotation.Cache` that is thrown away."""

    def held(self, hashes: Any) -> set[str]:
        return self.keys() & set(hashes)

    def found(self, hashes: Any) -> dict[str, str]:
        return {key: self[key] for key in hashes if key in self}

    keep = dict.update


def throughput(texts: list[str]) -> dict[str, Any]:
    """Ours hashes, reads, encodes, keeps, and opens what was kept; spaCy only reads."""
    model = french._pipeline()
    texts = list(dict.fromkeys(texts))
    bare, ours, words = [], [], 0
    for _ in range(ROUNDS + 1):
        bare.append(spent(lambda: sum(1 for _ in model.pipe(texts, batch_size=64))))
        cache = Memory()
        ours.append(spent(lambda: annotation.fill([texts], cache)))  # noqa: B023  # called at once
        words = sum(map(len, annotation.tokens(dict(enumerate(texts)), cache).values()))
    first, second = median(bare[1:]), median(ours[1:])  # the first round warms spaCy up
    return {
        "texts": len(texts),
        "words": words,
        "pipe_words_per_s": round(words / first),
        "annotation_words_per_s": round(words / second),
        "ratio": round(first / second, 3),
    }


def spent(work: Callable[[], Any]) -> float:
    """Processor seconds."""
    began = time.process_time()
    work()
    return time.process_time() - began


def again(folder: Path, path: Path) -> dict[str, Any]:
    """Through the encrypted database: cold, with nothing new, then with texts added."""
    from bench.__main__ import bring, prepare

    house = Runtime.start(Settings(folder / "instance", folder / "keys"))
    prepare(house)
    told = rows(path)
    bring(house, written(folder / "a.csv", islice(told, CAMPAIGN)), "text")
    cold, words = read(house)
    same, _ = read(house)
    bring(house, written(folder / "b.csv", islice(told, ADDED)), "text")
    added, _ = read(house)
    house.database.close()
    return {
        "campaign": CAMPAIGN,
        "campaign_words": words,
        "cold_s": cold,
        "again_s": same,
        f"with_{ADDED}_added_s": added,
    }


def written(path: Path, some: Iterator[tuple[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        writer.writerows(some)
    return path


def read(house: Runtime) -> tuple[float, int]:
    """Processor seconds to have the words of the campaign (its texts loaded), and how many."""
    with house.database.reading() as session:
        campaign = session.query(Campaign).one()
        actor = system_actor(campaign.council_id)
        loaded = corpus.load(session, actor, campaign)
    found: dict[str, Any] = {}
    seconds = spent(
        lambda: found.update(annotations.annotated(house, actor, loaded, lambda *said: None))
    )
    return round(seconds, 2), sum(map(len, found.values()))


if __name__ == "__main__":
    sys.exit(main())
