-- Ten thousand products of two hundred cooperatives, and one cooperative with a hundred thousand
-- delivered lines. Run as the superuser, so that history can be written at once.
set session_replication_role = replica;

insert into organisations (code, slug, kind, name, short_name, sort_key, province_code, address,
    tagline_vi, tagline_en, story_vi, story_en, verification, verified_at, commission_bps, created_at)
select 'B' || n, 'htx-' || n, 'cooperative', 'Hợp tác xã Nông nghiệp số ' || n, 'HTX số ' || n,
    'htx ' || lpad(n::text, 5, '0'),
    (array['01','24','38','48','51','56','66','68','75','79','82','86','91','92','96'])[1 + n % 15],
    '', 'Của nhà trồng', 'Home grown', repeat('Chuyện của hợp tác xã. ', 20), '', 'verified',
    now() - interval '2 years', 500, now() - interval '3 years'
from generate_series(1, 200) n;

insert into delivery_settings (organisation_id, own_region_fee_minor, other_region_fee_minor,
    own_region_days, other_region_days, offers_pickup, pickup_note, accepts_cash, currency)
select id, 25000, 40000, 2, 4, true, '', true, 'VND' from organisations;

insert into organisations (code, slug, kind, name, short_name, sort_key, province_code, address,
    tagline_vi, tagline_en, story_vi, story_en, verification, commission_bps, created_at)
values ('BCHO', 'b-cho', 'operator', 'Đơn vị vận hành', 'Chợ', 'cho', '01', '', '', '', '', '',
    'verified', 500, now());

-- The leaves of the category tree that is loaded already.
create temporary table leaf as
select id, row_number() over (order by id) - 1 as n from categories where parent_id is not null;

insert into products (organisation_id, category_id, slug, name_vi, name_en, summary_vi, summary_en,
    story_vi, story_en, storage_vi, storage_en, province_code, season, search_text, state,
    published_at, created_at, updated_at, from_price_minor, per_kg_minor)
select o.id, l.id, 'san-pham-' || made.n,
    (array['Cà phê','Gạo','Bưởi','Hạt tiêu','Mật ong','Chè','Cam','Xoài','Tôm','Nấm'])[1 + made.n % 10]
        || ' vụ ' || made.n, '', 'Hàng của hợp tác xã, thu hái đúng vụ.', '',
    repeat('Trồng trên đất nhà, thu hái đúng độ chín. ', 12), '', '', '', o.province_code,
    (array['000000023321','332000000000','111222333222','003320000000'])[1 + made.n % 4],
    (array['ca phe','gao','buoi','hat tieu','mat ong','che tra','cam','xoai','tom','nam'])[1 + made.n % 10]
        || ' vu ' || made.n || ' htx so ' || (1 + made.n % 200) || ' hop tac xa',
    'published', now() - (made.n % 400) * interval '1 day', now() - interval '500 days', now(),
    20000 + (made.n * 7919) % 300 * 1000, (20000 + (made.n * 7919) % 300 * 1000) * 2
from generate_series(1, 10000) as made(n)
join organisations o on o.code = 'B' || (1 + made.n % 200)
join leaf l on l.n = made.n % (select count(*) from leaf);

insert into packs (product_id, name_vi, name_en, net_weight_g, price_minor, currency, position, is_active)
select p.id, size.name, '', size.grams, p.from_price_minor * size.grams / 500, 'VND', size.n, true
from products p
cross join (values (0, 'Gói 500 g', 500), (1, 'Túi 1 kg', 1000), (2, 'Bao 5 kg', 5000)) size(n, name, grams);
update products p set from_pack_id = k.id from packs k where k.product_id = p.id and k.position = 0;

insert into lots (code, organisation_id, product_id, harvested_on, best_before_on, province_code,
    plot_name, growing_area_code, quantity_g, note_vi, note_en, created_at)
select 'L' || p.id || '-' || part, p.organisation_id, p.id, current_date - 30 * part,
    current_date + 300, p.province_code, '', '', 50000000, '', '', now()
from products p, generate_series(1, 2) part;
insert into lot_stocks (lot_id, product_id, on_hand_g, held_g)
select id, product_id, case when product_id % 11 = 0 then 0 else quantity_g end, 0 from lots;
insert into stock_movements (lot_id, kind, grams, ref, reason, at)
select lot_id, 'received', on_hand_g, 'received:' || lot_id, '', now() from lot_stocks where on_hand_g > 0;

insert into certificates (organisation_id, scheme_code, level, number, issuer, valid_from, valid_to,
    scope, state, claimed_at, decided_at, decision_note, holder_shows_file)
select o.id, s.code, s.level, s.code || '-' || o.id, 'Tổ chức chứng nhận', current_date - 200,
    current_date + 400, '', 'verified', now(), now(), '', false
