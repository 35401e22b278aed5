{{ protect('readmissions') }}
