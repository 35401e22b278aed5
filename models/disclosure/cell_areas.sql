-- Every area a cell can be for, with the coarser areas that hold it; `outside` and `other practice` are never released.
with small_areas as (
    select * from {{ ref('int_areas') }}
),

practices as (
    select area_code from {{ ref('areas') }} where area_type = 'practice'
),

cell_areas as (
    select 'small_area' as area_level, small_area_code as area_code, ward_code as ward, locality_code as locality,
        deprivation_quintile as quintile, place_code as place
    from small_areas
    union all
    select distinct 'ward', ward_code, cast(null as varchar), locality_code, cast(null as varchar), place_code from small_areas
    union all
    select distinct 'locality', locality_code, null, null, null, place_code from small_areas
    union all
    select distinct 'quintile', deprivation_quintile, null, null, null, place_code from small_areas
    union all
    select distinct 'place', place_code, null, null, null, null from small_areas
    union all
    select 'practice', area_code, null, null, null, '{{ var("place") }}' from practices
    union all
    select 'practice', 'other practice', null, null, null, '{{ var("place") }}'
    union all
    select 'small_area', 'outside', 'outside', 'outside', 'outside', '{{ var("place") }}'
    union all
    select 'ward', 'outside', null, 'outside', null, '{{ var("place") }}'
    union all
    select 'locality', 'outside', null, null, null, '{{ var("place") }}'
    union all
    select 'quintile', 'outside', null, null, null, '{{ var("place") }}'
)

select * from cell_areas
