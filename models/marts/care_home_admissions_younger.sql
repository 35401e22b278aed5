{{ protect('care_home_admissions_younger') }}
