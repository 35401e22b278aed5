"""Statistics of public health, one a file, each with its source. They take numbers, never records."""
