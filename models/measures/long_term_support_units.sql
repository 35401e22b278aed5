-- One row per adult resident with long-term support, once a financial year, in the first month of the year.
with people as (
    select
        int_long_term_support.*,
        case when setting = 'home' and direct_payment = 'direct payment' then 'direct payment' else setting end as support
    from {{ ref('int_long_term_support') }} as int_long_term_support
),

areas as (
    select * from {{ ref('int_areas') }}
),

units as (
    select
        people.person_key,
        people.year_start as period_start,
        people.small_area_code,
        people.practice_code,
        {{ five_year_band('people.age') }} as age_band,
        people.sex,
        {{ dbt.concat(['people.support', "', '", 'people.accommodation', "', '", 'people.review']) }} as category
    from people
    inner join areas on people.small_area_code = areas.small_area_code
)

select * from units
