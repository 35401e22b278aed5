{# What goes to Spark before the first model and comes back after the last: operations of its target alone, which
   `breakwater build --engine spark` runs (scripts/breakwater/engine). DuckDB has it all in its own file. #}

{# Rows to read, as the variable `rows` names them: Parquet copies that were brought up to the ledger. #}
{% macro show_rows() -%}
  {%- for table in var('rows') -%}
    {%- set name = table.schema ~ '.' ~ table.name -%}
    {%- set parted = table.files is not none -%}
    {%- set columns = [] -%}
    {%- for column, type in table.columns -%}
      {%- do columns.append(column ~ ' ' ~ spark_type(type)) -%}
    {%- endfor -%}
    {%- do run_query('create schema if not exists ' ~ table.schema) -%}
    {%- do run_query('drop table if exists ' ~ name) -%}
    {%- do run_query(
        'create table ' ~ name ~ ' (' ~ columns | join(', ') ~ (', _file_id bigint' if parted else '') ~ ') using parquet'
        ~ (' partitioned by (_file_id)' if parted else '') ~ " location '" ~ table.location ~ "'"
    ) -%}
    {%- set places = [] -%}
    {%- for file_id, place in table.files or [] -%}
      {%- do places.append('partition (_file_id = ' ~ file_id ~ ") location '" ~ place ~ "'") -%}
    {%- endfor -%}
    {%- if places -%}
      {%- do run_query('alter table ' ~ name ~ ' add ' ~ places | join(' ')) -%}
    {%- endif -%}
  {%- endfor -%}
{%- endmacro %}

{# What disclosure and releases read, models tagged `handed_over`, as Parquet: a folder each in that of the variable. #}
{% macro hand_over() -%}
  {%- for node in graph.nodes.values() if node.resource_type == 'model' and 'handed_over' in node.tags -%}
    {%- set name = node.schema ~ '.' ~ node.name -%}
    {%- do run_query(
        "insert overwrite directory '" ~ var('handed_over') ~ '/' ~ name ~ "' using parquet select * from " ~ name
    ) -%}
  {%- endfor -%}
{%- endmacro %}
