"""Statistics of released figures: plain functions of numbers, that know neither pages nor files."""
