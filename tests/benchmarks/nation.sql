-- Thirty thousand organisations for the desk of the alliance, and the alliance itself. One in
-- twenty waits to be checked. They sell nothing: the goods are those of population.sql.
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

insert into organisations (code, slug, kind, name, short_name, sort_key, province_code, address,
    tagline_vi, tagline_en, story_vi, story_en, verification, commission_bps, created_at)
values ('BLM', 'b-lien-minh', 'alliance', 'Liên minh Hợp tác xã', 'Liên minh', 'lien minh', '01', '',
    '', '', '', '', 'verified', 0, now());

set session_replication_role = origin;
