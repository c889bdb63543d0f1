"""Proofs over the whole marketplace: who may do what, what a crash leaves, what pages cost."""
