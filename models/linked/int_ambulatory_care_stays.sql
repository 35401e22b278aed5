-- Emergency stays for a condition that care outside hospital can often keep from hospital: one row a stay and list
-- (seeds/ambulatory_care_codes.csv). NHS Outcomes Framework 2.3.i: first episodes (EPIORDER 1), general (EPITYPE 1), ordinary
-- admissions (CLASSPAT 1), finished or not (EPISTAT 1, 3), not transferred from another hospital (ADMISORC 51-53).
with stays as (
    select * from {{ ref('int_spells') }}
    where admission_method like '2%'
        and episode_order = 1
        and episode_type = '1'
        and episode_status in ('1', '3')
        and patient_classification = '1'
        and coalesce(admission_source, '') not in ('51', '52', '53')
),

codes as (
    select * from {{ ref('ambulatory_care_codes') }}
),

met as (
    select distinct stays.spell_id, codes.list_name, codes.rule, codes.condition
    from stays
    inner join codes
        on codes.part in ('primary', 'any') and stays.primary_diagnosis like codes.pattern
        {%- for position in range(2, 7) %}
        or codes.part = 'any' and stays.diagnosis_{{ position }} like codes.pattern
        {%- endfor %}
),

with_codes as (
    select
        met.*,
        {% for position in range(2, 7) -%}
        stays.diagnosis_{{ position }},
        {% endfor -%}
        stays.main_procedure
    from met
    inner join stays on met.spell_id = stays.spell_id
),

-- What else is asked of a rule, and whether the stay has it: required, or excluded.
further as (
    select
        with_codes.spell_id,
        with_codes.list_name,
        with_codes.rule,
        max(case when codes.part = 'required_secondary' then 1 else 0 end) as is_required,
        max(case
            when codes.part = 'required_secondary' and (
                {%- for position in range(2, 7) %}
                {{ 'or ' if not loop.first }}with_codes.diagnosis_{{ position }} like codes.pattern
                {%- endfor %}
            ) then 1
            else 0
        end) as has_required,
        max(case
            when codes.part = 'excluded_procedure' and with_codes.main_procedure like codes.pattern then 1
            when codes.part = 'excluded_secondary' and (
                {%- for position in range(2, 7) %}
                {{ 'or ' if not loop.first }}with_codes.diagnosis_{{ position }} like codes.pattern
                {%- endfor %}
            ) then 1
            else 0
        end) as is_excluded
    from with_codes
    inner join codes on with_codes.list_name = codes.list_name and with_codes.rule = codes.rule
    group by with_codes.spell_id, with_codes.list_name, with_codes.rule
),

kept as (
    select met.spell_id, met.list_name, min(met.condition) as condition
    from met
    inner join further
        on met.spell_id = further.spell_id and met.list_name = further.list_name and met.rule = further.rule
    where further.is_excluded = 0 and further.has_required = further.is_required
    group by met.spell_id, met.list_name
),

ambulatory_care_stays as (
    select
        kept.spell_id,
        kept.list_name,
        kept.condition,
        stays.person_key,
        stays.admission_date,
        stays.age_at_admission,
        stays.sex,
        stays.small_area_code,
        stays.practice_code
    from kept
    inner join stays on kept.spell_id = stays.spell_id
)

select * from ambulatory_care_stays
