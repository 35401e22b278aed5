with conditions as (
    {{ permitted('gp_conditions') }}
),

names as (
    select * from {{ ref('conditions') }}
),

renamed as (
    select
        conditions.condition_id,
        conditions.person_key,
        conditions.code_list,
        conditions.code,
        names.name as condition_name,
        names.minimum_age,
        names.maximum_age,
        conditions.first_date,
        conditions.last_date
    from conditions
    left join names on conditions.code = names.code
)

select * from renamed
