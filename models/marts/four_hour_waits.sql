{{ protect('four_hour_waits') }}
