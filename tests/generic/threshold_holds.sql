{# No cell is shown that rests on 1 to so many people as the threshold says. #}
{% test threshold_holds(model) %}
select *
from {{ model }}
where decision = 'shown' and people between 1 and {{ var('disclosure').threshold }}
    {%- if var('disclosure').method == 'midpoint' %} and counted > {{ var('disclosure').threshold }}{% endif %}
{% endtest %}
