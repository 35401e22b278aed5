{{ protect('direct_payments') }}
