{{ protect('long_term_support') }}
