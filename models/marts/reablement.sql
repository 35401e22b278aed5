{{ protect('reablement') }}
