-- A contract of enterprise BDN with cooperative B1: 200 deliveries of two lots each, all accepted,
-- invoiced and paid in two amounts.

set session_replication_role = replica;

insert into contracts (number, state, origin, buyer_id, seller_id, made_by_side, product_id, title,
    version, signed_version, currency, total_g, value_minor, commission_bps, starts_on, ends_on,
    po_number, cost_centre, created_at, created_by_id, agreed_at, signed_at, end_reason)
select 'HDB-00001', 'active', 'offer', buyer.id, p.organisation_id, 'buyer', p.id, 'Cà phê nhân cả vụ',
    1, 1, 'VND', 1000000000, 120000000000, 0, current_date - 300, current_date + 300,
    'PO-1', '', now() - interval '301 days', 1, now() - interval '301 days', now() - interval '300 days', ''
from organisations buyer, (select p.id, p.organisation_id from products p
    join organisations o on o.id = p.organisation_id and o.code = 'B1' order by p.id limit 1) p
where buyer.code = 'BDN';

insert into contract_versions (contract_id, version, side, terms, note, at, by_id)
select id, 1, 'buyer', '{"buyer": {"name": "Công ty Thu mua"}, "seller": {"name": "Hợp tác xã B1"},
    "schemes": [], "price": {"base_minor": 120000, "monthly": {}, "reference_code": "",
    "premium_minor": 0, "floor_minor": null, "ceiling_minor": null, "standard_moisture": null}}',
    '', now(), 1
from contracts where number = 'HDB-00001';

insert into deliveries (number, contract_id, position, origin, state, due_from, due_on, planned_g,
    province_code, address, po_number, cost_centre, note, created_at, created_by_id, confirmed_at,
    packed_at, shipped_at, carrier, vehicle, handed_by, accept_by_at, accepted_at, is_automatic,
    arrived_on, received_by, dispute_open, cancel_reason)
select 'GHB-' || lpad(n::text, 5, '0'), c.id, n, 'schedule', 'accepted', current_date - 210 + n,
    current_date - 204 + n, 5000000, '79', 'Kho 4', 'PO-1', '', '', now(), 1, now(), now(),
    now() - (210 - n) * interval '1 day', '', '', '', now(), now() - (209 - n) * interval '1 day',
    false, current_date - 204 + n, 'Kho', n % 50 = 0, ''
from contracts c, generate_series(1, 200) as made(n) where c.number = 'HDB-00001';

insert into delivery_lines (delivery_id, lot_id, lot_code, product_id, category_id, harvested_on,
    certificates, grade, shipped_g, accepted_g, short_g, rejected_g, accepted_grade, reason, currency,
    amount_minor, calculation)
select d.id, lot, 'LO-' || lot, 1, 1, current_date - 300, '[]', '', 2500000,
    case when d.position % 10 = 0 then 2400000 else 2500000 end,
    case when d.position % 10 = 0 then 100000 else 0 end, 0, '', '', 'VND', 300000000, '{}'
from deliveries d, generate_series(1, 2) as lot where d.number like 'GHB-%';

insert into invoices (organisation_id, year, sequence, number, buyer_id, contract_id, delivery_id,
    issued_at, currency, goods_minor, bonus_minor, penalty_minor, deposit_minor, advance_minor,
    retention_minor, carried_minor, commission_minor, total_minor, snapshot)
select c.seller_id, 2026, 90000 + d.position, 'HDB26-' || d.position, c.buyer_id, c.id, d.id, d.accepted_at,
    'VND', 600000000, 0, 1000000, 0, 0, 30000000, 0, 0, 599000000, '{}'
from deliveries d join contracts c on c.id = d.contract_id where d.number like 'GHB-%';

insert into dues (ref, kind, contract_id, invoice_id, buyer_id, seller_id, reference, currency,
    amount_minor, received_minor, returned_minor, state, due_on, created_at, paid_at)
select 'bench:' || i.id || ':' || stage, case stage when 1 then 'stage' else 'retention' end,
    i.contract_id, i.id, i.buyer_id, i.organisation_id, 'BENCH' || i.id || 'S' || stage, 'VND',
    case stage when 1 then 569000000 else 30000000 end, case stage when 1 then 569000000 else 0 end,
    0, case stage when 1 then 'paid' else 'awaiting' end, current_date, now(),
    case stage when 1 then now() end
from invoices i, generate_series(1, 2) as stage where i.number like 'HDB26-%';

set session_replication_role = origin;
