-- Thirty thousand organisations for the desk of the alliance, and the alliance itself; one in
-- twenty waits to be checked. They sell nothing by retail: the goods on the stalls are those of
-- population.sql, and cooperative B1 of those has ten thousand households. Each of the thirty
-- thousand expects a harvest in each of twelve months, every third with a certificate, for the
-- search of enterprise BDN. Five thousand have asked to join, all thirty thousand have declared
-- three years, and six hundred are to be reminded of their promises.
set session_replication_role = replica;

create temporary table syllable as
select word, lower(translate(word, 'ÁẢẠẤẨẬĐéêầôốỹịíìòóơúưàạáâăãđ', 'AAAAAADeeaooyiiiooouuaaaaaad')) as folded,
    row_number() over () - 1 as n from unnest(array['An','Bình','Cẩm','Đại','Đông','Giang',
    'Hà','Hòa','Hưng','Khánh','Kim','Lâm','Long','Mỹ','Nam','Ninh','Phong','Phú','Quang','Sơn','Tân',
    'Tây','Thạnh','Thành','Thịnh','Thuận','Tiến','Trà','Trung','Văn','Vĩnh','Xuân']) word;

insert into organisations (code, slug, kind, name, short_name, sort_key, tax_code, province_code,
    address, tagline_vi, tagline_en, story_vi, story_en, verification, verified_at, commission_bps,
    created_at)
select 'N' || made.n, 'hop-tac-xa-nong-nghiep-' || a.folded || '-' || b.folded || '-' || made.n,
    (array['cooperative','cooperative','cooperative','group','union'])[1 + made.n % 5],
    'Hợp tác xã Nông nghiệp ' || a.word || ' ' || b.word || ' ' || made.n, a.word || ' ' || b.word,
    lpad(a.n::text, 2, '0') || lpad(b.n::text, 2, '0') || lpad(made.n::text, 6, '0'),
    '09' || lpad(made.n::text, 8, '0'),
    (array['01','24','38','48','51','56','66','68','75','79','82','86','91','92','96'])[1 + made.n % 15],
    '', '', '', '', '', case when made.n % 20 = 0 then 'pending' else 'verified' end,
    case when made.n % 20 > 0 then now() - interval '1 year' end, 500,
    now() - (made.n % 900) * interval '1 day'
from generate_series(1, 30000) as made(n)
join syllable a on a.n = made.n % 32
join syllable b on b.n = (made.n / 32) % 32;

insert into products (organisation_id, category_id, slug, name_vi, name_en, summary_vi, summary_en,
    story_vi, story_en, storage_vi, storage_en, province_code, season, search_text, state,
    published_at, created_at, updated_at)
select o.id, l.id, 'du-kien-' || o.id, goods.name || ' ' || o.short_name, '', '', '', '', '', '', '',
    o.province_code, '222222222222', '', 'published', now(), now(), now()
from organisations o
join leaf l on l.n = o.id % (select count(*) from leaf)
cross join lateral (select (array['Cà phê Robusta','Gạo ST25','Bưởi da xanh','Hạt tiêu','Mật ong',
    'Chè shan','Cam sành','Xoài cát','Tôm sú','Nấm hương'])[1 + o.id % 10] as name) goods
where o.code like 'N%';
insert into supplies (organisation_id, product_id, grade, month, forecast_g, held_g, contracted_g,
    updated_at)
select p.organisation_id, p.id, (array['', 'loại 1', 'loại 2'])[1 + p.id % 3],
    (date_trunc('month', now() at time zone 'Asia/Ho_Chi_Minh') + n * interval '1 month')::date,
    (1 + (p.id * 7 + n * 3) % 40) * 1000000, 500000, (p.id % 2) * 500000, now()
from products p, generate_series(0, 11) n where p.slug like 'du-kien-%';
insert into certificates (organisation_id, scheme_code, number, issuer, valid_from, valid_to,
    scope, state, claimed_at, decided_at, decision_note, holder_shows_file)
select p.organisation_id, (array['VIETGAP_CROP','GLOBALGAP_IFA','ORGANIC_VN'])[1 + p.id % 3],
    'S-' || p.id, 'Tổ chức chứng nhận', current_date - 200, current_date + 100 + (p.id % 500)::int, '',
    'verified', now(), now(), '', false
from products p where p.slug like 'du-kien-%' and p.id % 9 in (0, 1, 2);
insert into product_certificates (product_id, certificate_id)
select p.id, c.id from certificates c join products p on c.number = 'S-' || p.id;

