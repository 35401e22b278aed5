{# Attributes in our vocabulary, from the codes of the extracts. Both engines run these. #}

{% macro sex(code) -%}
  case when {{ code }} = '1' then 'male' when {{ code }} = '2' then 'female' else 'not known' end
{%- endmacro %}

{# CLD writes words. #}
{% macro sex_in_words(word) -%}
  case when lower({{ word }}) = 'male' then 'male' when lower({{ word }}) = 'female' then 'female' else 'not known' end
{%- endmacro %}

{# The 19 bands of the European Standard Population: 0-4, 5-9, ... 85-89, 90+. #}
{% macro five_year_band(age) -%}
  case
    {%- for start in range(0, 90, 5) %}
    when {{ age }} < {{ start + 5 }} then '{{ start }}-{{ start + 4 }}'
    {%- endfor %}
    when {{ age }} is not null then '90+'
  end
{%- endmacro %}

{% macro broad_band(band) -%}
  case
    when {{ band }} in ('0-4', '5-9', '10-14', '15-19') then '0-19'
    when {{ band }} in ('65-69', '70-74') then '65-74'
    when {{ band }} in ('75-79', '80-84') then '75-84'
    when {{ band }} in ('85-89', '90+') then '85+'
    when {{ band }} is not null then '20-64'
  end
{%- endmacro %}

{# Age in whole years, from the month of birth: exact but for the month itself. #}
{% macro age_on(birth_month, day) -%}
  cast(floor({{ dbt.datediff(birth_month, day, 'month') }} / 12.0) as integer)
{%- endmacro %}

{# HES writes babies as 7001 to 7007 and an unknown age as nothing. #}
{% macro hes_age(startage) -%}
  case when {{ startage }} between 7001 and 7007 then 0 when {{ startage }} <= 120 then {{ startage }} end
{%- endmacro %}

{# HES writes no date as 1800-01-01 and an invalid one as 1801-01-01. #}
{% macro hes_date(day) -%}
  case when {{ day }} > cast('1801-01-01' as date) then {{ day }} end
{%- endmacro %}

{# HES writes V81997, V81998, V81999 and & where there is no practice or it is not known. #}
{% macro hes_practice(code) -%}
  case when {{ code }} not in ('V81997', 'V81998', 'V81999', '&') then {{ code }} end
{%- endmacro %}

{# Whether somebody came to an appointment or a contact: the code of HES, CSDS and MHSDS. #}
{% macro attendance(code) -%}
  case
    when {{ code }} in ('5', '6') then 'attended'
    when {{ code }} in ('3', '7') then 'did not attend'
    when {{ code }} = '2' then 'cancelled by the patient'
    when {{ code }} = '4' then 'cancelled by the provider'
    else 'not known'
  end
{%- endmacro %}

{# How a contact took place: the consultation mechanism of CSDS and MHSDS. #}
{% macro consultation(code) -%}
  case
    when {{ code }} = '01' then 'face to face'
    when {{ code }} = '02' then 'telephone'
    when {{ code }} is not null then 'on line or other'
    else 'not known'
  end
{%- endmacro %}

{# HES writes - where there is no diagnosis. #}
{% macro hes_code(code) -%}
  case when {{ code }} <> '-' then {{ code }} end
{%- endmacro %}

{# HES writes X99*, & or - where no procedure is coded. #}
{% macro hes_procedure(code) -%}
  case when {{ code }} not like 'X99%' and {{ code }} like '___%' then {{ code }} end
{%- endmacro %}

{# First day of the financial year (1 April) that holds a day. #}
{% macro financial_year(day) -%}
  cast({{ dbt.dateadd('month', 3, dbt.date_trunc('year', dbt.dateadd('month', -3, day))) }} as date)
{%- endmacro %}

{% macro quarter_of(day) -%}
  cast({{ dbt.date_trunc('quarter', day) }} as date)
{%- endmacro %}

{% macro month_of(day) -%}
  cast({{ dbt.date_trunc('month', day) }} as date)
{%- endmacro %}
