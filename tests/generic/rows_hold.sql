{# What every row must meet, in one pass over the model: columns that are filled, columns that hold one of some words (or
   nothing), and conditions, of which one that is unknown fails too. Each failing row is told by what it breaks. #}
{% test rows_hold(model, filled=[], one_of={}, conditions=[]) %}
select broken
from (
    select
        case
            {%- for column in filled %}
            when {{ column }} is null then '{{ column }} is empty'
            {%- endfor %}
            {%- for column, words in one_of.items() %}
            when {{ column }} not in ({% for word in words %}'{{ word }}'{{ ', ' if not loop.last }}{% endfor %}) then '{{ column }} is another word'
            {%- endfor %}
            {%- for condition in conditions %}
            when not coalesce({{ condition }}, false) then '{{ condition | replace("'", "''") }} does not hold'
            {%- endfor %}
        end as broken
    from {{ model }}
) as judged
where broken is not null
{% endtest %}
