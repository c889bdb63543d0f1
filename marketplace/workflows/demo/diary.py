"""What is still to happen, in the order of time."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

Deed = Callable[[datetime], None]
"""Something that happens; it is told the moment, and may note further deeds."""


@dataclass(slots=True)
class Diary:
    """Deeds and their moments. What would happen after `until` is left out."""

    until: datetime
    _deeds: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _count: int = 0

    def note(self, at: datetime, deed: Deed) -> bool:
        """Let `deed` happen at `at`; say whether it will."""
        if at > self.until:
            return False
        # The number keeps deeds of one moment in the order in which they were noted.
        self._count += 1
        heapq.heappush(self._deeds, (at, self._count, deed))
        return True

    def live(self) -> Iterator[datetime]:
        """Let everything happen, giving each moment after its deed."""
        while self._deeds:
            at, _, deed = heapq.heappop(self._deeds)
            deed(at)
            yield at
