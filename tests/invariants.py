"""What must hold whatever happened: statements, each with the SQL that finds what breaks it.

A query gives no rows when its statement holds; the first column of a row names the culprit. The
SQL is written apart from the code that it checks, so that one mistake is not made twice.
"""

from typing import Any, NamedTuple

from sqlalchemy import text


class Invariant(NamedTuple):
    """A statement that always holds."""

    id: str
    statement: str
    sql: str


# Of each payment by transfer: what is wanted, what came in time and late, what goes back and why.
_TRANSFERS = """
    with parts as (
        select order_id, sum(total_minor) filter (where state = 'cancelled') as cancelled
        from seller_orders group by order_id
    ), credits as (
        select payment_id, sum(amount_minor) filter (where outcome <> 'late') as received,
               sum(amount_minor) filter (where outcome = 'late') as late
        from bank_lines where payment_id is not null group by payment_id
    ), back as (
        select payment_id,
               sum(amount_minor) filter (where reason <> 'late') as in_time,
               sum(amount_minor) filter (where reason = 'late') as too_late,
               sum(amount_minor) filter (where state = 'sent') as sent,
               bool_or(state = 'due') as is_due,
               bool_or(state = 'due' and reason = 'late') as is_late_due,
               bool_or(state = 'due' and reason in ('cancelled', 'expired')) as is_closing_due
        from refunds where payment_id is not null group by payment_id
    ), raw as (
        select p.id, p.state, p.amount_minor as amount, p.received_minor, p.refunded_minor,
               p.order_id, o.state as order_state,
               o.state = 'expired' as is_expired,
               o.state = 'expired' or coalesce(parts.cancelled, 0) >= p.amount_minor as is_closed,
               p.amount_minor - coalesce(parts.cancelled, 0) as open_amount,
               coalesce(credits.received, 0) as received, coalesce(credits.late, 0) as late,
               coalesce(back.in_time, 0) as back_in_time, coalesce(back.too_late, 0) as back_late,
               coalesce(back.sent, 0) as sent, coalesce(back.is_due, false) as is_due,
               coalesce(back.is_late_due, false) as is_late_due,
               coalesce(back.is_closing_due, false) as is_closing_due
        from payments p join orders o on o.id = p.order_id
        left join parts on parts.order_id = p.order_id
        left join credits on credits.payment_id = p.id
        left join back on back.payment_id = p.id
        where p.method = 'bank_transfer'
    ), transfers as (
        select *, received - back_in_time as kept,
               case when is_closed then 0 else open_amount end as wanted
        from raw
    )
"""


# Of each invoice: what it brings the seller through the market, and what of that came in.
_INVOICED = """
    with invoiced as (
        select i.*, i.goods_minor + i.bonus_minor - i.penalty_minor - i.advance_minor as whole,
               coalesce(d.asked, 0) as asked, coalesce(d.came, 0) as came
        from invoices i left join (
            select invoice_id, sum(amount_minor) as asked,
                   sum(received_minor - returned_minor) as came
            from dues group by invoice_id
        ) d on d.invoice_id = i.id
    )
"""


def _of_invoices(sql: str) -> str:
    """`sql` on top of the common table `invoiced`."""
    return f"{_INVOICED}{sql}"


def _of_transfers(sql: str) -> str:
    """`sql` on top of the common table `transfers`."""
    return f"{_TRANSFERS}{sql}"


