-- Directly standardised rates per 100,000 and their variance, each as true value rounded to its grain.
-- Source: Dobson et al. 1991, Statistics in Medicine 10:457-462; European Standard Population 2013.
with counted as (
    select * from {{ ref('counted_cells') }}
    where period_type = 'year' and age_band in (select age_band from {{ ref('standard_population') }})
),

weights as (
    select * from {{ ref('standard_weights') }}
),

summed as (
    select
        counted.units_model,
        counted.category_set,
        counted.period_type,
        counted.period_start,
        counted.area_level,
        counted.area_code,
        counted.sex,
        sum(counted.counted * weights.coefficient) as rate,
        sum(counted.counted * weights.coefficient * weights.coefficient) as variance,
        max(weights.rate_grain) as rate_grain,
        max(weights.variance_grain) as variance_grain
    from counted
    inner join weights
        on counted.units_model = weights.units_model
        and counted.area_level = weights.area_level
        and counted.area_code = weights.area_code
        and counted.sex = weights.sex
        and counted.age_band = weights.age_band
    group by all
),

rounded as (
    select
        summed.* exclude (rate, variance),
        round(rate / rate_grain) * rate_grain as rate,
        round(variance / variance_grain) * variance_grain as variance
    from summed
)

select * from rounded
