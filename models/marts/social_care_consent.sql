{{ protect('social_care_consent') }}
