-- Small areas of the place with what holds them.
with areas as (
    select * from {{ ref('areas') }}
),

small_areas as (
    select
        small_area.area_code as small_area_code,
        ward.area_code as ward_code,
        locality.area_code as locality_code,
        locality.parent_code as place_code,
        cast(small_area.deprivation_quintile as {{ dbt.type_string() }}) as deprivation_quintile
    from areas as small_area
    inner join areas as ward on small_area.parent_code = ward.area_code
    inner join areas as locality on ward.parent_code = locality.area_code
    where small_area.area_type = 'small_area' and locality.parent_code = '{{ var("place") }}'
)

select * from small_areas
