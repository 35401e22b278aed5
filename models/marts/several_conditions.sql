{{ protect('several_conditions') }}
