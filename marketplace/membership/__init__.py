"""The members of an organisation: who they are, what they paid in, the land they farm.

Owns `households`, `share_contributions`, `register_imports`, `register_import_rows`, `plots`,
`growing_areas` and `growing_area_plots`. A member (thành viên) is a household, a person or a legal
entity in the register of one organisation; a plot (thửa đất) is a piece of land or water that a
member farms; a growing area (vùng trồng) is a code that an authority gave to plots with one crop
for one market.

Invariants: a code is unique in its organisation and never given away; a member is hidden from
everybody outside until they have agreed, which the row says with the day; shares are only ever
added, and nobody gets back more than they paid in; a file of members or plots is written whole
or not at all. Words about a member never go into the audit trail, so that they can be erased. What
a year came to is never changed: a correction is a new version with its reason (`yearly`).
"""
