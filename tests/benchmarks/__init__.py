"""How fast, how much memory, how many statements: `make bench`, not part of the test suite.

Everything is compared with B, the CPU time of one bare Flask + Jinja product page served the same
way in the same run: on a shared machine requests per second swing, this ratio hardly does.
"""
