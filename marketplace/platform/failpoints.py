"""Places where a test may kill or break the process.

They are always compiled in and do nothing unless `APP_ENV=test` and `FAILPOINT` name
them: `FAILPOINT=checkout.after_hold:kill`. Every name is a literal at its call, so that
the crash tests find all of them by reading the source.
"""

import os
import signal


class FailpointError(RuntimeError):
    """What an armed failpoint raises."""


def failpoint(name: str) -> None:
    """Mark the gap between two steps; in a crash test, end here.

    Args:
        name: area and gap, "checkout.after_hold"; a literal, unique in the code.
    """
    armed = os.environ.get("FAILPOINT")
    if armed is None or os.environ.get("APP_ENV") != "test":
        return
    for each in armed.split(","):
        wanted, _, how = each.partition(":")
        if wanted == name and how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if wanted == name and how == "raise":
            raise FailpointError(name)
