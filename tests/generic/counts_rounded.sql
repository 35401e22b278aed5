{# No count of ours from 1 to the threshold, and every one a multiple of the rounding. #}
{% test counts_rounded(model) %}
select *
from {{ model }}
where numerator between 1 and {{ var('disclosure').threshold }}
    or numerator % {{ var('disclosure').rounding }} <> 0
{% endtest %}
