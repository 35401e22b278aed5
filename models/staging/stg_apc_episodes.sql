with episodes as (
    {{ permitted('apc_episodes') }}
),

renamed as (
    select
        episodes.epikey as episode_id,
        episodes.person_key,
        {{ hes_date('episodes.admidate') }} as admission_date,
        episodes.admimeth as admission_method,
        episodes.admisorc as admission_source,
        episodes.classpat as patient_classification,
        {{ hes_date('episodes.disdate') }} as discharge_date,
        episodes.disdest as discharge_destination,
        episodes.dismeth as discharge_method,
        episodes.epiorder as episode_order,
        {{ hes_date('episodes.epistart') }} as episode_start,
        {{ hes_date('episodes.epiend') }} as episode_end,
        episodes.epistat as episode_status,
        episodes.epitype as episode_type,
        {{ hes_age('episodes.startage') }} as age_at_start,
        {{ sex('episodes.sex') }} as sex,
        {{ hes_practice('episodes.gpprac') }} as practice_code,
        episodes.procode3 as provider_code,
        episodes.tretspef as treatment_function,
        {{ hes_date('episodes.disreadydate') }} as discharge_ready_date,
        episodes.diag_4_01 as primary_diagnosis,
        {% for position in range(2, 7) -%}
        {{ hes_code('episodes.diag_4_0' ~ position) }} as diagnosis_{{ position }},
        {% endfor -%}
        {{ hes_procedure('episodes.opertn_4_01') }} as main_procedure,
        episodes.lsoa21 as small_area_code
    from episodes
)

select * from renamed
