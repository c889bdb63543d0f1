"""`make bench`: measure, print, store, and compare with the goals.

python -m tests.benchmarks            all of it, about two minutes
python -m tests.benchmarks --guard    a short run that fails beyond 1.3 x the goals
"""

import argparse
import json
import sys
from pathlib import Path

from tests.benchmarks import measuring
from tests.benchmarks.database import FOLDER, filled
from tests.benchmarks.report import as_markdown, machine

TOLERANCE = 1.3
LONG, SHORT = 6.0, 2.0


def main() -> int:
    """Run the benchmarks; 1 if `--guard` finds a goal missed by more than the tolerance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guard", action="store_true", help="short run; fail beyond 1.3 x goals")
    parser.add_argument("--write", type=Path, help="write the figures as Markdown to this file")
    options = parser.parse_args()
    with filled() as database:
        figures = measuring.measure(database, seconds=SHORT if options.guard else LONG)
    text = as_markdown(figures, machine())
    sys.stdout.write(text)
    FOLDER.joinpath("figures.json").write_text(json.dumps(figures.as_json(), indent=1))
    if options.write:
        options.write.write_text(text)
    missed = figures.missed(TOLERANCE) if options.guard else []
    for line in missed:
        sys.stderr.write(f"missed: {line}\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
