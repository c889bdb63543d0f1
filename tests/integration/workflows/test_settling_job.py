"""The job that puts waiting lines to their orders."""

import pytest

from marketplace.accounts.permissions import SYSTEM
from marketplace.jobs import payments as jobs
from marketplace.payments.queries import pending_line_ids
from marketplace.workflows import settlement
from models.payments import BankLineOutcome
from tests.factories.orders import collecting_account
from tests.factories.payments import file_of, line_of, row
from tests.moments import MONDAY


@pytest.fixture
def _two_lines(session):
    collecting_account()
    file = file_of(row(1_000, "mot"), row(2_000, "hai"))
    settlement.import_statement(actor=SYSTEM, file=file, at=MONDAY)
    session.commit()


@pytest.mark.usefixtures("_two_lines")
class TestSettleLines:
    def test_settles_all_that_wait(self):
        jobs.settle_lines()

        assert pending_line_ids() == []
        assert line_of("hai").outcome == BankLineOutcome.UNKNOWN

    def test_twice_is_once(self):
        jobs.settle_lines()
        jobs.settle_lines(newer="ignored")

        assert line_of("mot").outcome == BankLineOutcome.UNKNOWN

    def test_stops_at_a_limit(self):
        assert jobs.settle_waiting(limit=1) == 0

        assert len(pending_line_ids()) == 1

    def test_goes_past_a_line_that_cannot_be_settled(self, monkeypatch):
        bad = line_of("mot").id
        settle = settlement.settle_line

        def break_on_the_first(*, line_id, at):
            if line_id == bad:
                raise RuntimeError("no")
            return settle(line_id=line_id, at=at)

        monkeypatch.setattr(settlement, "settle_line", break_on_the_first)

        with pytest.raises(jobs.LinesLeftError):
            jobs.settle_lines()

        assert pending_line_ids() == [bad]
        assert line_of("hai").outcome == BankLineOutcome.UNKNOWN
