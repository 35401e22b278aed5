{# The protected cells of one measure: the only way from true counts to a mart.

   Counts are rounded here and nowhere else, withheld numbers are empty here and nowhere else, and every rate,
   percentage and interval is made from the rounded counts, so that it tells nothing more than they do. #}
{% macro protect(measure) %}
{%- set entry = var('measures')[measure] -%}
with cells as (
    select
        units_model,
        category_set,
        period_type,
        period_start,
        area_level,
        area_code,
        age_level,
        age_band,
        sex_level,
        sex,
        -- rounding comes after the threshold, which was tested on people; a kept figure is an earlier release's
        case when decision = 'shown' then {{ rounded('counted') }} when decision = 'kept' then kept_count end as published,
        decision in ('shown', 'kept') as is_shown,
        decision = 'kept' as is_kept,
        kept_value,
        kept_lower,
        kept_upper,
        decision = 'not yet known' as is_pending
    from {{ ref('withheld_cells') }}
),

population as (
    {{ _population_of(entry.age_bands) }}
),

registered_cells as (
    {{ _registered_residents(entry.age_bands) }}
),

residents_of_practices as (
    select * from registered_cells where area_level = 'practice'
),

standardised_rates as (
    select * from {{ ref('standardised_rates') }}
),

{% for series in entry.series %}
series_{{ loop.index }} as (
    {{ _series_cells(entry.units, series) }}
),

{% endfor -%}

all_series as (
    {%- for series in entry.series %}
    select
        '{{ series.category_type }}' as category_type,
        '{{ series.category }}' as category,
        series_{{ loop.index }}.*
    from series_{{ loop.index }}
    {{ 'union all by name' if not loop.last }}
    {%- endfor %}
),

protected as (
    select
        cast('{{ measure }}' as varchar) as measure,
        cast(period_type as varchar) as period_type,
        cast(period_start as date) as period_start,
        -- quintiles are of the place; their own column says which
        cast(case when area_level = 'quintile' then 'place' else area_level end as varchar) as area_type,
        cast(case when area_level = 'quintile' then '{{ var("place") }}' else area_code end as varchar) as area_code,
        cast(age_band as varchar) as age_band,
        cast(sex as varchar) as sex,
        cast(case when area_level = 'quintile' then area_code else 'all' end as varchar) as deprivation_quintile,
        cast(category_type as varchar) as category_type,
        cast(category as varchar) as category,
        cast(case when status in ('shown', 'p') then numerator end as bigint) as numerator,
        cast(case when status in ('shown', 'p') then denominator end as bigint) as denominator,
        cast(case when status in ('shown', 'p') then value end as double) as value,
        cast(case when status in ('shown', 'p') then lower end as double) as lower,
        cast(case when status in ('shown', 'p') then upper end as double) as upper,
        cast(status as varchar) as status
    from all_series
)

select * from protected
{% endmacro %}

{# What is shown for a true count: the nearest multiple of the rounding or, by the method `midpoint`, the middle of a band. #}
{% macro rounded(count) -%}
  {%- set step = var('disclosure').rounding -%}
  {%- if var('disclosure').method == 'midpoint' -%}
  cast(ceil({{ count }} / {{ step }}.0) * {{ step }} - case when {{ count }} > 0 then {{ step // 2 }} else 0 end as bigint)
  {%- else -%}
  cast(round({{ count }} / {{ step }}.0) * {{ step }} as bigint)
  {%- endif -%}
{%- endmacro %}

{# Whether a number could have been shown for a count: a multiple of the rounding or the middle of a band, and not small. #}
{% macro could_be_shown(number) -%}
  {%- set step = var('disclosure').rounding -%}
  {%- if var('disclosure').method == 'midpoint' -%}
  ({{ number }} = 0 or {{ number }} % {{ step }} = {{ step // 2 }})
  {%- else -%}
  ({{ number }} % {{ step }} = 0 and {{ number }} not between 1 and {{ var('disclosure').threshold }})
  {%- endif -%}
{%- endmacro %}

{# Cells of the set at the cuts of a series. #}
{% macro _at_cuts(alias, units_model, category_set, series) -%}
  {{ alias }}.units_model = '{{ units_model }}' and {{ alias }}.category_set = '{{ category_set }}'
  and ({{ alias }}.period_type, {{ alias }}.area_level, {{ alias }}.age_level, {{ alias }}.sex_level) in (
      {%- for cut in series.cuts %}('{{ cut | join("', '") }}'){{ ', ' if not loop.last }}{% endfor -%}
  )
{%- endmacro %}

{% macro _series_cells(units_model, series) -%}
  {%- if series.kind == 'count' -%}{{ _counts(units_model, series) }}
  {%- elif series.kind == 'crude_rate' -%}{{ _crude_rates(units_model, series) }}
  {%- elif series.kind == 'registered_rate' -%}{{ _registered_rates(units_model, series) }}
  {%- elif series.kind == 'directly_standardised_rate' -%}{{ _standardised_rates(units_model, series) }}
  {%- else -%}{{ _proportions(units_model, series) }}
  {%- endif -%}
{%- endmacro %}

{% macro _dimensions(alias) -%}
  {{ alias }}.period_type, {{ alias }}.period_start, {{ alias }}.area_level, {{ alias }}.area_code, {{ alias }}.age_band, {{ alias }}.sex
{%- endmacro %}

{% macro _counts(units_model, series) %}
    select
        {{ _dimensions('cell') }},
        cell.published as numerator,
        cast(null as bigint) as denominator,
        cell.published as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        case
            when cell.is_pending then 'x'
            when not cell.is_shown then 'c'
            when cell.is_kept then 'p'
            else 'shown'
        end as status
    from cells as cell
    where {{ _at_cuts('cell', units_model, series.counts, series) }}
{% endmacro %}

{# Published residents are the denominator; for a practice, our own count of its residents, which is protected too. #}
{% macro _crude_rates(units_model, series) %}
    select
        {{ _dimensions('cell') }},
        cell.published as numerator,
        coalesce(population.people, registered.published) as denominator,
        {{ series.per }}.0 * cell.published / nullif(coalesce(population.people, registered.published), 0) as value,
        {{ series.per }}.0 * {{ byar_lower('cell.published') }} / nullif(coalesce(population.people, registered.published), 0) as lower,
        {{ series.per }}.0 * {{ byar_upper('cell.published') }} / nullif(coalesce(population.people, registered.published), 0) as upper,
        case
            when cell.is_pending then 'x'
            when not cell.is_shown or not coalesce(registered.is_shown, true) then 'c'
            when coalesce(population.people, registered.published, 0) = 0 then 'x'
            when cell.is_kept or coalesce(registered.is_kept, false) then 'p'
            else 'shown'
        end as status
    from cells as cell
    left join population
        on cell.area_level = population.area_level and cell.area_code = population.area_code
        and cell.age_band = population.age_band and cell.sex = population.sex
    left join residents_of_practices as registered
        on registered.period_start = {{ mid_year_of('cell.period_start') }}
        and cell.area_level = registered.area_level and cell.area_code = registered.area_code
        and cell.age_band = registered.age_band and cell.sex = registered.sex
    where {{ _at_cuts('cell', units_model, series.counts, series) }}
{% endmacro %}

{# Out of the registered residents of the same 30 June whose records are in the figures: a count of ours, protected too. #}
{% macro _registered_rates(units_model, series) %}
    select
        {{ _dimensions('cell') }},
        cell.published as numerator,
        registered.published as denominator,
        {{ series.per }}.0 * cell.published / nullif(registered.published, 0) as value,
        {{ series.per }} / 100.0 * {{ wilson('least(cell.published, registered.published)', 'nullif(registered.published, 0)', '-') }} as lower,
        {{ series.per }} / 100.0 * {{ wilson('least(cell.published, registered.published)', 'nullif(registered.published, 0)', '+') }} as upper,
        case
            when cell.is_pending then 'x'
            when not cell.is_shown or not coalesce(registered.is_shown, true) then 'c'
            when coalesce(registered.published, 0) = 0 then 'x'
            -- nearly everybody: the few who are left, as shown, would be told about
            when cell.published > 0 and registered.published - cell.published <= {{ var('disclosure').threshold }} then 'c'
            when cell.is_kept or registered.is_kept then 'p'
            else 'shown'
        end as status
    from cells as cell
    left join registered_cells as registered
        on cell.period_start = registered.period_start
        and cell.area_level = registered.area_level and cell.area_code = registered.area_code
        and cell.age_band = registered.age_band and cell.sex = registered.sex
    where {{ _at_cuts('cell', units_model, series.counts, series) }}
{% endmacro %}

{# Registered residents as shown; of a measure about some ages only, `all` is the sum of the broad bands that make it up, as
   shown. A sum of middles of bands is no such middle, so by that method there is none. #}
{% macro _registered_residents(age_bands) -%}
    {%- set counted %}
    select * from cells
    where units_model = '{{ var("registered_residents").units_model }}'
        and category_set = '{{ var("registered_residents").category_set }}'
        and period_type = 'mid_year'
    {%- endset %}
  {%- if not age_bands -%}
    {{ counted }}
  {%- else -%}
    select period_start, area_level, area_code, age_band, sex, published, is_shown, is_kept from ({{ counted }}) as counted
    where age_band <> 'all'
    {%- if var('disclosure').method != 'midpoint' %}
    union all
    select
        period_start,
        area_level,
        area_code,
        'all' as age_band,
        sex,
        case when bool_and(is_shown) then cast(sum(published) as bigint) end as published,
        bool_and(is_shown) as is_shown,
        bool_or(is_kept) as is_kept
    from ({{ counted }}) as counted
    where age_level = 'broad' and age_band in (
        {%- for age_band in age_bands %}{{ broad_band("'" ~ age_band ~ "'") }}{{ ', ' if not loop.last }}{% endfor -%}
    )
    group by period_start, area_level, area_code, sex
    {%- endif %}
  {%- endif -%}
{%- endmacro %}

{# Published residents; of a measure about some ages only, `all` is all of those. #}
{% macro _population_of(age_bands) -%}
  {%- if not age_bands -%}
    select area_level, area_code, age_band, sex, people from {{ ref('published_population') }}
  {%- else -%}
    select area_level, area_code, age_band, sex, people from {{ ref('published_population') }} where age_band <> 'all'
    union all
    select area_level, area_code, 'all' as age_band, sex, cast(sum(people) as bigint) as people
    from {{ ref('published_population') }}
    where age_band in ('{{ age_bands | join("', '") }}')
    group by area_level, area_code, sex
  {%- endif -%}
{%- endmacro %}

{# Dobson's interval on Byar's limits, from the rounded count, the rounded rate and the rounded variance. Shown where
   the rounded count is at least 15, so that the true one is at least the ten that the method needs. #}
{% macro _standardised_rates(units_model, series) %}
    select
        {{ _dimensions('cell') }},
        observed.published as numerator,
        population.people as denominator,
        coalesce(cell.kept_value, rates.rate) as value,
        coalesce(
            cell.kept_lower,
            rates.rate + sqrt(rates.variance / observed.published) * ({{ byar_lower('observed.published') }} - observed.published)
        ) as lower,
        coalesce(
            cell.kept_upper,
            rates.rate + sqrt(rates.variance / observed.published) * ({{ byar_upper('observed.published') }} - observed.published)
        ) as upper,
        case
            when cell.is_pending then 'x'
            when not cell.is_shown or not observed.is_shown then 'c'
            when observed.published < 15 or rates.rate is null then 'x'
            when cell.is_kept or observed.is_kept then 'p'
            else 'shown'
        end as status
    from cells as cell
    inner join cells as observed
        on observed.units_model = '{{ units_model }}' and observed.category_set = '{{ series.counts }}'
        and cell.period_type = observed.period_type and cell.period_start = observed.period_start
        and cell.area_level = observed.area_level and cell.area_code = observed.area_code
        and observed.age_band = 'all' and cell.sex = observed.sex
    left join standardised_rates as rates
        on rates.units_model = '{{ units_model }}' and rates.category_set = '{{ series.counts }}'
        and cell.period_type = rates.period_type and cell.period_start = rates.period_start
        and cell.area_level = rates.area_level and cell.area_code = rates.area_code and cell.sex = rates.sex
    left join population
        on cell.area_level = population.area_level and cell.area_code = population.area_code
        and population.age_band = 'all' and cell.sex = population.sex
    where {{ _at_cuts('cell', units_model, 'standardised: ' ~ series.counts, series) }}
{% endmacro %}

{# Numerator and denominator are cells of ours: where either is withheld the share is. #}
{% macro _proportions(units_model, series) %}
    select
        {{ _dimensions('cell') }},
        cell.published as numerator,
        whole.published as denominator,
        100.0 * cell.published / nullif(whole.published, 0) as value,
        {{ wilson('cell.published', 'nullif(whole.published, 0)', '-') }} as lower,
        {{ wilson('cell.published', 'nullif(whole.published, 0)', '+') }} as upper,
        case
            when cell.is_pending then 'x'
            when not cell.is_shown or not whole.is_shown then 'c'
            when whole.published = 0 then 'x'
            when cell.is_kept or whole.is_kept then 'p'
            else 'shown'
        end as status
    from cells as cell
    inner join cells as whole
        on whole.units_model = '{{ units_model }}' and whole.category_set = '{{ series.of }}'
        and cell.period_type = whole.period_type and cell.period_start = whole.period_start
        and cell.area_level = whole.area_level and cell.area_code = whole.area_code
        and cell.age_band = whole.age_band and cell.sex = whole.sex
    where {{ _at_cuts('cell', units_model, series.counts, series) }}
{% endmacro %}

{# 30 June of the financial year that holds a day: 90 days after 1 April. #}
{% macro mid_year_of(day) -%}
  cast({{ dbt.dateadd('day', 90, financial_year(day)) }} as date)
{%- endmacro %}
