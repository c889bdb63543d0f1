"""A file of plots written by two workers at once; a file and somebody at the desk at once."""

import threading
from unittest.mock import Mock

import pytest
from sqlalchemy import select

from marketplace.membership import operations
from marketplace.membership.operations import PlotFacts, importing, plot_files
from marketplace.platform.database import session
from models.accounts import Organisation
from models.membership import Household, ImportKind, ImportState, Plot, RegisterImportRow
from tests.factories.membership import ImportFactory, PlotFactory
from tests.moments import TUESDAY
from tests.racing import all_of, both, kinds, meet_after

POINT = {"type": "Point", "coordinates": [108.0512345, 12.7012345]}


def queued(organisation_id, **facts):
    """A file with one plot that somebody has confirmed."""
    made = ImportFactory(
        organisation=session.get_one(Organisation, organisation_id),
        kind=ImportKind.PLOTS,
        state=ImportState.QUEUED,
    )
    session.scalars(select(RegisterImportRow)).one().facts = facts
    session.commit()
    return made.id


def unlocked(monkeypatch):
    monkeypatch.setattr(importing, "lock_one", session.scalar)
    monkeypatch.setattr(plot_files, "lock_key", lambda *_: None)
    monkeypatch.setattr(plot_files, "_HOLD_PLOTS", Mock())


class TestTwoWorkers:
    @pytest.fixture
    def file(self, desk):
        return queued(desk[0], code="A", owner_code="TV-0001", crop="Lúa", geometry=POINT)

    def write(self, market, import_id):
        return both(
            market,
            lambda _index: str(plot_files.write_plots(import_id=import_id, at=TUESDAY).state),
        )

    def test_write_it_once(self, market, file):
        assert self.write(market, file) == ["done", "done"]
        assert all_of(Plot.code) == ["A"]

    def test_would_both_write_without_the_locks(self, market, file, monkeypatch):
        unlocked(monkeypatch)
        meet_after(monkeypatch, plot_files._Comparison, "of")

        assert kinds(self.write(market, file)) == ["IntegrityError", "str"]


class TestAFileAndADesk:
    """Somebody corrects a plot while a file that says something else of it is written."""

    def crop_in_the_end(self, market, desk, monkeypatch):
        plot = PlotFactory(household=session.scalars(select(Household)).one(), code="A")
        plot_id = plot.id
        import_id = queued(desk[0], code="A", declared_area_m2=20_000)
        compared, acted = threading.Event(), threading.Event()
        compare = plot_files._Comparison.of

        def slowly(*values):
            found = compare(*values)
            compared.set()
            acted.wait(1)  # it cannot come before us, if the plots are held
            return found

        def correcting(_index):
            assert compared.wait(5)
            facts = PlotFacts(
                organisation_id=desk[0], owner_code="TV-0001", code="A", crop="Hồ tiêu"
            )
            operations.edit_plot(actor=desk[1][0], plot_id=plot_id, facts=facts, at=TUESDAY)
            session.commit()
            acted.set()

        def writing(_index):
            return plot_files.write_plots(import_id=import_id, at=TUESDAY).id

        monkeypatch.setattr(plot_files._Comparison, "of", slowly)
        assert kinds(both(market, writing, correcting)) == ["NoneType", "int"]
        session.rollback()
        return session.scalars(select(Plot.crop)).one()

    def test_what_was_corrected_stays(self, market, desk, monkeypatch):
        assert self.crop_in_the_end(market, desk, monkeypatch) == "Hồ tiêu"

    def test_would_be_written_over_without_the_locks(self, market, desk, monkeypatch):
        unlocked(monkeypatch)

        assert self.crop_in_the_end(market, desk, monkeypatch) == "Cà phê"
