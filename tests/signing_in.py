"""Signing a person in: the fixtures that accounts gives to every test."""