from organisations o cross join (values ('VIETGAP_CROP', null), ('OCOP', 4), ('ORGANIC_VN', null)) s(code, level)
where o.kind = 'cooperative';
insert into product_certificates (product_id, certificate_id)
select p.id, c.id from products p join certificates c on c.organisation_id = p.organisation_id
where (p.id + c.id) % 3 = 0;

-- The book of cooperative B1: 14 months, 50,000 orders, 100,000 lines.
create temporary table seller as select id from organisations where code = 'B1';
create temporary table goods as
select p.id, p.category_id, k.id as pack_id, k.price_minor as price, row_number() over (order by p.id) - 1 as n
from products p join packs k on k.id = p.from_pack_id where p.organisation_id = (select id from seller);

insert into orders (number, idempotency_key, channel, locale, recipient_name, phone, province_code,
    address, note, payment_method, currency, goods_minor, discount_minor, delivery_minor, total_minor,
    state, placed_at)
select 'BM' || n, 'bench-' || n, 'retail', 'vi', 'Người mua', '+84900000000',
    (array['01','24','38','48','51','56','66','68','75','79'])[1 + n % 10], '', '', 'bank_transfer',
    'VND', 200000, 0, 30000, 230000, 'completed', now() - (n % 420) * interval '1 day'
from generate_series(1, 50000) n;
insert into seller_orders (order_id, organisation_id, number, state, delivery_method, currency,
    goods_minor, discount_minor, delivery_minor, total_minor, commission_minor, placed_at,
    confirmed_at, packed_at, handed_over_at, delivered_at, cancel_reason, carrier, tracking_code)
select o.id, (select id from seller), o.number || '-1', 'delivered', 'delivery', 'VND', 200000, 0,
    30000, 230000, 10000, o.placed_at, o.placed_at, o.placed_at, o.placed_at, o.placed_at, '', '', ''
from orders o where o.number like 'BM%';
insert into order_lines (seller_order_id, product_id, pack_id, category_id, product_name_vi,
    product_name_en, pack_name_vi, pack_name_en, net_weight_g, quantity, currency, unit_price_minor,
    goods_minor, discount_minor, commission_bps, commission_minor, certificates)
select s.id, g.id, g.pack_id, g.category_id, 'Cà phê', '', 'Gói 500 g', '', 500, 1, 'VND', 100000,
    100000, 0, 500, 5000, '[]'
from seller_orders s
cross join generate_series(0, 1) part
join goods g on g.n = (s.id + part) % (select count(*) from goods);

insert into ledger_accounts (code, kind, organisation_id, currency)
select 'org:' || id || ':payable', 'liability', id, 'VND' from seller
union all select 'market:commission', 'income', null, 'VND'
union all select 'market:buyer_funds', 'liability', null, 'VND'
on conflict (code) do nothing;
insert into ledger_entries (ref, kind, at, memo)
select 'delivered:' || s.id, 'delivered', s.delivered_at, s.number from seller_orders s;
insert into ledger_postings (entry_id, account_id, currency, amount_minor)
select e.id, a.id, 'VND', case a.code when 'market:buyer_funds' then 230000
    when 'market:commission' then -10000 else -220000 end
from ledger_entries e cross join ledger_accounts a
where e.ref like 'delivered:%' and (a.code in ('market:buyer_funds', 'market:commission')
    or a.organisation_id = (select id from seller));

set session_replication_role = origin; -- the months' sums are made by their trigger
insert into revenue_facts (ref, organisation_id, kind, entry_id, seller_order_id, line_id, product_id,
    category_id, buyer_province_code, channel, occurred_at, business_day, quantity, grams, currency,
    gross_minor, discount_minor, delivery_minor, commission_minor, net_minor)
select 'line:' || l.id, s.organisation_id, 'goods', e.id, s.id, l.id, l.product_id, l.category_id,
    o.province_code, 'retail', s.delivered_at, (s.delivered_at at time zone 'Asia/Ho_Chi_Minh')::date,
    1, 500, 'VND', 100000, 0, 0, 5000, 95000
from order_lines l join seller_orders s on s.id = l.seller_order_id join orders o on o.id = s.order_id
join ledger_entries e on e.ref = 'delivered:' || s.id;
insert into revenue_facts (ref, organisation_id, kind, entry_id, seller_order_id, buyer_province_code,
    channel, occurred_at, business_day, quantity, grams, currency, gross_minor, discount_minor,
    delivery_minor, commission_minor, net_minor)
select 'delivery:' || s.id, s.organisation_id, 'delivery', e.id, s.id, o.province_code, 'retail',
    s.delivered_at, (s.delivered_at at time zone 'Asia/Ho_Chi_Minh')::date, 0, 0, 'VND', 0, 0, 30000, 0, 30000
from seller_orders s join orders o on o.id = s.order_id join ledger_entries e on e.ref = 'delivered:' || s.id;
