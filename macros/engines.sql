{# What DuckDB and Spark say differently: each difference once, DuckDB's words in default__, Spark's in spark__. Models
   know of no engine; tests/models/test_engines.py lists what stands here.

   Those named as a macro of dbt take the place of what dbt-spark brings (dbt_project.yml, dispatch). #}

{# Days are dates, and null where there is none: dbt-spark would go by timestamps and stop at a null. #}
{% macro spark__dateadd(datepart, interval, day) -%}
  {%- set months = {'month': 1, 'quarter': 3, 'year': 12} -%}
  {%- if datepart in ('day', 'week') -%}
  date_add(cast({{ day }} as date), cast({{ interval }} * {{ 7 if datepart == 'week' else 1 }} as int))
  {%- elif datepart in months -%}
  add_months(cast({{ day }} as date), cast({{ interval }} * {{ months[datepart] }} as int))
  {%- else -%}
  {{ exceptions.raise_compiler_error("dateadd counts whole days here, not a " ~ datepart ~ ".") }}
  {%- endif -%}
{%- endmacro %}

{# How many ends of months lie between two days, as DuckDB counts them: dbt-spark would count by days passed. #}
{% macro spark__datediff(first, second, datepart) -%}
  {%- if datepart == 'day' -%}
  datediff(cast({{ second }} as date), cast({{ first }} as date))
  {%- elif datepart == 'month' -%}
  ((year({{ second }}) - year({{ first }})) * 12 + month({{ second }}) - month({{ first }}))
  {%- elif datepart == 'year' -%}
  (year({{ second }}) - year({{ first }}))
  {%- else -%}
  {{ exceptions.raise_compiler_error("datediff counts days, months and years here, not a " ~ datepart ~ ".") }}
  {%- endif -%}
{%- endmacro %}

{# Types as contracts name them, in Spark's names. #}
{% macro spark__cast(field, type) -%}
  cast({{ field }} as {{ spark_type(type) }})
{%- endmacro %}

{% macro spark_type(type) -%}
  {{ return({'varchar': 'string', 'integer': 'int'}.get(type | lower, type | lower)) }}
{%- endmacro %}

{# How many distinct people rows are of. Through lists DuckDB counts them in half the time of count(distinct) over so
   many grouping sets. #}
{% macro distinct_people(person) -%}
  {{ return(adapter.dispatch('distinct_people')(person)) }}
{%- endmacro %}

{% macro default__distinct_people(person) -%}
  len(list_distinct(list({{ person }})))
{%- endmacro %}

{% macro spark__distinct_people(person) -%}
  count(distinct {{ person }})
{%- endmacro %}

{# The most rows that have one value, of rows that have one. #}
{% macro most_alike(value) -%}
  {{ return(adapter.dispatch('most_alike')(value)) }}
{%- endmacro %}

{% macro default__most_alike(value) -%}
  list_max(map_values(histogram({{ value }})))
{%- endmacro %}

{# Of the sorted values, the longest run. #}
{% macro spark__most_alike(value) -%}
  nullif(aggregate(
    array_sort(collect_list({{ value }})),
    named_struct('last', cast(null as string), 'run', 0L, 'most', 0L),
    (seen, next) -> named_struct(
      'last', cast(next as string),
      'run', if(seen.last <=> cast(next as string), seen.run + 1L, 1L),
      'most', greatest(seen.most, if(seen.last <=> cast(next as string), seen.run + 1L, 1L))
    ),
    seen -> seen.most
  ), 0L)
{%- endmacro %}

{# The rows of a units model with `person`, by which distinct people are counted. DuckDB counts short numbers several
   times cheaper than keys; Spark would have to bring all people to one place to number them. #}
{% macro numbered_units(units_model) -%}
  {{ return(adapter.dispatch('numbered_units')(units_model)) }}
{%- endmacro %}

{% macro default__numbered_units(units_model) %}
        select people.person, units.*
        from {{ ref(units_model) }} as units
        inner join (
            select person_key, row_number() over () as person from (select distinct person_key from {{ ref(units_model) }}) as keys
        ) as people on units.person_key = people.person_key
{%- endmacro %}

{% macro spark__numbered_units(units_model) %}
        select units.person_key as person, units.* from {{ ref(units_model) }} as units
{%- endmacro %}
