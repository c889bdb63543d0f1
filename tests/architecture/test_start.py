"""What a web process loads before the first request, and how it gets ready to fork."""

import json
import subprocess
import sys
from typing import Any

from tests.benchmarks.servers import ROOT

HEAVY = (
    "PIL",
    "dns",
    "email_validator",
    "markdown_it",
    "phonenumbers",
    "procrastinate",
    "pygments",
    "rich",
    "segno",
    "typst",
    "xlsxwriter",
    "zxcvbn",
)
"""What only some requests need, or none at all."""


def said_by(program: str) -> Any:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


class TestStart:
    def test_loads_nothing_that_only_few_requests_need(self):
        loaded = said_by("import json, sys, wsgi; print(json.dumps(list(sys.modules)))")

        assert "blueprints.storefront" in loaded
        assert sorted(set(HEAVY) & set(loaded)) == []

    def test_shares_what_is_loaded_with_its_workers(self):
        looks = said_by(
            "import gc, json\n"
            "from marketplace.platform import webserver\n"
            "while_loading = gc.isenabled()\n"
            "webserver.when_ready(None)\n"
            "print(json.dumps([while_loading, gc.isenabled(), gc.get_freeze_count() > 0]))"
        )

        assert looks == [False, True, True]
