{{ protect('care_home_admissions') }}
