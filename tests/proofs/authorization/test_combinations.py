"""What an address does not show: ids in forms, signed links, people of other organisations."""

import pytest
from sqlalchemy import select, update

from marketplace.kernel.clock import now
from marketplace.media.operations import store_paper
from marketplace.orders.links import order_path
from marketplace.platform.database import db, session
from marketplace.platform.secrets import sign
from models.accounts import Membership, Role, User
from models.catalogue import ProductCertificate
from models.certification import Certificate
from models.orders import CartLine, SellerOrder, SellerOrderState
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.media import PDF
from tests.proofs.authorization.requests import form_of
from tests.proofs.authorization.visitor import Visitor


@pytest.fixture(scope="module")
def director(stage):
    return Visitor(stage, stage.cookie(stage.market.a.people[Role.DIRECTOR]))


@pytest.fixture(scope="module")
def consumer(stage):
    return Visitor(stage, stage.cookie(stage.market.c.user))


class TestForeignIdsInForms:
    """`a` names things of `b` in a form that is sent to its own desk."""

    def test_no_foreign_order_is_confirmed(self, stage, director):
        own, foreign = stage.market.a, stage.market.b
        numbers = [each.parts[SellerOrderState.PLACED].number for each in (own, foreign)]

        outcome = director.ask(
            "POST", f"/quay/{own.organisation.code}/don/xac-nhan", data={"numbers": numbers}
        )

        assert (outcome.status, outcome.written) == (404, 0)

    def test_no_foreign_slip_is_printed(self, stage, director):
        own, foreign = stage.market.a, stage.market.b
        number = foreign.parts[SellerOrderState.PACKED].number

        outcome = director.ask(
            "POST", f"/quay/{own.organisation.code}/don/in-phieu", data={"numbers": [number]}
        )

        assert outcome.status == 404

    @pytest.mark.parametrize("page", ["chung-nhan/{own}/san-pham", "chung-nhan/moi"])
    def test_no_certificate_covers_a_foreign_product(self, stage, director, page):
        own, foreign = stage.market.a, stage.market.b
        address = page.format(own=own.claimed.id)
        form = form_of(stage.market, own, "cooperative.claim_certificate")

        outcome = director.ask(
            "POST",
            f"/quay/{own.organisation.code}/{address}",
            data={**form, "product_ids": [foreign.product.id]},
            look=lambda: session.scalars(
                select(ProductCertificate.certificate_id)
                .join(Certificate, Certificate.id == ProductCertificate.certificate_id)
                .where(
                    ProductCertificate.product_id == foreign.product.id,
                    Certificate.organisation_id == own.organisation.id,
                )
            ).all(),
        )

        assert (outcome.status, outcome.seen) == (422, [])

    def test_no_product_carries_a_foreign_certificate(self, stage, director):
        own, foreign = stage.market.a, stage.market.b

        outcome = director.ask(
            "POST",
            f"/quay/{own.organisation.code}/san-pham/{own.product.id}/chung-nhan",
            data={"certificate_ids": [foreign.verified.id]},
        )

        assert (outcome.status, outcome.written) == (422, 0)

    def test_no_claim_shows_a_foreign_paper(self, stage, director):
        own, foreign = stage.market.a, stage.market.b
        form = form_of(stage.market, own, "cooperative.claim_certificate")
        del form["file"]

        outcome = director.ask(
            "POST",
            f"/quay/{own.organisation.code}/chung-nhan/moi",
            data={**form, "file_id": foreign.verified.file_id},
        )

        assert (outcome.status, outcome.written) == (422, 0)

    def test_no_lot_of_a_foreign_product_is_received(self, stage, director):
        own, foreign = stage.market.a, stage.market.b
        form = form_of(stage.market, own, "cooperative.receive")

        outcome = director.ask(
            "POST",
            f"/quay/{own.organisation.code}/lo/nhap",
            data={**form, "product_id": foreign.product.id},
        )

        assert (outcome.status, outcome.written) == (422, 0)

    def test_no_foreign_photo_is_moved(self, stage, director):
        own, foreign = stage.market.a, stage.market.b

        outcome = director.ask(
            "POST",
            f"/quay/{own.organisation.code}/san-pham/{own.product.id}/anh/sap-xep",
            data={f"alt_vi-{foreign.photo.id}": "của tôi", "move": f"{foreign.photo.id}:first"},
            look=lambda: session.get_one(type(foreign.photo), foreign.photo.id).alt_vi,
        )

        assert outcome.seen == foreign.photo.alt_vi

    def test_no_foreign_basket_is_changed(self, stage, consumer):
        other = stage.market.d
        fields = {f"so-luong-{line_id}": 99 for line_id in other.cart_lines}

        outcome = consumer.ask(
            "POST",
            "/gio-hang/cap-nhat",
            data=fields | {"remove": other.cart_lines[0]},
            look=lambda: session.scalars(
                select(CartLine.quantity).where(CartLine.cart_id == other.cart.id)
            ).all(),
        )

        assert outcome.seen == [1]

    def test_no_part_of_a_foreign_order_is_called_off(self, stage, consumer):
        market = stage.market
        foreign = select(SellerOrder.id).where(SellerOrder.order_id == market.d.order.id)
        part_id = db.session.scalar(foreign)
        db.session.remove()

        outcome = consumer.ask(
            "POST", f"/don-hang/{market.c.order.number}/huy", data={"part_id": part_id}
        )

        assert outcome.written == 0

    def test_a_paper_of_ones_own_is_taken(self, stage, director):
        """The control: the same claim with a paper of one's own is accepted."""
        own = stage.market.a
        form = form_of(stage.market, own, "cooperative.claim_certificate")
        del form["file"]
        kept = store_paper(
            actor=own.actor(),
            organisation_id=own.organisation.id,
            data=PDF.replace(b"Catalog", b"Catalog /Y 7"),
            name="giay.pdf",
            at=now(),
        ).id
        db.session.commit()
        db.session.remove()

        outcome = director.ask(
            "POST", f"/quay/{own.organisation.code}/chung-nhan/moi", data={**form, "file_id": kept}
        )

        assert outcome.status == 303


