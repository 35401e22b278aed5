{# What the rows of a model must meet, asked in one query: columns of which no two rows have the same value (a list: the
   same values together), columns that are filled, columns that hold one of some words (or nothing), and conditions, of
   which one that is unknown fails too. Each failure is told by what it breaks. #}
{% test rows_hold(model, unique=[], filled=[], one_of={}, conditions=[]) %}
with rows_and_keys as (
    {%- if filled or one_of or conditions %}
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
    {{ 'union all' if unique }}
    {%- endif %}
    {%- for columns in unique %}
    {%- set key = columns if columns is string else columns | join(', ') %}
    select '{{ key }} stands more than once' from {{ model }} group by {{ key }} having count(*) > 1
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select broken from rows_and_keys where broken is not null
{% endtest %}
