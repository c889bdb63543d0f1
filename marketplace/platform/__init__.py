"""What every part stands on: database, transactions, locks, settings, logs, the web server.

structlog loads rich, with pygments and a Markdown parser, wherever it finds it. Development tools
bring it along; our lines are JSON and our tracebacks plain, so it is kept out of every process:
3 MB and a tenth of a second at each start, and nothing that could print local variables.
"""

import sys

if "rich" not in sys.modules and "structlog" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment] # to `import` this means: not installed
    try:
        import structlog  # noqa: F401 - decides now how it shows errors
    finally:
        del sys.modules["rich"]
