{# Statistics over published (rounded) numbers: what goes in is already protected, so what comes out tells nothing more. #}

{# The smallest of 1, 2 or 5 times a power of ten that is not below x. #}
{% macro coarse_grain(x) -%}
  case
    when {{ x }} <= power(10, floor(log10({{ x }}))) then power(10, floor(log10({{ x }})))
    when {{ x }} <= 2 * power(10, floor(log10({{ x }}))) then 2 * power(10, floor(log10({{ x }})))
    when {{ x }} <= 5 * power(10, floor(log10({{ x }}))) then 5 * power(10, floor(log10({{ x }})))
    else 10 * power(10, floor(log10({{ x }})))
  end
{%- endmacro %}

{# 95% limits of a count, Byar's approximation (Breslow and Day 1987, volume II, p. 69); exact for zero, and no other
   count below ten is published. #}
{% macro byar_lower(o) -%}
  case when {{ o }} > 0 then {{ o }} * power(1 - 1.0 / (9 * {{ o }}) - 1.959964 / (3 * sqrt({{ o }})), 3) else 0 end
{%- endmacro %}

{% macro byar_upper(o) -%}
  case
    when {{ o }} > 0
      then ({{ o }} + 1) * power(1 - 1.0 / (9 * ({{ o }} + 1)) + 1.959964 / (3 * sqrt({{ o }} + 1)), 3)
    else 3.688879 -- minus the logarithm of 0.025: the chi-squared limit of no event
  end
{%- endmacro %}

{# 95% limits of a proportion, Wilson's score interval (Wilson 1927, JASA 22:209-212), as percentages. #}
{% macro wilson(x, n, sign) -%}
  100.0 * (
    2.0 * {{ x }} + power(1.959964, 2)
    {{ sign }} 1.959964 * sqrt(power(1.959964, 2) + 4.0 * {{ x }} * (1 - 1.0 * {{ x }} / {{ n }}))
  ) / (2.0 * ({{ n }} + power(1.959964, 2)))
{%- endmacro %}
