-- The decisions that marts apply: one row per released cell. Counts are true; only the protect macro reads them.
with decided as (
    select * from {{ ref('decided_cells') }}
)

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
    counted,
    people,
    decision,
    low,
    high,
    kept_count,
    kept_value,
    kept_lower,
    kept_upper
from decided
where is_released
