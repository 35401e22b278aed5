{{ protect('acute_ambulatory_care') }}
