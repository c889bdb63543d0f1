"""What a seller promises by signing a contract, delivery by delivery, and what it says beside it.

Owns the replies beside deliveries. Everything else here is read from contracts, deliveries and
certificates: nobody writes down whether a promise was kept.
"""
