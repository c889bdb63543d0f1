"""Who will have how much of what, where and when: what buyers search for supply in.

Reads only. `search` is what can be asked, with its one way of standing in an address; `yard` holds
the keys of the forward books of all sellers in memory; `finding` answers from it who fits and how
much; `offers` reads fresh from the database what is shown of them. The yard may be some seconds
old, what is shown never is. Only verified sellers and published products are in it.
"""
