{{ protect('frailty') }}
