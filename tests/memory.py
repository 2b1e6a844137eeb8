"""How much more memory this process came to hold: what other tests held before does not count."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Grown:
    """From its making on; ``mb()`` is the most held since, above what was held then, in MB."""

    def __init__(self) -> None:
        if FORGET.exists():
            FORGET.write_text("5")  # Linux: the peak begins anew
        self._before = self._peak()

    def mb(self) -> float:
        return self._peak() - self._before

    def _peak(self) -> float:
        if STATUS.exists():
            found = re.search(r"VmHWM:\s+(\d+)", STATUS.read_text())
            assert found
            return int(found[1]) / 1_024
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return held / (1_048_576 if sys.platform == "darwin" else 1_024)
