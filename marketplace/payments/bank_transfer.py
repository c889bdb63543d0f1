"""Asking for a bank transfer: the account, the memo, the VietQR text."""

from dataclasses import dataclass

from marketplace.kernel import vietqr
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """A transfer as a buyer types it into a banking app, or scans it.

    Attributes:
        bank_bin: the bank, by the six digits that NAPAS knows it by.
        bank_name: its name, for people.
        account_number: the account that collects.
        holder_name: whose account that is; capitals without marks, as banks show it.
        amount: what is to be transferred: what is missing, not always the whole.
        reference: the memo, to be kept as it is.
    """

    bank_bin: str
    bank_name: str
    account_number: str
    holder_name: str
    amount: Money
    reference: str

    @property
    def payload(self) -> str:
        """The VietQR text of it.

        Raises:
            ValueError: nothing is missing, so there is nothing to ask for.
        """
        return vietqr.build(
            self.bank_bin, self.account_number, self.amount.minor, memo=self.reference
        )

    @property
    def spaced_account(self) -> str:
        """The account number in groups of four, the last one of two to five, to be compared."""
        number = self.account_number
        cuts = list(range(0, max(len(number) - 1, 1), 4))
        return " ".join(
            number[start:end] for start, end in zip(cuts, [*cuts[1:], None], strict=True)
        )
