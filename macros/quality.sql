{# What the quality of an extract is told by: the day that puts a row into a month, and what makes a row complete: the
   fields that figures rest on, filled with something that says something. #}
{% macro landed_extracts() -%}
  {{ return({
    'gp_registrations': {
      'day': 'registered_from',
      'complete': ["birth_month is not null", "sex in ('1', '2')", "lsoa_code is not null", "practice_code is not null"],
    },
    'gp_conditions': {'day': 'first_date', 'complete': ["code is not null", "first_date is not null"]},
    'apc_episodes': {
      'day': 'admidate',
      'complete': [
        "admidate > cast('1801-01-01' as date)", "sex in ('1', '2')", "startage is not null", "lsoa21 is not null",
        "gpprac not in ('V81997', 'V81998', 'V81999')", "diag_4_01 is not null",
      ],
    },
    'emergency_care': {
      'day': 'arrival_date',
      'complete': [
        "stated_gender in ('1', '2')", "age_at_arrival is not null", "lsoa_2011 is not null",
        "practice_code_patient_registration is not null",
      ],
    },
    'outpatients': {
      'day': 'apptdate',
      'complete': [
        "apptdate > cast('1801-01-01' as date)", "sex in ('1', '2')", "apptage is not null", "lsoa11 is not null",
        "gpprac not in ('V81997', 'V81998', 'V81999')",
      ],
    },
    'community_contacts': {
      'day': 'care_contact_date',
      'complete': [
        "person_stated_gender_code in ('1', '2')", "age_at_care_contact_date is not null", "lsoa_of_residence is not null",
        "general_medical_practice_code is not null",
      ],
    },
    'mental_health': {
      'day': 'coalesce(care_contact_date, spell_start_date, referral_request_received_date)',
      'complete': [
        "birth_month is not null", "gender in ('1', '2')", "lsoa2021 is not null",
        "practice_code not in ('V81997', 'V81998', 'V81999')",
      ],
    },
    'social_care_events': {
      'day': 'event_start_date',
      'complete': [
        "event_start_date is not null", "gender is not null", "der_birth_year is not null", "lsoa21 is not null",
        "gp_practice_code is not null",
      ],
    },
    'deaths': {
      'day': 'reg_date_of_death',
      'complete': [
        "birth_month is not null", "dec_sex in ('1', '2')", "lsoa_of_residence_code is not null",
        "s_underlying_cod_icd10 is not null",
      ],
    },
    'permissions': {'day': 'from_date', 'complete': ["from_date is not null"]},
  }) }}
{%- endmacro %}