insert into organisations (code, slug, kind, name, short_name, sort_key, province_code, address,
    tagline_vi, tagline_en, story_vi, story_en, verification, commission_bps, created_at)
values ('BDN', 'b-doanh-nghiep', 'enterprise', 'Công ty Thu mua', 'Thu mua', 'thu mua', '79', '',
    '', '', '', '', 'verified', 0, now());

insert into organisations (code, slug, kind, name, short_name, sort_key, province_code,
    covers_province_code, address, tagline_vi, tagline_en, story_vi, story_en, verification, commission_bps, created_at)
values ('BLM', 'b-lien-minh', 'alliance', 'Liên minh Hợp tác xã', 'Liên minh', 'lien minh', '01', null, '',
    '', '', '', '', 'verified', 0, now()),
    ('BLM66', 'b-lien-minh-66', 'alliance', 'Liên minh Hợp tác xã tỉnh Đắk Lắk', 'Liên minh Đắk Lắk',
    'lien minh dak lak', '66', '66', '', '', '', '', '', 'verified', 0, now());

insert into households (organisation_id, code, kind, name, phone, province_code, hamlet, joined_on,
    left_on, is_official, consented_on, consent_note, is_hidden, note, search_text, sort_key, created_at)
select o.id, 'H' || lpad(made.n::text, 5, '0'), 'household',
    (array['Nguyễn','Trần','Lê','Phạm','Hoàng','Y','H’'])[1 + made.n % 7] || ' Văn ' || a.word || ' ' || b.word,
    '+849' || lpad(made.n::text, 8, '0'), o.province_code, 'Thôn ' || 1 + made.n % 12,
    date '2015-01-01' + made.n % 4000, case when made.n % 15 = 0 then date '2026-06-30' end,
    made.n % 8 > 0, case when made.n % 3 = 0 then date '2026-01-15' end, '', made.n % 3 > 0, '',
    (array['nguyen','tran','le','pham','hoang','y','h'])[1 + made.n % 7] || ' van ' || a.folded || ' ' || b.folded,
    a.folded || ' ' || lpad(made.n::text, 5, '0'), now()
from generate_series(1, 10000) as made(n)
join syllable a on a.n = made.n % 32
join syllable b on b.n = (made.n / 32) % 32
join organisations o on o.code = 'B1';

insert into applications (code, email, contact_name, phone, locale, resume_token_hash, kind, name,
    province_code, address, story_vi, step, state, created_at, saved_at, submitted_at, waiting_since,
    decision_note)
select 'HS' || made.n, 'n' || made.n || '@example.com', 'Nguyễn Văn ' || a.word, '+84900000000', 'vi',
    md5(made.n::text), (array['cooperative','group','union'])[1 + made.n % 3],
    'Hợp tác xã ' || a.word || ' ' || made.n,
    (array['01','24','38','48','51','56','66','68','75','79','82','86','91','92','96'])[1 + made.n % 15],
    '', '', 5, case when made.n % 10 = 0 then 'returned' else 'submitted' end,
    now() - interval '90 days', now(), now() - made.n * interval '20 minutes',
    case when made.n % 10 > 0 then now() - made.n * interval '20 minutes' end, ''
from generate_series(1, 5000) as made(n) join syllable a on a.n = made.n % 32;

insert into yearly_statistics (organisation_id, year, version, official_members,
    associate_members_capital, associate_members_other, labourers, labourers_members,
    charter_capital_minor, total_assets_minor, revenue_internal_minor, revenue_external_minor,
    profit_minor, managers, managers_trained, mean_income_minor, note, reason, declared_at, declared_by_id)
select o.id, year, 1, 50 + o.id % 200, 3, 1, 60 + o.id % 200, 50, 1860000000, 6470000000, 400000000,
    3000000000, 150000000, 5, 3, 60000000, '', '', now(), 1
from organisations o, generate_series(2023, 2025) year where o.code like 'N%';

-- As many beyond a limit as the count finds among a million orders of a year.
insert into promise_reminders (organisation_id, off_kept, off_missed, late_kept, late_missed, replies, counted_at)
select id, 12, 3, 9, 4, 1, now() from organisations where code like 'N%' and id % 50 = 0;
insert into supplies (organisation_id, product_id, grade, month, forecast_g, held_g, contracted_g, updated_at)
select p.organisation_id, p.id, '', month::date, 12345000 + p.id * 1000, 1200000, 2000000, now()
from products p join organisations o on o.id = p.organisation_id and o.code = 'B1',
    generate_series(date_trunc('month', now()) - interval '12 months',
        date_trunc('month', now()) + interval '11 months', interval '1 month') as month;

set session_replication_role = origin;
