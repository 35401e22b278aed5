{{ protect('lengths_of_stay') }}
