"""Messages to people: written with the fact that they tell, sent later.

Owns the table of `models.notifications`. Invariants: a fact is told to a reader once (the unique
key); a message exists if and only if the fact was committed; a link that opens an account is wiped
from the table once it has been sent. Words: a message is what a person gets; a mail is its form on
the wire; the outbox is the folder that takes mails where no mail server is set.
"""
