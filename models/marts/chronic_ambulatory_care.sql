{{ protect('chronic_ambulatory_care') }}
