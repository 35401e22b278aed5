{# Non-zero cells of one set of categories of one units model, at every level that the catalogue needs.

   units_model: one row per counted unit with person_key, period_start, small_area_code, practice_code, age_band, sex
   and category. set: {name, categories, levels: [[period, area, age, sex], ...], one_row_a_person, contributor}, from the catalogue;
   where a set has one row a person and period (tested on the units model), rows are people and their tally is enough.
   Gives units_model, category_set, period_type, period_start, area_level, area_code, age_band, sex, counted, people, largest
   (the most that one contributor has, where the catalogue names who contributes). #}
{% macro count_cells(units_model, set) %}
    {%- set tallied = set.one_row_a_person and not set.contributor %}
    {%- set periods = set.levels | map(attribute=0) | unique | list %}
    {%- set areas = set.levels | map(attribute=1) | unique | list %}
    {%- set ages = set.levels | map(attribute=2) | reject('equalto', 'all') | unique | list %}
    {%- set sexes = set.levels | map(attribute=3) | reject('equalto', 'all') | unique | list %}
    select
        '{{ units_model }}' as units_model,
        '{{ set.name }}' as category_set,
        case {% for period in periods %}when grouping({{ period }}) = 0 then '{{ period }}' {% endfor %}end as period_type,
        coalesce({{ periods | join(', ') }}) as period_start,
        case {% for area in areas %}when grouping({{ area }}) = 0 then '{{ area }}' {% endfor %}end as area_level,
        coalesce({{ areas | join(', ') }}) as area_code,
        coalesce({{ (ages + ["'all'"]) | join(', ') }}) as age_band,
        coalesce({{ ((['sex'] if sexes else []) + ["'all'"]) | join(', ') }}) as sex,
        {{ 'cast(sum(rows_alike) as bigint)' if tallied else 'count(*)' }} as counted,
        {{ 'cast(sum(rows_alike) as bigint)' if tallied else distinct_people('person') }} as people,
        cast({{ most_alike(set.contributor) if set.contributor else 'null' }} as bigint) as largest
    from {{ units_model }}_{{ 'tallied' if tallied else 'attributed' }}
    where category in ({% for category in set.categories %}'{{ category }}'{{ ', ' if not loop.last }}{% endfor %})
    group by grouping sets (
        {%- for level in set.levels %}
        ({{ level[0] }}, {{ level[1] }}
            {{- '' if level[2] == 'all' else ', ' ~ level[2] }}{{ '' if level[3] == 'all' else ', sex' }}){{ ',' if not loop.last }}
        {%- endfor %}
    )
{% endmacro %}

{# The units themselves, each with its person. Who contributed a unit is kept where a set needs to know. #}
{% macro attributed_units(units_model, sets) %}
    {{ _with_attributes(numbered_units(units_model), ['person'] + (sets | map(attribute='contributor') | select | unique | list)) }}
{% endmacro %}

{# How many units agree in all base attributes: what is to be counted in rows need not be read row by row for every level. #}
{% macro tallied_units(units_model) %}
    {%- set tally %}
        select period_start, small_area_code, practice_code, age_band, sex, category, count(*) as rows_alike
        from {{ ref(units_model) }}
        group by period_start, small_area_code, practice_code, age_band, sex, category
    {%- endset %}
    {{ _with_attributes(tally, ['rows_alike']) }}
{% endmacro %}

{# The base attributes and what they are functions of: ward of small area, quarter of month, and so on. #}
{% macro _with_attributes(units, kept) %}
    select
        {% for column in kept %}units.{{ column }}, {% endfor %}
        units.category,
        units.period_start as month,
        {{ quarter_of('units.period_start') }} as quarter,
        {{ financial_year('units.period_start') }} as year,
        units.period_start as mid_year,
        coalesce(units.small_area_code, 'outside') as small_area,
        coalesce(areas.ward_code, 'outside') as ward,
        coalesce(areas.locality_code, 'outside') as locality,
        coalesce(areas.deprivation_quintile, 'outside') as quintile,
        coalesce(practices.area_code, 'other practice') as practice,
        '{{ var("place") }}' as place,
        units.age_band as five_year,
        {{ broad_band('units.age_band') }} as broad,
        units.sex
    from ({{ units }}
    ) as units
    left join {{ ref('int_areas') }} as areas on units.small_area_code = areas.small_area_code
    left join {{ ref('areas') }} as practices
        on units.practice_code = practices.area_code and practices.area_type = 'practice'
{% endmacro %}
