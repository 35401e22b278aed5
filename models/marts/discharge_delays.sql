{{ protect('discharge_delays') }}
