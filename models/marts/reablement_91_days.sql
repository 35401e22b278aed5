{{ protect('reablement_91_days') }}
