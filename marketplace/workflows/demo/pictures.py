"""The photographs of the goods: drawn beside the story, since they need nothing of it."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from marketplace.media.photos import Drawn, draw_photo
from marketplace.platform.config import ROOT
from marketplace.platform.cores import run_anywhere

FOLDER: Final = ROOT / "static" / "img" / "p"
ANY: Final = "gao-st25"
"""Where pictures do not matter, it is always this one."""
THREADS: Final = 2
"""Drawing leaves Python's lock alone, so a second core can do it."""


@dataclass(slots=True)
class Pictures:
    """Pictures by their names, drawn in the widths of the market."""

    all_alike: bool
    _drawn: dict[str, Future[Drawn]] = field(default_factory=dict)
    _workers: ThreadPoolExecutor | None = None

    def order(self, names: list[str]) -> None:
        """Let pictures be drawn, those that are needed first first."""
        self._workers = ThreadPoolExecutor(
            THREADS, thread_name_prefix="demo-picture", initializer=run_anywhere
        )
        for name in dict.fromkeys(map(self._name, names)):
            self._drawn[name] = self._workers.submit(draw_photo, self.file(name).read_bytes())

    def take(self, name: str) -> tuple[bytes, Drawn]:
        """The bytes of a picture, and what was drawn of it; waits until it is."""
        return self.file(name).read_bytes(), self._drawn[self._name(name)].result()

    def file(self, name: str) -> Path:
        """The file of a picture."""
        return FOLDER / f"{self._name(name)}.webp"

    def close(self) -> None:
        """Stop drawing what nobody has asked for."""
        if self._workers is not None:
            self._workers.shutdown(cancel_futures=True)

    def _name(self, name: str) -> str:
        return ANY if self.all_alike else name
