{# Rows of a person-level extract that may be used for a purpose: the only way from a landing to staging.

   The register says which extract may be used for which purpose, and whether social-care consent counts; one that it
   does not name does not build. Rows without a person key are of nobody who could have permitted their use. #}
{% macro permitted(extract, purpose='commissioning') -%}
  {%- set uses = var('register').get(extract, {}) -%}
  {%- if execute and purpose not in uses -%}
    {{ exceptions.raise_compiler_error(
        "seeds/extract_purposes.csv does not register " ~ extract ~ " for the purpose " ~ purpose
        ~ " with a legal basis; what is not registered is not staged."
    ) }}
  {%- endif -%}
    select landed_rows.*
    from {{ source('landed', extract) }} as landed_rows
    inner join {{ ref('stg_permitted_people') }} as permitted_people
        on landed_rows.person_key = permitted_people.person_key
        and permitted_people.purpose = '{{ purpose }}'
        {{- ' and permitted_people.social_care_permitted' if uses.get(purpose) }}
{%- endmacro %}
