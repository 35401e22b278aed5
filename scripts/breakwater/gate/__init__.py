"""The gate: what lets extracts into the warehouse, and the account of every row ever offered."""
