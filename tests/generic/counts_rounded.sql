{# No count of ours from 1 to the threshold, and every one as the policy's method shows counts. #}
{% test counts_rounded(model) %}
select *
from {{ model }}
where not {{ could_be_shown('numerator') }}
{% endtest %}
