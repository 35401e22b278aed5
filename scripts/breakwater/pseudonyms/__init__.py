"""Pseudonyms, made at the provider: keyed hashes, months and small areas in place of identities."""
