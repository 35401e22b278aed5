"""The benchmark: all stages, beside one hand-written script that makes the same cells."""
