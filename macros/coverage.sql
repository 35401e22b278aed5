{# Days, and whether extracts cover each of them and the days that follow: what has not been followed up is not yet known.
   from_model: a relation or CTE with the column `day`. Gives the column `day` and is_followed_up. #}
{% macro followed_up_days(from_model, day, days, extracts) %}
    select
        days.{{ day }},
        count(covered_months.month_start) = {{ extracts | length }} * (1 + {{ dbt.datediff(
            month_of('days.' ~ day), month_of(dbt.dateadd('day', days, 'days.' ~ day)), 'month'
        ) }}) as is_followed_up
    from (select distinct {{ day }} from {{ from_model }} where {{ day }} is not null) as days
    left join {{ ref('stg_covered_months') }} as covered_months
        on covered_months.extract_name in ('{{ extracts | join("', '") }}')
        and covered_months.month_start >= {{ month_of('days.' ~ day) }}
        and covered_months.month_start <= {{ dbt.dateadd('day', days, 'days.' ~ day) }}
    group by days.{{ day }}
{% endmacro %}
