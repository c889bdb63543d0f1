"""Reading contracts: one module for each part of a contract's life."""
