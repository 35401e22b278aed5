{{ protect('known_to_both') }}
