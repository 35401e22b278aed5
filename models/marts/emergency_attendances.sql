{{ protect('emergency_attendances') }}