ORDER_PAGES = (
    "",
    "/tra-tien",
    "/tra-tien/trang-thai",
    "/tra-tien/ma-qr.svg",
    "/tra-tien/ma-qr.png",
)


class TestSignedLinks:
    @pytest.mark.parametrize("page", ORDER_PAGES)
    def test_whoever_has_the_link_of_an_order_sees_it(self, stage, page):
        address, _, key = order_path(stage.market.c.order.number, page.lstrip("/")).partition("?")
        guest = Visitor(stage, "")

        assert guest.ask("GET", address, query_string=key).status == 200
        assert guest.ask("GET", f"/en{address}", query_string=key).status == 200

    @pytest.mark.parametrize("page", ORDER_PAGES)
    def test_no_other_key_opens_it(self, stage, page):
        market = stage.market
        own = market.c.order.number
        address = order_path(own, page.lstrip("/")).partition("?")[0]
        keys = (
            sign("order-link", market.d.order.number),
            sign("another-purpose", own),
            sign("order-link", own)[:-1],
            own,
            "",
        )

        for key in keys:
            for who in (None, market.d.user, market.a.people[Role.DIRECTOR], market.operator):
                outcome = Visitor(stage, stage.cookie(who)).ask(
                    "GET", address, query_string={"k": key}
                )
                assert (outcome.status, outcome.written) == (404, 0)

    def test_the_link_lets_a_guest_call_the_order_off_and_no_other_link_does(self, stage):
        market = stage.market
        address = f"/don-hang/{market.c.order.number}/huy"
        guest = Visitor(stage, "")
        good, bad = (sign("order-link", each.order.number) for each in (market.c, market.d))

        assert guest.ask("POST", address, data={"k": bad}).written == 0
        outcome = guest.ask("POST", address, data={"k": good})
        assert outcome.status == 303
        assert outcome.written > 0


class TestOrganisationsThatDoNotSell:
    """Their people are directors and accountants, too, but have no desk to sell from."""

    @pytest.mark.parametrize("kind", ["enterprise", "alliance", "operator"])
    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.ACCOUNTANT, Role.WAREHOUSE, Role.SALES])
    def test_have_no_seller_s_desk(self, stage, kind, role):
        organisation = OrganisationFactory(**{kind: True})
        user = MembershipFactory(organisation=organisation, role=role).user
        code = organisation.code
        visitor = Visitor(stage, stage.cookie(user))
        db.session.remove()

        statuses = {
            page: visitor.ask("GET", f"/quay/{code}{page}").status
            for page in ("", "/san-pham", "/san-pham/moi", "/lo", "/lo/nhap", "/don", "/chung-nhan")
        }

        assert set(statuses.values()) == {403}, statuses

    @pytest.mark.parametrize("kind", ["alliance", "operator"])
    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.ACCOUNTANT, Role.BUYER])
    def test_open_their_own_desk_to_its_staff_only(self, stage, kind, role):
        organisation = OrganisationFactory(**{kind: True})
        user = MembershipFactory(organisation=organisation, role=role).user
        visitor = Visitor(stage, stage.cookie(user))
        db.session.remove()

        page = "/lien-minh" if kind == "alliance" else "/van-hanh"
        outcome = visitor.ask("GET", page)

        assert (outcome.status, outcome.written) == (403, 0)

    @pytest.mark.parametrize("kind", ["enterprise", "cooperative"])
    def test_staff_roles_elsewhere_open_no_staff_desk(self, stage, kind):
        organisation = OrganisationFactory(kind=kind)
        people = [
            MembershipFactory(organisation=organisation, role=role).user
            for role in (Role.OFFICER, Role.OPERATOR)
        ]
        for visitor in [Visitor(stage, stage.cookie(user)) for user in people]:
            assert visitor.ask("GET", "/lien-minh").status == 404
            assert visitor.ask("GET", "/van-hanh").status == 404


class TestLosingARight:
    """What was open a moment ago is closed from the next request on."""

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            (lambda member: update(Membership).where(Membership.id == member.id), 404),
            (lambda member: update(User).where(User.id == member.user_id), 303),
        ],
        ids=["membership ended", "person disabled"],
    )
    def test_counts_at_once(self, stage, change, status):
        member = MembershipFactory(role=Role.DIRECTOR)
        page = f"/quay/{member.organisation.code}"
        ended = change(member)
        visitor = Visitor(stage, stage.cookie(member.user))
        assert visitor.ask("GET", page).status == 200

        column = "ended_at" if status == 404 else "disabled_at"
        session.execute(ended.values({column: now()}))
        session.commit()
        db.session.remove()

        assert visitor.ask("GET", page).status == status
