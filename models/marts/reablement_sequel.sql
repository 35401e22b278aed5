{{ protect('reablement_sequel') }}
