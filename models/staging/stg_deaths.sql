with deaths as (
    {{ permitted('deaths') }}
),

renamed as (
    select
        deaths.dec_id as death_id,
        deaths.person_key,
        deaths.birth_month,
        {{ sex('deaths.dec_sex') }} as sex,
        deaths.reg_date_of_death as death_date,
        deaths.reg_date as registration_date,
        deaths.lsoa_of_residence_code as small_area_code,
        deaths.s_underlying_cod_icd10 as underlying_cause
    from deaths
)

select * from renamed
