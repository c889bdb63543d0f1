"""Reports: reads only, across sub-domains.

The revenue book of a seller is the sum of its revenue facts; the months' sums that the database
keeps beside them (`models.ledger.RevenueMonth`) make it quick. Every figure can be opened: the
facts behind it are what `revenue_lines` lists. Months are calendar months in Việt Nam.
"""
