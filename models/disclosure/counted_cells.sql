{# True counts, and the people behind them, of every cell that is released or that released cells add up to. #}
{{ config(tags=['disclosure']) }}
with
{%- for units_model, system in var('systems').items() %}
{{ units_model }}_attributed as (
{{ attributed_units(units_model, system.sets) }}
),

{{ units_model }}_tallied as (
{{ tallied_units(units_model) }}
),
{%- endfor %}

counted as (
{%- for units_model, system in var('systems').items() %}
{%- set last_system = loop.last %}
{%- for set in system.sets %}
{{ count_cells(units_model, set) }}
    {{- '' if last_system and loop.last else ' union all ' }}
{%- endfor %}
{%- endfor %}
)

select * from counted
