-- Published residents by the same levels as cells: the denominator of rates, shown as published.
with residents as (
    select * from {{ ref('population') }}
),

attributed as (
    select
        areas.small_area_code as small_area,
        areas.ward_code as ward,
        areas.locality_code as locality,
        areas.deprivation_quintile as quintile,
        areas.place_code as place,
        residents.age_band as five_year,
        {{ broad_band('residents.age_band') }} as broad,
        residents.sex,
        residents.people
    from residents
    inner join {{ ref('int_areas') }} as areas on residents.area_code = areas.small_area_code
),

population as (
    select
        case
            when grouping(small_area) = 0 then 'small_area' when grouping(ward) = 0 then 'ward'
            when grouping(locality) = 0 then 'locality' when grouping(quintile) = 0 then 'quintile' else 'place'
        end as area_level,
        coalesce(small_area, ward, locality, quintile, place) as area_code,
        coalesce(five_year, broad, 'all') as age_band,
        coalesce(sex, 'all') as sex,
        cast(sum(people) as bigint) as people
    from attributed
    group by grouping sets (
        {%- for area in ['place', 'locality', 'ward', 'small_area', 'quintile'] %}
        {%- for age in ['', ', broad', ', five_year'] %}
        ({{ area }}{{ age }}), ({{ area }}{{ age }}, sex){{ ',' if not loop.last }}
        {%- endfor %}{{ ',' if not loop.last }}
        {%- endfor %}
    )
)

select * from population
