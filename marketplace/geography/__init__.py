"""Provinces, regions and communes of Việt Nam, with the days from which a name or a kind holds.

Owns: the 34 provinces and centrally run cities (code of two digits), the 6 socio-economic regions
they lie in, and the 3,321 communes, wards and special zones (code of five digits). There has been
no district level since 1 July 2025. Everything is keyed by code: a code never changes while its
unit exists and is never given to another unit, but names and kinds do change, so they are dated.
An address that was written into an order stays as it was written.

Nothing here is in the database: the units are two small files beside this package, read once on
first use into frozen values.

Sources:
    Codes and names of 1 July 2025: Decision 19/2025/QĐ-TTg, by way of the PyPI package
    vietnamadminunits 1.0.4 (MIT; data/vietnamadminunits-MIT.txt).
    Regions: Resolution 306/NQ-CP of 5 October 2025.
    Provinces that became cities: Huế (175/2024/QH15, 1 January 2025), Đồng Nai (30/2026/QH16,
    30 April 2026), Quảng Ninh (36/2026/QH16, 1 September 2026), Bắc Ninh (39/2026/QH16,
    20 September 2026).
    Communes that became wards: 10 of Đồng Nai (237/NQ-UBTVQH16), 12 of Bắc Ninh
    (388/NQ-UBTVQH16).

Not verified: the gazette texts of the resolutions of 2026 were not read (public data sets and
press reports agree on them), and changes after 20 September 2026 are not known.

Words: region (vùng), province (tỉnh or thành phố), commune (xã, phường or đặc khu), former name
(a province merged away in 2025, which buyers still search for).
"""
