{{ protect('care_reviews') }}
