{{ protect('readmissions_after_reablement') }}
