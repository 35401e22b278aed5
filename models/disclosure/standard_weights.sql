-- What one more event in an age band adds to the directly standardised rate per 100,000: w / n / sum(w), over the ages
-- that the units are about. Rates are rounded to a grain in which five events more or fewer in any one band can hide,
-- as in a count.
with population as (
    select * from {{ ref('published_population') }} where area_level in ('place', 'locality', 'ward', 'quintile')
),

standard as (
    select age_band, european_standard_population_2013 as weight from {{ ref('standard_population') }}
),

ages as (
    select * from (values
        {%- for units_model, system in var('systems').items() if system.standardised %}
        {%- set last_system = loop.last %}
        {%- for age_band in system.age_bands %}
        ('{{ units_model }}', '{{ age_band }}'){{ ',' if not (last_system and loop.last) }}
        {%- endfor %}
        {%- else %}
        (cast(null as varchar), cast(null as varchar))
        {%- endfor %}
    ) as standardised (units_model, age_band)
),

weights as (
    select
        ages.units_model,
        population.area_level,
        population.area_code,
        population.sex,
        standard.age_band,
        100000.0 * standard.weight / nullif(population.people, 0) / sum(standard.weight) over (
            partition by ages.units_model, population.area_level, population.area_code, population.sex
        ) as coefficient,
        -- without people in a band there is no rate
        min(population.people) over (
            partition by ages.units_model, population.area_level, population.area_code, population.sex
        ) > 0 as has_rate
    from population
    inner join standard on population.age_band = standard.age_band
    inner join ages on standard.age_band = ages.age_band
),

grained as (
    select
        weights.*,
        {{ coarse_grain([var('disclosure').rounding, 5] | max ~ ' * max(coefficient) over (partition by units_model, area_level, area_code, sex)') }}
            as rate_grain,
        {{ coarse_grain([var('disclosure').rounding, 5] | max ~ ' * max(coefficient * coefficient) over (partition by units_model, area_level, area_code, sex)') }}
            as variance_grain
    from weights
    where has_rate
)

select units_model, area_level, area_code, sex, age_band, coefficient, rate_grain, variance_grain from grained
