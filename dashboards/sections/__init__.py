"""The parts of a measure's page, one a file: each draws its sentence, its chart and its table from released cells."""
