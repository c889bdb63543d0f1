"""Bank accounts; their numbers are sealed as in production."""

import factory

from marketplace.accounts.banks import sealed_columns
from models.bank_accounts import BankAccount
from tests.factories.base import Factory
from tests.moments import MONDAY


class BankAccountFactory(Factory[BankAccount]):
    """The main account of a cooperative with Vietcombank; give `organisation`."""

    class Meta:
        model = BankAccount

    class Params:
        organisation = factory.SubFactory("tests.factories.accounts.OrganisationFactory")
        number = factory.Sequence("0011{:08d}".format)

    organisation_id = factory.LazyAttribute(lambda made: made.organisation.id)
    bank_bin = "970436"
    bank_name = "Vietcombank"
    sealed_number = factory.LazyAttribute(lambda made: _sealed(made)["sealed_number"])
    number_index = factory.LazyAttribute(lambda made: _sealed(made)["number_index"])
    last_four = factory.LazyAttribute(lambda made: _sealed(made)["last_four"])
    holder_name = "HTX NONG NGHIEP"
    is_main = True
    is_collecting = False
    created_at = MONDAY


def _sealed(made: BankAccountFactory) -> dict[str, str]:
    return sealed_columns(made.bank_bin, made.number)
