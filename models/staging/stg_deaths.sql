with deaths as (
    select * from {{ source('landed', 'deaths') }}
),

permitted as (
    select * from {{ ref('stg_permitted_people') }}
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
    inner join permitted on deaths.person_key = permitted.person_key
)

select * from renamed
