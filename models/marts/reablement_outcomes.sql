{{ protect('reablement_outcomes') }}
