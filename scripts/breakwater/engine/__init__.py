"""Another engine for the row layers: rows as Parquet that it reads, dbt on it, and what it counted brought back."""
