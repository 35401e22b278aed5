{{ protect('care_requests') }}
