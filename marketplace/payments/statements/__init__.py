"""Reading a bank's statement file (CSV): bytes in, lines out, or every problem by line and column.

Banks differ in encoding, separator, order and names of columns, and in how they write amounts and
days. What is not recognised with certainty is a problem for a person: nothing is guessed, and a
file with one unreadable line gives no lines at all.
"""
