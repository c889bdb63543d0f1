"""The forward supply book: what a seller expects of a product in a month, and for whom it is kept.

Owns: forecasts by product, grade and month; their history; what of them is held for quotes and
contracted. Always true: free = forecast − contracted − held is never below nothing; what a month
holds is the sum of its open holds. A month is the first day of it, in Việt Nam.
"""
