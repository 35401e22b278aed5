{# Schemas are the layers' names as they are, without a target's prefix: staging, linked, measures, disclosure, marts. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ custom_schema_name or target.schema }}
{%- endmacro %}
