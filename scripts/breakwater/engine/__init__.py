"""What another engine for the row layers reads: landed rows as Parquet that the ledger answers for."""
