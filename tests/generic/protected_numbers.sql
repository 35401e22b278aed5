{# Withheld and not-yet-known cells hold no number at all; shown cells hold a numerator and a value. #}
{% test protected_numbers(model) %}
select *
from {{ model }}
where (status in ('c', 'x') and coalesce(numerator, denominator, value, lower, upper) is not null)
    or (status in ('shown', 'p') and (numerator is null or value is null))
    or status not in ('shown', 'p', 'c', 'x')
{% endtest %}
