{{ protect('falls') }}
