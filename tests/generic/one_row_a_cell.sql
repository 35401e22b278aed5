{# A cell stands once in a mart: the same figure twice could have two statuses. #}
{% test one_row_a_cell(model) %}
select period_type, period_start, area_type, area_code, age_band, sex, deprivation_quintile, category_type, category
from {{ model }}
group by all
having count(*) > 1
{% endtest %}
