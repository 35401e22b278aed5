{# Releases 1 and 2 of the client level data, and local spellings, become one: seeds/cld_values.csv. #}
{% set mapped = {
    'LA_Name': 'la_name', 'Ethnicity': 'ethnicity', 'Client_Type': 'client_type',
    'Primary_Support_Reason': 'primary_support_reason', 'Accommodation_Status': 'accommodation_status',
    'Event_Type': 'event_type', 'Event_Outcome': 'event_outcome',
    'Request_Route_of_Access': 'request_route_of_access', 'Service_Type': 'service_type',
    'Service_Component': 'service_component', 'Delivery_Mechanism': 'delivery_mechanism',
    'Review_Reason': 'review_reason',
} %}
with events as (
    {{ permitted('social_care_events') }}
),

spellings as (
    select * from {{ ref('cld_values') }}
),

renamed as (
    select
        events.event_reference,
        events.person_key,
        {{ sex_in_words('coalesce(gender_spelling.standard, events.gender)') }} as sex,
        events.lsoa21 as small_area_code,
        {% for field, column in mapped.items() -%}
        coalesce({{ column }}_spelling.standard, events.{{ column }}) as {{ column }},
        {% endfor -%}
        events.event_start_date,
        events.event_end_date
    from events
    {% for field, column in mapped.items() -%}
    left join spellings as {{ column }}_spelling
        on {{ column }}_spelling.field = '{{ field }}' and events.{{ column }} = {{ column }}_spelling.spelling
    {% endfor -%}
    left join spellings as gender_spelling
        on gender_spelling.field = 'Gender' and events.gender = gender_spelling.spelling
)

select * from renamed
