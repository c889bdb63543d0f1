"""House rules that no linter knows."""

import ast
import importlib
import pkgutil
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import configure_mappers

import models
from blueprints.security import PUBLIC
from marketplace.jobs.registry import TASKS
from marketplace.jobs.worker import import_handlers
from marketplace.kernel.errors import DomainError
from models.base import Base

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for top in ("marketplace", "blueprints", "models") for path in (ROOT / top).rglob("*.py")
)
OPERATIONS = [
    path for path in SOURCES if path.stem == "operations" or path.parent.name == "operations"
]
MOST_LINES = 400
MOST_BY_POSITION = 2


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def uses_of(path: Path, *attributes: str) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and node.attr in attributes:
            yield f"{place(path, node)} {ast.unparse(node)}"


def calls_of(path: Path, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and name in {
            getattr(node.func, "id", None),
            getattr(node.func, "attr", None),
        }:
            yield node


def name_given(path: Path, call: ast.Call) -> str:
    """The text of a call's first argument: a literal, or a constant of the module."""
    argument = call.args[0]
    if isinstance(argument, ast.Constant):
        return str(argument.value)
    module = importlib.import_module(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    )
    return str(getattr(module, ast.unparse(argument), f"? {ast.unparse(argument)}"))


def import_everything() -> None:
    for top in ("marketplace", "blueprints", "models"):
        package = importlib.import_module(top)
        for module in pkgutil.walk_packages(package.__path__, f"{top}."):
            if not module.name.endswith(("webserver", "bootstrap", "__main__")):
                importlib.import_module(module.name)


def subclasses_of(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses_of(each)


class TestCode:
    def test_only_the_transaction_commits(self):
        # The migrations' own connection is no session; a savepoint only gives back its locks.
        exempt = {"transaction.py", "migrations.py"}
        offences = [
            use
            for path in SOURCES
            if path.name not in exempt
            for use in uses_of(path, "commit", "rollback")
            if not use.endswith(("savepoint.commit", "savepoint.rollback"))
        ]

        assert offences == []

    def test_only_the_locking_module_locks(self):
        offences = [
            use
            for path in SOURCES
            if path.name != "locking.py"
            for use in uses_of(path, "with_for_update")
        ]
        raw = [
            str(path.relative_to(ROOT))
            for path in SOURCES
            if path.name != "locking.py"
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(
                r"\bfor (no key )?update\b\s*(of|skip|nowait|$)", node.value, re.MULTILINE
            )
        ]

        assert offences + raw == []

    @pytest.mark.parametrize(
        "path", OPERATIONS, ids=lambda path: str(path.relative_to(ROOT / "marketplace"))
    )
    def test_operations_take_keywords_only_and_say_what_they_do(self, path: Path):
        for node in tree_of(path).body:
            # A step of a larger operation may take what it is about by position, no more.
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                by_position = {each.arg for each in node.args.args}
                assert len(by_position) <= MOST_BY_POSITION, f"{node.name} takes positions"
                assert "actor" not in by_position, f"{node.name} takes its actor by position"
                assert ast.get_docstring(node), f"{node.name} has no docstring"

    def test_files_are_short(self):
        long = {
            str(path.relative_to(ROOT)): lines
            for path in SOURCES
            if (lines := len(path.read_text().splitlines())) > MOST_LINES
        }

        assert long == {}

    def test_no_module_is_a_drawer(self):
        drawers = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}

        assert [str(path) for path in SOURCES if {path.stem, path.parent.name} & drawers] == []

    def test_nothing_is_left_to_do(self):
        marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
        offences = [str(path) for path in SOURCES if marks.search(path.read_text())]

        assert offences == []

    def test_only_the_edge_asks_the_clock(self):
        # "3 days ago" is said at the edge, by a filter.
        edges = {"blueprints", "cli", "jobs", "formatting.py"}
        offences = [
            place(path, node)
            for path in SOURCES
            if not edges & set(path.relative_to(ROOT).parts)
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.ImportFrom)
            and node.module == "marketplace.kernel.clock"
            and any(alias.name == "now" for alias in node.names)
        ]

        assert offences == []

    def test_every_part_has_its_layer(self):
        settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
        [contract] = [
            each for each in settings["tool"]["importlinter"]["contracts"] if each["id"] == "layers"
        ]
        layered = set(re.findall(r"marketplace\.(\w+)", " ".join(contract["layers"])))

        parts = {path.parent.name for path in (ROOT / "marketplace").glob("*/__init__.py")}

        assert parts | {"app"} == layered


class TestEdge:
    def test_these_views_and_no_others_are_open_to_everyone(self, app: Flask):
        allowed = (ROOT / "tests/architecture/public_views.txt").read_text().split()

        # Tests open views of their own on applications of their own.
        ours = [name for name in PUBLIC if name.startswith("blueprints.")]
        assert sorted(ours) == sorted(allowed)

    def test_every_deferred_job_has_a_handler(self):
        import_handlers()
        deferred = {
            (place(path, call), name_given(path, call))
            for path in SOURCES
            for call in calls_of(path, "defer")
        }

        assert sorted(each for each in deferred if each[1] not in TASKS) == []
        assert deferred

    def test_every_handler_takes_newer_arguments(self):
        import_handlers()
        offences = [
            task.name
            for task in TASKS.values()
            if not task.handler.__code__.co_flags & 0x08  # has **keywords
        ]

        assert offences == []

    def test_every_refusal_has_a_code_of_its_own(self):
        import_everything()
        kinds = {
            kind
            for kind in subclasses_of(DomainError)
            if kind.__module__.split(".")[0] in {"marketplace", "blueprints"}
        }
        codes = Counter(kind.code for kind in kinds)
        own = [kind.__name__ for kind in kinds if "code" not in vars(kind)]

        assert [code for code, count in codes.items() if count > 1] == []
        assert own == []

    def test_failpoints_are_literals_and_unique(self):
        names = [
            call.args[0].value if isinstance(call.args[0], ast.Constant) else None
            for path in SOURCES
            for call in calls_of(path, "failpoint")
        ]

        assert [name for name, count in Counter(names).items() if count > 1 or name is None] == []


class TestModels:
    def test_no_relationship_loads_by_surprise(self):
        assert models.__all__
        configure_mappers()
        offences = [
            str(relationship)
            for mapper in Base.registry.mappers
            for relationship in mapper.relationships
            if relationship.lazy != "raise_on_sql"
        ]

        assert offences == []

    def test_every_list_of_words_is_checked_by_the_database(self):
        """An enum that a model module defines, and that a column can hold, has a CHECK."""
        checks = " ".join(
            str(constraint.sqltext)
            for table in Base.metadata.tables.values()
            for constraint in table.constraints
            if isinstance(constraint, CheckConstraint)
        )
        enums = [
            member
            for name in models.__all__
            for member in vars(importlib.import_module(f"models.{name}")).values()
            if isinstance(member, type)
            and issubclass(member, StrEnum)
            and member.__module__ == f"models.{name}"
        ]
        unchecked = []
        for each in enums:
            words = ", ".join(repr(str(word)) for word in each)
            if f"in ({words})" not in checks and f"array[{words}]" not in checks:
                unchecked.append(each.__name__)

        assert unchecked == []

    def test_state_columns_are_checked(self):
        unchecked = [
            table.name
            for table in Base.metadata.tables.values()
            if "state" in table.columns
            and not any(
                isinstance(constraint, CheckConstraint)
                and str(constraint.sqltext).startswith("state in (")
                for constraint in table.constraints
            )
        ]

        assert unchecked == []
