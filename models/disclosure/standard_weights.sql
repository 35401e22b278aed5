-- What one more event in an age band adds to the directly standardised rate per 100,000: w / n / sum(w).
-- Rates are rounded to a grain in which five events more or fewer in any one band can hide, as in a count.
with population as (
    select * from {{ ref('published_population') }} where area_level in ('place', 'locality', 'ward', 'quintile')
),

standard as (
    select age_band, european_standard_population_2013 as weight from {{ ref('standard_population') }}
),

weights as (
    select
        population.area_level,
        population.area_code,
        population.sex,
        standard.age_band,
        100000.0 * standard.weight / nullif(population.people, 0) / sum(standard.weight) over (
            partition by population.area_level, population.area_code, population.sex
        ) as coefficient,
        -- without people in a band there is no rate
        min(population.people) over (
            partition by population.area_level, population.area_code, population.sex
        ) > 0 as has_rate
    from population
    inner join standard on population.age_band = standard.age_band
),

grained as (
    select
        weights.*,
        {{ coarse_grain([var('disclosure').rounding, 5] | max ~ ' * max(coefficient) over (partition by area_level, area_code, sex)') }}
            as rate_grain,
        {{ coarse_grain([var('disclosure').rounding, 5] | max ~ ' * max(coefficient * coefficient) over (partition by area_level, area_code, sex)') }}
            as variance_grain
    from weights
    where has_rate
)

select area_level, area_code, sex, age_band, coefficient, rate_grain, variance_grain from grained
