{{ protect('reablement_flow') }}
