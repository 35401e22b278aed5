{{ protect('residents') }}
