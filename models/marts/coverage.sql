{{ protect('coverage') }}
