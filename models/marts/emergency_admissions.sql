{{ protect('emergency_admissions') }}
