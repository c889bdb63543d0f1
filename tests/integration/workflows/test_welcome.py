"""Coming in with the basket that was filled before, and the mails that go out."""

from sqlalchemy import select

from marketplace.accounts.operations.people import NewPerson
from marketplace.accounts.operations.sessions import Device
from marketplace.accounts.permissions import Actor
from marketplace.accounts.tokens import hash_of, new_token
from marketplace.orders.operations import carts
from marketplace.orders.queries.carts import cart_rows, find_cart_id
from marketplace.workflows import standing, welcome
from models.notifications import Message
from tests.factories.accounts import PASSWORD, MembershipFactory, UserFactory, officer
from tests.factories.catalogue import PackFactory, ProductFactory
from tests.moments import MONDAY, TUESDAY


def fill_basket(token: str) -> None:
    pack = PackFactory(product=ProductFactory(pack=False))
    carts.add_to_cart(
        actor=Actor(user_id=None), token_hash=hash_of(token), pack_id=pack.id, quantity=2, at=MONDAY
    )


def sign_in(user, cart_token):
    return welcome.sign_in(
        email=user.email, password=PASSWORD, device=Device(), cart_token=cart_token, at=TUESDAY
    )


class TestSignIn:
    def test_brings_the_basket_along(self, session):
        hoa, token = UserFactory(), new_token()
        fill_basket(token)

        entry = sign_in(hoa, token)

        own = find_cart_id(user_id=hoa.id, token_hash=None)
        assert entry.cart_count == 1
        assert [row.quantity for row in cart_rows(own)] == [2]
        assert find_cart_id(user_id=None, token_hash=hash_of(token)) is None

    def test_finds_the_basket_of_last_time(self, session):
        hoa, token = UserFactory(), new_token()
        fill_basket(token)
        sign_in(hoa, token)

        assert sign_in(hoa, None).cart_count == 1

    def test_without_any_basket_makes_none(self, session):
        hoa = UserFactory()

        assert sign_in(hoa, None).cart_count == 0
        assert find_cart_id(user_id=hoa.id, token_hash=None) is None


class TestMails:
    def test_go_out_in_the_readers_language_once(self, session):
        person = NewPerson("Mary Nguyen", "mary@example.com", PASSWORD, "en")

        welcome.sign_up(person=person, at=MONDAY)
        welcome.resend_confirmation(email=person.email, at=MONDAY)

        messages = session.scalars(select(Message).order_by(Message.id)).all()
        assert [each.key.partition(":")[0] for each in messages] == ["confirm_email"] * 2
        assert {each.locale for each in messages} == {"en"}
        assert "/en/xac-nhan-email/" in messages[0].body_text

    def test_strangers_get_none(self, session):
        welcome.request_password_reset(email="ai@example.com", at=MONDAY)

        assert session.scalars(select(Message)).all() == []

    def test_every_director_hears_of_a_suspension(self, session):
        membership = MembershipFactory()
        cooperative = membership.organisation
        MembershipFactory(organisation=cooperative, user=UserFactory(locale="en"))
        MembershipFactory(organisation=cooperative, role="sales")

        changes = [
            standing.suspend_organisation(
                actor=officer(), code=cooperative.code, reason="Lý do", at=TUESDAY
            )
            for _ in range(2)
        ]

        messages = session.scalars(select(Message).order_by(Message.id)).all()
        assert changes == [True, False]
        assert [each.locale for each in messages] == ["vi", "en"]
        assert "Lý do" in messages[0].body_text
