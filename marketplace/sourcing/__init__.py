"""Supply that can be sourced: forecasts per month, requests for quotation, quotes and awards.

Invariants: what is free of a month's supply is never below nothing; a quote cannot be read before
its request is opened, and all are opened together; a request has one award at most, and the parts
of an award add up to it.
"""
