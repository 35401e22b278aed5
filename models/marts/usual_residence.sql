{{ protect('usual_residence') }}
