{{ protect('long_term_conditions') }}
