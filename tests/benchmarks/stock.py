"""Reading from the filled database what the buyers need, and making a lot scarce."""

import psycopg

from marketplace.geography import queries as geography

COMMUNE = geography.communes_of("01")[0].code
RUSH_SLUG = "san-pham-13"


def baskets(admin_url: str, count: int) -> list[list[int]]:
    """So many times three packs of three cooperatives."""
    with psycopg.connect(admin_url) as connection:
        rows = connection.execute(
            """select k.id from packs k join products p on p.id = k.product_id
               join lot_stocks s on s.product_id = p.id and s.on_hand_g > 10000000
               where k.position = 0 group by k.id, p.organisation_id
               order by p.organisation_id, k.id""",
        ).fetchall()
    packs = [row[0] for row in rows]
    third = len(packs) // 3
    return [
        [packs[index], packs[third + index], packs[2 * third + index]]
        for index in range(min(count, third))
    ]


def leave_only(admin_url: str, packs: int) -> int:
    """Leave so many packs of 500 g of one product; returns the pack's id."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        product_id, pack_id = connection.execute(
            """select p.id, k.id from products p join packs k on k.product_id = p.id
               where p.slug = %s and k.position = 0""",
            [RUSH_SLUG],
        ).fetchone() or (0, 0)
        # Grams that live holds of an earlier run keep stay with them.
        connection.execute(
            "update lot_stocks set on_hand_g = held_g where product_id = %s", [product_id]
        )
        connection.execute(
            """update lot_stocks set on_hand_g = held_g + %s
               where lot_id = (select min(lot_id) from lot_stocks where product_id = %s)""",
            [packs * 500, product_id],
        )
    return int(pack_id)


def oversold(admin_url: str) -> int:
    """How many lots hold more than they have; the database refuses, so none."""
    with psycopg.connect(admin_url) as connection:
        row = connection.execute(
            "select count(*) from lot_stocks where held_g > on_hand_g or held_g < 0"
        ).fetchone()
    return int(row[0]) if row else 0
