"""The port for card gateways: what the marketplace asks of whoever takes card payments.

A gateway waits for the network, so it never runs inside a transaction: the wish is committed
first with its key, the gateway is asked, the outcome is committed. Asking twice with one key gives
one effect.
"""

from dataclasses import dataclass
from typing import Protocol

from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True)
class CardPayment:
    """What a gateway knows of one attempt to pay.

    Attributes:
        gateway_id: its own name for it.
        captured: what it has taken from the buyer; zero until then.
        refunded: what it has given back of that.
        is_final: nothing more will happen to it by itself.
        continue_at: where the buyer goes on (3-D Secure, a hosted page); empty if nowhere.
    """

    gateway_id: str
    captured: Money
    refunded: Money
    is_final: bool
    continue_at: str = ""


class CardGateway(Protocol):
    """Somebody who takes card payments for us."""

    def start(self, *, key: str, amount: Money, order_number: str) -> CardPayment:
        """Begin to take `amount`; the same `key` gives the same attempt.

        Raises:
            UnavailableError: it did not answer; ask again with the same key.
            ConflictError: the key was used for another amount or order.
        """

    def look_up(self, *, gateway_id: str) -> CardPayment:
        """What has become of an attempt.

        Raises:
            NotFoundError: it knows no such attempt.
            UnavailableError: it did not answer.
        """

    def refund(self, *, key: str, gateway_id: str, amount: Money) -> CardPayment:
        """Give `amount` back to the card; the same `key` gives it back once.

        Raises:
            ConflictError: less than that is left to give back.
            UnavailableError: it did not answer; ask again with the same key.
        """
