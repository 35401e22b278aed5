{# A condition that every row must meet; a row for which it is unknown fails too. #}
{% test holds(model, condition) %}
select *
from {{ model }}
where not coalesce({{ condition }}, false)
{% endtest %}
