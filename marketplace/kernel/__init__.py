"""Values and rules that need nothing but the standard library.

Money, quantities, Vietnamese text, identifiers, payment references and VietQR codes, states,
periods, errors, the clock and the mark for translation. Nothing here knows a database or a page.
"""
