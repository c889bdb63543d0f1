"""Invoices of sellers, and what falls due under a contract.

Owns invoices, their numbers and the dues of contracts with their references.

What is always true: the numbers of a seller's invoices in a year are 1, 2, 3 … without a gap; an
invoice never changes; what its dues ask for adds up to its total.
"""
