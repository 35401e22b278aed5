{{ protect('support_at_home') }}
