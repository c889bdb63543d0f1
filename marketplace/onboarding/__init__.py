"""Joining the market: applications, and the checklist that the alliance goes through.

Owns the tables of `models.onboarding`. Invariants: the words of a requirement never change under
an application that has it; an item is accepted by two different officers where the requirement
asks for two; an application becomes an organisation at most once, and only when every item is
accepted or waived; a waiver ends by itself. Words: an application is what somebody fills in who
wants to join; a requirement is what the alliance wants of them; an item is one requirement of one
application; to waive is to let an item wait until a day.
"""