INVARIANTS = (
    Invariant(
        "INV-01",
        "every ledger entry has two postings or more, which sum to zero in each currency",
        """
        select e.ref from ledger_entries e left join ledger_postings p on p.entry_id = e.id
        group by e.id, e.ref having count(p.id) < 2
        union all
        select 'entry ' || entry_id from ledger_postings
        group by entry_id, currency having sum(amount_minor) <> 0
        """,
    ),
    Invariant(
        "INV-02",
        "history is only ever added to: a trigger on each such table refuses anything else",
        """
        select wanted from unnest(array[
            'ledger_entries', 'ledger_postings', 'revenue_facts', 'stock_movements',
            'audit_events', 'state_changes', 'payouts', 'lot_events', 'invoices']) as wanted
        where not exists (
            select 1 from pg_trigger
            where tgrelid = wanted::regclass and tgname = 'only_ever_added' and tgenabled = 'O')
        """,
    ),
    Invariant(
        "INV-03",
        "the months of the revenue book are the sums of their facts",
        """
        with counted as (
            select organisation_id, date_trunc('month', business_day)::date as month, channel,
                   coalesce(product_id, 0) as product_id, coalesce(category_id, 0) as category_id,
                   buyer_province_code, currency,
                   count(coalesce(line_id, delivery_line_id)) as line_count,
                   sum(quantity) as quantity, sum(grams) as grams, sum(gross_minor) as gross,
                   sum(discount_minor) as discount, sum(delivery_minor) as delivery,
                   sum(commission_minor) as commission, sum(net_minor) as net
            from revenue_facts group by 1, 2, 3, 4, 5, 6, 7
        ), kept as (
            select organisation_id, month, channel, product_id, category_id, buyer_province_code,
                   currency, line_count, quantity, grams, gross_minor as gross,
                   discount_minor as discount, delivery_minor as delivery,
                   commission_minor as commission, net_minor as net
            from revenue_months
        )
        select organisation_id from
            ((select * from counted except select * from kept)
             union all (select * from kept except select * from counted)) as differing
        """,
    ),
    Invariant(
        "INV-04",
        "stock in the store is the sum of its movements, held stock the sum of its live holds",
        """
        select s.lot_id from lot_stocks s
        where s.on_hand_g <> (
                  select coalesce(sum(grams), 0) from stock_movements where lot_id = s.lot_id)
           or s.held_g <> (
                  select coalesce(sum(grams), 0) from holds
                  where lot_id = s.lot_id and state = 'live')
           or s.held_g < 0 or s.held_g > s.on_hand_g
        """,
    ),
    Invariant(
        "INV-05",
        "no payment keeps more than its order wants: what is too much is going back",
        _of_transfers("select id from transfers where kept > wanted or kept < 0"),
    ),
    Invariant(
        "INV-06",
        "every credited bank line is booked once, with its amount, where its outcome says",
        """
        select l.id from bank_lines l
        where l.amount_minor > 0 and l.outcome <> 'pending' and (
            select count(*) from ledger_entries e
            join ledger_postings p on p.entry_id = e.id
            join ledger_accounts a on a.id = p.account_id
            where e.ref = 'bank:' || l.id and p.currency = l.currency and (
                (a.code = 'market:bank' and p.amount_minor = l.amount_minor)
                or (a.code = (case
                        when l.outcome in ('unknown', 'late') or l.resolved_at is not null
                        then 'market:suspense' else 'market:buyer_funds' end)
                    and p.amount_minor = -l.amount_minor))
        ) <> 2
        union all
        select l.id from bank_lines l join ledger_entries e on e.ref = 'bank:' || l.id
        where l.amount_minor < 0 or l.outcome = 'pending'
        """,
    ),
    Invariant(
        "INV-07",
        "what goes back of a payment is never more than came in, and is counted as it was sent",
        _of_transfers("""
        select id from transfers
        where received_minor <> received + late or refunded_minor <> sent
           or back_in_time + back_late > received + late or back_late <> late
        """),
    ),
    Invariant(
        "INV-08",
        "what a buyer pays for a delivery is the seller's share plus the market's, exactly",
        """
        select s.id from seller_orders s
        join orders o on o.id = s.order_id
        left join lateral (
            select -sum(p.amount_minor) filter (
                       where a.code = format('org:%s:payable', s.organisation_id)) as share,
                   -coalesce(sum(p.amount_minor) filter (
                       where a.code = 'market:commission'), 0) as commission,
                   sum(p.amount_minor) filter (where a.code = (
                       case when o.payment_method = 'cash'
                       then format('org:%s:cash_in_transit', s.organisation_id)
                       else 'market:buyer_funds' end)) as paid
            from ledger_entries e join ledger_postings p on p.entry_id = e.id
            join ledger_accounts a on a.id = p.account_id
            where e.ref = 'delivered:' || s.id
        ) booked on true
        where s.state = 'delivered' and (
            booked.paid is distinct from s.total_minor
            or booked.commission is distinct from s.commission_minor
            or coalesce(booked.share, 0) <> s.total_minor - s.commission_minor)
        union all
        select s.id from seller_orders s join ledger_entries e on e.ref = 'delivered:' || s.id
        where s.state <> 'delivered'
        """,
    ),
    Invariant(
        "INV-09",
        "a seller is owed its deliveries, what came in for its invoices, less its payouts",
        _of_invoices("""
        , owed as (
            select a.organisation_id as id, -sum(p.amount_minor) as minor
            from ledger_postings p join ledger_accounts a on a.id = p.account_id
            where a.code like 'org:%payable' group by 1
        ), earned as (
            select organisation_id as id, sum(total_minor - commission_minor) as minor
            from seller_orders where state = 'delivered' group by 1
        ), came_in as (
            select organisation_id as id, sum(
                div((whole - commission_minor)::numeric * (deposit_minor + came), whole)) as minor
            from invoiced where whole > 0 group by 1
        ), paid as (
            select organisation_id as id, sum(amount_minor) as minor from payouts group by 1
        )
        select o.id from organisations o
        left join owed on owed.id = o.id left join earned on earned.id = o.id
        left join paid on paid.id = o.id left join came_in on came_in.id = o.id
        where coalesce(owed.minor, 0) <> coalesce(earned.minor, 0) + coalesce(came_in.minor, 0)
                - coalesce(paid.minor, 0)
           or coalesce(owed.minor, 0) < 0
        """),
    ),
    Invariant(
        "INV-10",
        "an order is the sum of its parts, a part the sum of its lines, a payment its order",
        """
        select o.number from orders o join seller_orders s on s.order_id = o.id
        group by o.id having sum(s.goods_minor) <> o.goods_minor
            or sum(s.discount_minor) <> o.discount_minor
            or sum(s.delivery_minor) <> o.delivery_minor or sum(s.total_minor) <> o.total_minor
        union all
        select s.number from seller_orders s join order_lines l on l.seller_order_id = s.id
        group by s.id having sum(l.goods_minor) <> s.goods_minor
            or sum(l.discount_minor) <> s.discount_minor
            or sum(l.commission_minor) <> s.commission_minor
        union all
        select o.number from orders o left join payments p on p.order_id = o.id
        where p.id is null or p.amount_minor <> o.total_minor
            or p.method <> o.payment_method or p.currency <> o.currency
        """,
    ),
    Invariant(
        "INV-11",
        "the state of a payment is what its facts say",
        _of_transfers("""
        select id from transfers where state <> (case
            when is_late_due then 'late'
            when is_due and (is_closed or is_closing_due) then 'refund_due'
            when is_due then 'overpaid'
            when is_closed and received + late > 0 then 'refunded'
            when is_expired then 'expired'
            when is_closed then 'cancelled'
            when kept >= wanted then 'paid'
            when kept > 0 then 'underpaid'
            else 'awaiting' end)
        union all
        select p.id from payments p join cash_collections c on c.payment_id = p.id
        where p.method = 'cash'
        group by p.id, p.state having p.state <> (case
            when bool_and(c.state = 'cancelled') then 'cancelled'
            when bool_or(c.state = 'expected') then 'cash_expected'
            when bool_or(c.state = 'collected') then 'cash_collected'
            else 'remitted' end)
        """),
    ),
    Invariant(
        "INV-12",
        "all money that came in is an order's, goes back, or waits for a person",
        _of_transfers("""
        , held as (
            select coalesce(-sum(p.amount_minor) filter (
                       where a.code = 'market:suspense'), 0) as suspense,
                   coalesce(-sum(p.amount_minor) filter (
                       where a.code = 'market:buyer_funds'), 0) as buyer_funds
            from ledger_postings p join ledger_accounts a on a.id = p.account_id
        ), explained as (
            select
                (select coalesce(sum(amount_minor), 0) from bank_lines
                 where outcome = 'unknown' and resolved_at is null)
              + (select coalesce(sum(amount_minor), 0) from refunds
                 where state = 'due' and reason in ('late', 'unknown')) as suspense,
                (select coalesce(sum(kept), 0) from transfers)
              + (select coalesce(sum(amount_minor), 0) from refunds
                 where state = 'due' and reason not in ('late', 'unknown'))
              - (select coalesce(sum(s.total_minor), 0) from seller_orders s
                 join orders o on o.id = s.order_id
                 where s.state = 'delivered' and o.payment_method = 'bank_transfer')
              + (select coalesce(sum(received_minor - returned_minor), 0) from dues
                 where kind = 'deposit')
              - (select coalesce(sum(deposit_minor), 0) from invoices)
                as buyer_funds
        )
        select held.suspense, explained.suspense, held.buyer_funds, explained.buyer_funds
        from held, explained
        where held.suspense <> explained.suspense or held.buyer_funds <> explained.buyer_funds
           or held.suspense < 0 or held.buyer_funds < 0
        """),
    ),
    Invariant(
        "INV-13",
        "an order is open only when paid, paid only when open; its goods are held or packed",
        _of_transfers("""
        select order_id from transfers
        where (order_state in ('open', 'completed') and (is_closed or kept < wanted))
           or (order_state = 'awaiting_payment' and not is_closed and kept >= wanted)
        union all
        select s.order_id from seller_orders s
        join orders o on o.id = s.order_id
        join order_lines l on l.seller_order_id = s.id
        left join lateral (
            select coalesce(sum(packs) filter (where state = 'live'), 0) as live,
                   coalesce(sum(packs) filter (
                       where state = 'live' and expires_at is not null), 0) as expiring,
                   coalesce(sum(packs) filter (where state = 'committed'), 0) as committed
            from holds where line_id = l.id) h on true
        left join lateral (
            select coalesce(sum(packs), 0) as packs from line_lots where line_id = l.id) t on true
        where case
            when s.state = 'cancelled' then h.live <> 0 or h.committed <> 0 or t.packs <> 0
            when s.state in ('placed', 'confirmed')
                then h.live <> l.quantity or h.committed <> 0 or t.packs <> 0
                  or (o.state = 'open' and h.expiring <> 0)
            else h.live <> 0 or h.committed <> l.quantity or t.packs <> l.quantity end
        """),
    ),
    Invariant(
        "INV-14",
        "revenue by seller and month is what the ledger made payable and took as commission",
        """
        with booked as (
            select s.id,
                   date_trunc('month', e.at at time zone 'Asia/Ho_Chi_Minh')::date as month,
                   -sum(p.amount_minor) filter (
                       where a.code like 'org:%payable' or a.code like 'org:%contract_pending'
                   ) as net,
                   -sum(p.amount_minor) filter (where a.code = 'market:commission') as commission
            from ledger_entries e join ledger_postings p on p.entry_id = e.id
            join ledger_accounts a on a.id = p.account_id
            join (select 'delivered:' || id as ref, organisation_id as id from seller_orders
                  union all select 'invoice:' || id, organisation_id from invoices) s
                on e.ref = s.ref
            group by 1, 2
        ), told as (
            select organisation_id as id, date_trunc('month', business_day)::date as month,
                   sum(net_minor) as net, sum(commission_minor) as commission
            from revenue_facts group by 1, 2
        )
        select coalesce(booked.id, told.id) from booked full join told using (id, month)
        where coalesce(booked.net, 0) <> coalesce(told.net, 0)
           or coalesce(booked.commission, 0) <> coalesce(told.commission, 0)
        """,
    ),
    Invariant(
        "INV-24",
        "a bank line is counted at most once, and one that was matched is nobody else's",
        """
        select id from bank_lines
        where (outcome in ('exact', 'under', 'over', 'duplicate', 'late'))
              <> (payment_id is not null or due_id is not null)
        union all
        select bank_line_id from refunds where bank_line_id is not null
        group by bank_line_id having count(*) > 1
        """,
    ),
    Invariant(
        "INV-25",
        "cash: what was collected is in transit or remitted, with a reason for each difference",
        """
        with held as (
            select a.organisation_id as id, sum(p.amount_minor) as minor
            from ledger_postings p join ledger_accounts a on a.id = p.account_id
            where a.code like 'org:%cash_in_transit' group by 1
        ), collected as (
            select organisation_id as id, sum(collected_minor) as minor
            from cash_collections where state = 'collected' group by 1
        )
        select coalesce(held.id, collected.id) from held full join collected using (id)
        where coalesce(held.minor, 0) <> coalesce(collected.minor, 0)
        union all
        select id from cash_collections
        where state = 'remitted' and remitted_minor <> collected_minor and difference_reason = ''
        """,
    ),
    Invariant(
        "INV-26",
        "a line sold by a certificate of some plots is kept and packed from its lots alone",
        """
        with sold as (
            select l.id, s.organisation_id, c ->> 'code' as code, c ->> 'number' as number
            from order_lines l join seller_orders s on s.id = l.seller_order_id,
                 jsonb_array_elements(l.certificates) c
            where (c ->> 'names_plots')::boolean
        ), taken as (
            select line_id, lot_id from holds union select line_id, lot_id from line_lots
        )
        select sold.id from sold join taken on taken.line_id = sold.id
        where not exists (
            select from lot_certificates i join certificates c on c.id = i.certificate_id
            where i.lot_id = taken.lot_id and c.organisation_id = sold.organisation_id
              and c.scheme_code = sold.code and c.number = sold.number
        )
        """,
    ),
    Invariant(
        "INV-27",
        "what a month of supply holds and has promised is the sum of its open holds, and fits",
        """
        select s.id from supplies s
        where s.held_g <> (
                  select coalesce(sum(grams), 0) from supply_holds
                  where supply_id = s.id and purpose = 'quote' and ended_at is null)
           or s.contracted_g <> (
                  select coalesce(sum(grams), 0) from supply_holds
                  where supply_id = s.id and purpose = 'contract' and ended_at is null)
           or s.held_g + s.contracted_g > s.forecast_g or s.held_g < 0 or s.contracted_g < 0
        """,
    ),
    Invariant(
        "INV-28",
        "an award is its parts, each within the offer that was opened, and leaves no quote waiting",
        """
        select a.id from awards a join requests r on r.id = a.request_id
        where r.state <> 'awarded'
           or a.total_g is distinct from (
                  select sum(quantity_g) from award_parts where award_id = a.id)
           or exists (select from quotes q
                      where q.request_id = r.id and q.state in ('submitted', 'opened'))
           or exists (
                  select from award_parts p
                  join quotes q on q.id = p.quote_id
                  join quote_revisions v on v.quote_id = q.id and v.revision = q.revision
                  left join opened_offers o on o.revision_id = v.id
                  where p.award_id = a.id
                  group by q.id, q.state, p.month, o.offer
                  having q.state <> 'won' or sum(p.quantity_g) >
                      coalesce((o.offer -> 'volumes' ->> to_char(p.month, 'YYYY-MM'))::bigint, 0))
        """,
    ),
    Invariant(
        "INV-29",
        "no offer can be read before its request is opened",
        """
        select o.revision_id from opened_offers o
        join quote_revisions v on v.id = o.revision_id
        join quotes q on q.id = v.quote_id
        join requests r on r.id = q.request_id
        where r.opened_at is null or o.opened_at < r.closes_at
        """,
    ),
    Invariant(
        "INV-30",
        "every signature names the kept bytes of its version, and what both signed is in force",
        """
        select s.contract_id from contract_signatures s
        left join contract_documents d
               on d.contract_id = s.contract_id and d.version = s.version
        left join media_files f on f.id = d.file_id
        where d.sha256 is distinct from s.sha256 or f.sha256 is distinct from s.sha256
        union
        select s.contract_id from contract_signatures s
        join contracts c on c.id = s.contract_id
        group by s.contract_id, s.version, c.signed_version
        having (count(*) = 2) <> coalesce(c.signed_version >= s.version, false)
        """,
    ),
    Invariant(
        "INV-40",
        "the invoices of a seller in a year are numbered 1, 2, 3 …, and the counter says the last",
        """
        select i.organisation_id, i.year from invoices i
        left join invoice_counters c using (organisation_id, year)
        group by i.organisation_id, i.year, c.last
        having min(i.sequence) <> 1 or max(i.sequence) <> count(*)
            or c.last is distinct from max(i.sequence)
        union all
        select organisation_id, year from invoice_counters c
        where not exists (select from invoices i
                          where i.organisation_id = c.organisation_id and i.year = c.year)
        """,
    ),
    Invariant(
        "INV-41",
        "what falls due of an invoice is its total, and an invoice its delivery's accepted lines",
        _of_invoices("""
        select number from invoiced where asked <> total_minor or came > asked
        union all
        select i.number from invoices i join delivery_lines l on l.delivery_id = i.delivery_id
        group by i.id having sum(l.amount_minor) <> i.goods_minor
        union all
        select i.number from invoices i join deliveries d on d.id = i.delivery_id
        where d.state <> 'accepted' or d.contract_id <> i.contract_id
        """),
    ),
    Invariant(
        "INV-42",
        "a due has what the bank's lines brought, keeps no more than it wants, and says so",
        """
        with came as (
            select due_id, sum(amount_minor) as minor from bank_lines
            where due_id is not null and outcome <> 'late' group by 1
        ), back as (
            select due_id, sum(amount_minor) as minor, bool_or(state = 'due') as is_due
            from refunds where due_id is not null and reason <> 'late' group by 1
        )
        select d.reference from dues d
        left join came on came.due_id = d.id left join back on back.due_id = d.id
        where d.received_minor <> coalesce(came.minor, 0)
           or d.returned_minor <> coalesce(back.minor, 0)
           or d.received_minor - d.returned_minor > d.amount_minor
           or (d.state in ('paid', 'overpaid')) <> (d.paid_at is not null)
           or (d.kind <> 'deposit' and d.state <> (case
                when d.received_minor - d.returned_minor >= d.amount_minor and back.is_due
                then 'overpaid'
                when d.received_minor - d.returned_minor >= d.amount_minor then 'paid'
                when d.received_minor > 0 then 'underpaid' else 'awaiting' end))
        """,
    ),
    Invariant(
        "INV-43",
        "what sellers wait for is their share of what has not come in, what buyers owe all of it",
        _of_invoices("""
        , booked as (
            select a.organisation_id as id,
                   coalesce(-sum(p.amount_minor) filter (
                       where a.code like 'org:%contract_pending'), 0) as pending,
                   coalesce(sum(p.amount_minor) filter (
                       where a.code like 'org:%receivable'), 0) as receivable
            from ledger_postings p join ledger_accounts a on a.id = p.account_id
            where a.organisation_id is not null group by 1
        ), sold as (
            select organisation_id as id, sum(whole - commission_minor - div(
                (whole - commission_minor)::numeric * (deposit_minor + came), whole)) as minor
            from invoiced where whole > 0 group by 1
        ), bought as (
            select buyer_id as id, sum(total_minor - came) as minor from invoiced group by 1
        )
        select booked.id from booked
        left join sold on sold.id = booked.id left join bought on bought.id = booked.id
        where booked.pending <> coalesce(sold.minor, 0)
           or booked.receivable <> coalesce(bought.minor, 0)
        union all
        select id from sold where minor <> 0 and id not in (select id from booked)
        union all
        select id from bought where minor <> 0 and id not in (select id from booked)
        """),
    ),
    Invariant(
        "INV-44",
        "no contract takes more from a deposit than came, nor anything once it has been returned",
        """
        select contract_id from (
            select contract_id, sum(received_minor - returned_minor) as minor from dues
            where kind = 'deposit' group by 1
            union all
            select contract_id, -sum(deposit_minor) from invoices group by 1
        ) left_over group by contract_id having sum(minor) < 0
        """,
    ),
)


def broken(session: Any) -> dict[str, list[tuple[Any, ...]]]:
    """The invariants that do not hold, each with the rows that say so; empty when all is well."""
    session.flush()
    found = {}
    for invariant in INVARIANTS:
        rows = [tuple(row) for row in session.execute(text(invariant.sql))]
        if rows:
            found[f"{invariant.id}: {invariant.statement}"] = rows
    return found
