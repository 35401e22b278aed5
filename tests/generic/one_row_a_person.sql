{# In these categories a person has at most one row a period (`period` is an expression over period_start). What the
   catalogue counts in people relies on it. #}
{% test one_row_a_person(model, categories, period) %}
select person_key, {{ period }} as period
from {{ model }}
where category in ({% for category in categories %}'{{ category }}'{{ ', ' if not loop.last }}{% endfor %})
group by person_key, {{ period }}
having count(*) > 1
{% endtest %}
