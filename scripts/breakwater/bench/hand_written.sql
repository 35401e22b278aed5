-- The same cells by hand: one script from pseudonymised extracts to counted cells and plain rates, without dbt, gate,
-- tests, protection or attack. It is the yardstick of `make bench` and, being written apart, a second opinion on every
-- count. Definitions: docs and models/marts/*.yml; nothing is read from models/ or macros/.
--
-- Given as variables: registrations, episodes, events, deaths, permissions (lists of Parquet files to read), seeds (folder).
-- Makes the tables `cells` and `rates`.

create macro period_end(file) as regexp_extract(file, '_(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)', 2)::date;
create macro period_start(file) as regexp_extract(file, '_(\d{4}-\d\d-\d\d)_', 1)::date;
create macro year_of(day) as (date_trunc('year', day - interval 3 month) + interval 3 month)::date;
create macro five_year(age) as case when age >= 90 then '90+' else (age // 5 * 5) || '-' || (age // 5 * 5 + 4) end;
create macro broad(age) as
    case when age < 20 then '0-19' when age < 65 then '20-64' when age < 75 then '65-74' when age < 85 then '75-84' else '85+' end;
create macro sex_of(code) as case code when '1' then 'male' when '2' then 'female' else 'not known' end;
create macro hes_day(text) as case when text::date > date '1801-01-01' then text::date end;

-- 1. Rows that hold: right codes, days in order, within their period, each key once.

create temp table all_registrations as
select
    registration_id, person_key, (birth_month || '-01')::date as birth_month, lsoa_code, sex_of(sex) as sex, practice_code,
    registered_from::date as registered_from, registered_to::date as registered_to
from read_parquet(getvariable('registrations'), filename = true, file_row_number = true)
where person_key is not null and sex in ('1', '2', '9', 'X')
    and coalesce(registered_to::date >= registered_from::date, true)
    and registered_from::date between (birth_month || '-01')::date and period_end(filename)
qualify row_number() over (partition by registration_id order by file_row_number) = 1;

create temp table all_permissions as
select
    permission_id, person_key, practice_code, permission_type, state, from_date::date as from_date, to_date::date as to_date
from read_parquet(getvariable('permissions'), filename = true, file_row_number = true)
where permission_type in ('type_1_opt_out', 'national_data_opt_out', 'social_care_consent', 'practice_participation')
    and (person_key is not null or permission_type = 'practice_participation')
    and coalesce(to_date::date >= from_date::date, true) and from_date::date <= period_end(filename)
qualify row_number() over (partition by permission_id order by file_row_number) = 1;

-- 2. Who may be counted: last registered with a practice that takes part, no type 1 opt-out, by the latest state in force
-- on the last day of the data (of the dead: since their death).

create temp table in_force as
select subject, permission_type, arg_max(state, (from_date, state, permission_id)) as state
from (
    select *, if(permission_type = 'practice_participation', practice_code, person_key) as subject from all_permissions
)
left join (
    select DEC_CONF_NHS_NUMBER_CLEAN_DEID as subject, min(strptime(REG_DATE_OF_DEATH, '%Y%m%d')::date) as death
    from read_parquet(getvariable('deaths')) group by all
) using (subject)
where (
    select max(period_end(file)) from (
        select unnest(getvariable('registrations') || getvariable('episodes') || getvariable('events')
            || getvariable('deaths') || getvariable('permissions')) as file
    )
) between from_date and if(to_date is null or to_date >= death, date '9999-12-31', to_date)
group by all;

create temp table people as
select row_number() over () as person, person_key, person_key not in (
        select subject from in_force where permission_type = 'social_care_consent' and state = 'out'
    ) as social_care_permitted
from (
    select person_key, arg_max(practice_code, (registered_from, registration_id)) as practice_code
    from all_registrations group by person_key
)
where practice_code in (select subject from in_force where permission_type = 'practice_participation' and state = 'in')
    and person_key not in (select subject from in_force where permission_type = 'type_1_opt_out' and state = 'out');

-- 3. Their records.

create temp table deaths as
select person, min(strptime(REG_DATE_OF_DEATH, '%Y%m%d')::date) as death_date
from read_parquet(getvariable('deaths'), filename = true) inner join people on DEC_CONF_NHS_NUMBER_CLEAN_DEID = person_key
where DEC_SEX in ('1', '2', '9', 'X') and REG_DATE between REG_DATE_OF_DEATH and strftime(period_end(filename), '%Y%m%d')
    and coalesce((birth_month || '-01')::date <= strptime(REG_DATE_OF_DEATH, '%Y%m%d'), true)
group by person;

create temp table registrations as
select
    person, birth_month, lsoa_code, sex, practice_code, registered_from as valid_from,
    least(
        coalesce(registered_to + 1, date '9999-12-31'),
        coalesce(lead(registered_from) over (partition by person order by registered_from, registration_id), date '9999-12-31'),
        coalesce(death_date, date '9999-12-31')
    ) as valid_until
from all_registrations inner join people using (person_key) left join deaths using (person)
qualify valid_from < valid_until;

create temp table small_areas as
with areas as (from read_csv(getvariable('seeds') || '/areas.csv', all_varchar = true))
select
    small.area_code as small_area, ward.area_code as ward, locality.area_code as locality, locality.parent_code as place,
    small.deprivation_quintile as quintile
from areas as small
inner join areas as ward on small.parent_code = ward.area_code
inner join areas as locality on ward.parent_code = locality.area_code
where small.area_type = 'small_area';

create temp table episodes as
select
    person, PROCODE3 as provider, ADMIDATE::date as admission_date, EPIORDER::integer as episode_order, EPISTART::date as episode_start,
    EPIKEY as episode, ADMIMETH as method, case when STARTAGE::integer > 7000 then 0 else STARTAGE::integer end as age,
    sex_of(SEX) as sex, LSOA21 as small_area, case when GPPRAC not like 'V8199_' then GPPRAC end as practice,
    hes_day(DISDATE) as discharge_date, DISDEST as destination, DISMETH as discharge_method, TRETSPEF as treatment
from (
    select * from read_parquet(getvariable('episodes'), filename = true, file_row_number = true)
    where PSEUDO_HESID is not null
        and ADMIMETH in ('11', '12', '13', '21', '22', '23', '24', '25', '2A', '2B', '2C', '2D', '28', '31', '32', '82', '83',
            '81', '84', '89', '98', '99')
        and coalesce(DISDATE::date >= ADMIDATE::date or DISDATE::date <= date '1801-01-01', true)
        and coalesce(EPIEND::date >= EPISTART::date or EPIEND::date <= date '1801-01-01', true)
        and EPISTART::date >= ADMIDATE::date and ADMIDATE::date <= period_end(filename)
    qualify row_number() over (partition by EPIKEY order by filename, file_row_number) = 1
)
inner join people on PSEUDO_HESID = person_key;

create temp table spells as
select
    spell.person, admission_date, first.episode as spell_id, first.method as method, first.age as age, first.sex as sex,
    last.discharge_date as discharge_date, last.destination as destination, last.discharge_method as discharge_method,
    last.treatment as treatment, at_home.birth_month as birth_month,
    coalesce(first.small_area, at_home.lsoa_code) as small_area, coalesce(first.practice, at_home.practice_code) as practice
from (
    select
        person, provider, admission_date,
        arg_min({episode: episode, method: method, age: age, sex: sex, small_area: small_area, practice: practice},
            (episode_order, episode_start, episode)) as first,
        arg_max({discharge_date: discharge_date, destination: destination, discharge_method: discharge_method, treatment: treatment},
            (episode_order, episode_start, episode)) as last
    from episodes group by person, provider, admission_date
) as spell
left join registrations as at_home
    on spell.person = at_home.person and admission_date >= at_home.valid_from and admission_date < at_home.valid_until;

create temp table all_events as
select
    Der_NHS_Number_Traced_Pseudo as person_key, Event_Reference as reference, Event_Type as kind, lower(Service_Type) as service,
    Event_Start_Date::date as started, coalesce(Event_End_Date::date, date '9999-12-31') as ended, Event_End_Date is null as open,
    LSOA21 as small_area, GP_Practice_Code as practice, Gender as gender,
    date_diff('month', make_date(Der_Birth_Year::integer, coalesce(Der_Birth_Month::integer, 7), 1), started) // 12 as age
from read_parquet(getvariable('events'), filename = true, file_row_number = true)
where Event_Type in ('Request', 'Assessment', 'Service', 'Review') and not (Event_Type = 'Service' and Service_Type is null)
    and coalesce(Event_End_Date::date >= Event_Start_Date::date, true) and Event_Start_Date::date <= period_end(filename)
    and coalesce(Der_Birth_Year::integer <= year(Event_Start_Date::date), true)
    and Der_NHS_Number_Traced_Pseudo is not null
qualify row_number() over (partition by filename, Event_Reference order by file_row_number) = 1;

create temp table events as
select person, reference, kind, service, started, ended, open
from all_events inner join people on all_events.person_key = people.person_key and social_care_permitted;

-- 4. Counted units: person, period, place and person attributes, category.

create temp table mid_years as
select distinct day::date as mid_year
from (select unnest(getvariable('registrations')) as file), generate_series(date '1990-06-30', date '2060-06-30', interval 1 year) as days(day)
where date_trunc('month', day) >= date_trunc('month', period_start(file)) and day <= period_end(file);

create temp table resident_units as
select person, mid_year as period, lsoa_code as small_area, practice_code as practice, date_diff('month', birth_month, mid_year) // 12 as age,
    sex, if(lsoa_code in (select small_area from small_areas), 'lives here', 'lives elsewhere') as category
from registrations inner join mid_years on mid_year >= valid_from and mid_year < valid_until
union all
-- Registered as well, but in no figure: the practice of the last registration tells why.
select null, mid_year, lsoa_code, practice_code, date_diff('month', birth_month, mid_year) // 12, sex, if(takes_part, 'opted out', 'silent')
from (
    select *, arg_max(practice_code, (registered_from, registration_id)) over (partition by person_key) in (
            select subject from in_force where permission_type = 'practice_participation' and state = 'in'
        ) as takes_part
    from all_registrations where person_key not in (select person_key from people)
)
inner join mid_years on registered_from <= mid_year
left join (
    select DEC_CONF_NHS_NUMBER_CLEAN_DEID as person_key, min(strptime(REG_DATE_OF_DEATH, '%Y%m%d')::date) as death
    from read_parquet(getvariable('deaths')) group by all
) using (person_key)
qualify row_number() over (partition by person_key, mid_year order by registered_from desc, registration_id desc) = 1
    and coalesce(registered_to >= mid_year, true) and coalesce(death > mid_year, true);

-- Who is known to social care, at the first event of the year, whatever they permit.
create temp table consent_units as
select
    null as person, date_trunc('month', started)::date as period, small_area, practice, age,
    case when gender in ('1', 'Male') then 'male' when gender in ('2', 'Female') then 'female' else 'not known' end as sex,
    case (select state from in_force where permission_type = 'social_care_consent' and subject = person_key)
        when 'in' then 'given' when 'out' then 'refused' else 'not recorded' end as category
from all_events where person_key in (select person_key from all_registrations)
qualify row_number() over (partition by person_key, year_of(started) order by started, reference) = 1
    and small_area in (select small_area from small_areas) and age is not null;

create temp table emergency_units as
select person, date_trunc('month', admission_date)::date as period, small_area, practice, age, sex,
    if(
        row_number() over (partition by person, year_of(admission_date) order by admission_date, spell_id) = 1,
        'first of the year', 'later in the year'
    ) as category
from spells
where method like '2%' and small_area in (select small_area from small_areas) and age <= 120;

create temp table discharges as
select *, coalesce(date_diff('month', birth_month, discharge_date) // 12, case when age <= 120 then age end) as age_at_discharge
from spells
where admission_date < discharge_date and age_at_discharge >= 65
    and method not in ('31', '32', '82', '83') and coalesce(discharge_method, '') not in ('4', '5')
    and coalesce(destination, '') not in ('49', '50', '51', '52', '79', '87', '88')
    and not regexp_full_match(
        coalesce(treatment, ''), '199|223|290|291|331|344|345|346|424|499|501|504|560|660|661|662|840|920|65.*|7.*'
    )
    and not exists (
        from events
        where events.person = spells.person and admission_date between started and ended
            and service in ('long term support: nursing care', 'long term support: residential care', 'long term support: prison')
    );

-- Services at most seven days apart are one cluster; it belongs to the latest discharge from seven days before its start
-- to three days after, and of the clusters of a discharge the first counts.
create temp table offers as
with starts as (
    select person, started,
        max(ended) over (partition by person order by started, reference rows between unbounded preceding and 1 preceding) as before
    from events where kind = 'Service' and service = 'short term support: st-max'
    qualify before is null or started > before + 7
)
select spell_id, min(started) as started
from (
    select person, started, arg_max(spell_id, (discharge_date, spell_id)) as spell_id
    from starts inner join discharges using (person)
    where started between discharge_date - 3 and discharge_date + 7
    group by person, started
)
group by spell_id;

-- Months that no file of an extract covers from first day to last: those of a refused file, and those after the latest.
create temp table lost_months as
with files as (
    select 'episodes' as extract, unnest(getvariable('episodes')) as file
    union all select 'events', unnest(getvariable('events'))
    union all select 'deaths', unnest(getvariable('deaths'))
)
select distinct extracts.extract, month::date as month
from (select distinct extract from files) as extracts, (
    select unnest(generate_series(date_trunc('month', min(period_start(file))), max(period_end(file)) + 120, interval 1 month)) as month
    from files
)
where not exists (
    from files where files.extract = extracts.extract
        and period_start(file) <= month and last_day(month) <= period_end(file)
);

create temp table reablement_units as
with followed as (
    select discharges.*, offers.started,
        (select min(death_date) from deaths
            where deaths.person = discharges.person and death_date between discharge_date and discharge_date + 84) as died,
        (select min(events.started) from events
            where events.person = discharges.person and events.started between discharge_date and discharge_date + 84
                and service in ('long term support: nursing care', 'long term support: residential care')) as moved,
        (select min(later.admission_date) from spells as later
            where later.person = discharges.person and later.method like '2%'
                and later.admission_date > greatest(discharges.discharge_date, offers.started)
                and later.admission_date <= discharges.discharge_date + 84
                and coalesce(later.admission_date < later.discharge_date, true)) as readmitted
    from discharges left join offers using (spell_id)
)
select person, date_trunc('month', discharge_date)::date as period, small_area, practice, age_at_discharge as age, sex,
    case
        when started is null then if(exists (
            from lost_months where extract = 'events' and month between date_trunc('month', discharge_date) and discharge_date + 7
        ), 'offer not yet known', 'not offered')
        when exists (from lost_months where month between date_trunc('month', discharge_date) and discharge_date + 84)
            then 'not yet known'
        when least(died, moved, readmitted) is null then 'at home'
        when died = least(died, moved, readmitted) then 'died'
        when moved = least(died, moved, readmitted) then 'moved to a care home'
        else 'readmitted'
    end as category
from followed where small_area in (select small_area from small_areas);

-- 5. Cells: how many, and how many people, at every level that is released or can be added up from one that is.

create temp table practices as
select area_code as practice from read_csv(getvariable('seeds') || '/areas.csv', all_varchar = true) where area_type = 'practice';

create macro cut(units) as table
select
    person, category, period as month, date_trunc('quarter', period)::date as quarter, year_of(period) as year, period as mid_year,
    coalesce(small_areas.small_area, 'outside') as small_area, coalesce(ward, 'outside') as ward,
    coalesce(locality, 'outside') as locality, coalesce(quintile, 'outside') as quintile,
    coalesce(practices.practice, 'other practice') as practice, (select any_value(small_areas.place) from small_areas) as place,
    five_year(age) as five_year, broad(age) as broad, sex
from query_table(units) as units
left join small_areas on units.small_area = small_areas.small_area
left join practices on units.practice = practices.practice;

create table cells (
    units_model varchar, category_set varchar, period_type varchar, period_start date, area_level varchar, area_code varchar,
    age_band varchar, sex varchar, counted bigint, people bigint
);

-- A resident is a person once a mid-year, so rows are people.
insert into cells
with counted as (
    select
        case when grouping(small_area) = 0 then 'small_area' when grouping(ward) = 0 then 'ward'
            when grouping(locality) = 0 then 'locality' when grouping(quintile) = 0 then 'quintile'
            when grouping(practice) = 0 then 'practice' else 'place' end as area_level,
        coalesce(small_area, ward, locality, quintile, practice, place) as area_code,
        mid_year, coalesce(five_year, broad, 'all') as age_band, coalesce(sex, 'all') as sex,
        count(*) filter (category = 'lives here') as here, count(*) filter (category = 'lives elsewhere') as elsewhere,
        count(*) filter (category = 'opted out') as opted_out, count(*) filter (category = 'silent') as silent,
        grouping(five_year) = 0 as is_fine, grouping(five_year, broad, sex) = 7 as is_all
    from cut('resident_units')
    group by grouping sets ((mid_year)), grouping sets ((place), (locality), (ward), (quintile), (small_area), (practice)),
        grouping sets ((), (broad), (five_year)), grouping sets ((), (sex))
)
select 'residents_units', category_set, 'mid_year', mid_year, area_level, area_code, age_band, sex, people, people
from counted, lateral (
    select
        (area_level in ('place', 'locality') and not is_fine) or (area_level in ('ward', 'quintile', 'practice') and is_all),
        (area_level = 'place' and not is_fine) or (area_level in ('locality', 'ward', 'quintile') and is_all)
) as of_coverage(whole, reasons), lateral (
    values ('lives here', here, true),
        ('lives elsewhere + lives here', here + elsewhere, whole or area_level in ('place', 'practice')),
        ('lives elsewhere', elsewhere, whole or area_level in ('place', 'practice')),
        ('lives elsewhere + lives here + opted out + practice does not take part', here + elsewhere + opted_out + silent, whole),
        ('lives elsewhere + opted out + practice does not take part', elsewhere + opted_out + silent, whole),
        ('opted out + practice does not take part', opted_out + silent, whole),
        ('lives elsewhere + lives here + opted out', here + elsewhere + opted_out, reasons),
        ('lives elsewhere + opted out', elsewhere + opted_out, reasons),
        ('opted out', opted_out, reasons), ('practice does not take part', silent, reasons)
) as by_set(category_set, people, is_cut)
where people > 0 and is_cut and not (is_fine and area_level in ('small_area', 'practice'));

-- A person known to social care counts once a year, so rows are people here too.
insert into cells
with counted as (
    select
        case when grouping(ward) = 0 then 'ward' when grouping(locality) = 0 then 'locality' when grouping(quintile) = 0 then 'quintile'
            when grouping(practice) = 0 then 'practice' else 'place' end as area_level,
        coalesce(ward, locality, quintile, practice, place) as area_code,
        year, coalesce(broad, 'all') as age_band, coalesce(sex, 'all') as sex,
        count(*) filter (category = 'given') as given, count(*) filter (category = 'refused') as refused,
        count(*) filter (category = 'not recorded') as open
    from cut('consent_units')
    group by grouping sets (
        (year, ward), (year, locality), (year, quintile), (year, practice),
        (year, place), (year, place, broad), (year, place, sex), (year, place, broad, sex)
    )
)
select 'social_care_consent_units', category_set, 'year', year, area_level, area_code, age_band, sex, people, people
from counted, lateral (
    values ('given + not recorded + refused', given + refused + open, true), ('given + refused', given + refused, true),
        ('not recorded', open, true), ('given + not recorded', given + open, area_level not in ('ward', 'practice')),
        ('refused', refused, area_level not in ('ward', 'practice'))
) as by_set(category_set, people, is_cut)
where people > 0 and is_cut;

create temp table emergency_cut as from cut('emergency_units');

insert into cells
with counted as (
    select
        case when grouping(month) = 0 then 'month' when grouping(quarter) = 0 then 'quarter' else 'year' end as period_type,
        coalesce(month, quarter, year) as period_start,
        case when grouping(small_area) = 0 then 'small_area' when grouping(ward) = 0 then 'ward'
            when grouping(locality) = 0 then 'locality' when grouping(quintile) = 0 then 'quintile'
            when grouping(practice) = 0 then 'practice' else 'place' end as area_level,
        coalesce(small_area, ward, locality, quintile, practice, place) as area_code,
        coalesce(broad, 'all') as age_band, coalesce(sex, 'all') as sex,
        count(*) as spells, count(distinct person) as people
    from emergency_cut
    group by grouping sets (
        (year, place), (year, locality), (year, ward), (year, quintile), (year, small_area), (year, practice),
        (quarter, place), (quarter, locality), (quarter, ward), (quarter, quintile), (quarter, practice),
        (month, place), (month, locality)
    ), grouping sets ((), (broad)), grouping sets ((), (sex))
    union all
    select 'year', year, case when grouping(ward) = 0 then 'ward' when grouping(locality) = 0 then 'locality'
        when grouping(quintile) = 0 then 'quintile' else 'place' end,
        coalesce(ward, locality, quintile, place), five_year, coalesce(sex, 'all'), count(*), count(distinct person)
    from emergency_cut
    group by year, five_year, grouping sets ((place), (locality), (ward), (quintile)), grouping sets ((), (sex))
    union all
    select 'month', month, 'ward', ward, 'all', 'all', count(*), count(distinct person)
    from emergency_cut group by month, ward
)
select 'emergency_admissions_units', 'first of the year + later in the year', counted.* from counted;

insert into cells
with counted as (
    select
        year, case when grouping(ward) = 0 then 'ward' when grouping(locality) = 0 then 'locality'
            when grouping(quintile) = 0 then 'quintile' else 'place' end as area_level,
        coalesce(ward, locality, quintile, place) as area_code,
        coalesce(broad, 'all') as age_band, coalesce(sex, 'all') as sex,
        count(*) filter (category = 'first of the year') as firsts,
        count(*) filter (category = 'later in the year') as laters,
        count(distinct person) filter (category = 'later in the year') as people_later
    from emergency_cut
    group by grouping sets (
        (year, place), (year, locality), (year, ward), (year, quintile), (year, place, broad), (year, locality, broad),
        (year, ward, broad), (year, quintile, broad)
    ), grouping sets ((), (sex))
    union all
    select
        year, if(grouping(small_area) = 0, 'small_area', 'practice'), coalesce(small_area, practice), 'all', 'all',
        count(*) filter (category = 'first of the year'), count(*) filter (category = 'later in the year'),
        count(distinct person) filter (category = 'later in the year')
    from emergency_cut group by grouping sets ((year, small_area), (year, practice))
)
select 'emergency_admissions_units', category_set, 'year', year, area_level, area_code, age_band, sex, number, people
from counted, lateral (
    values ('first of the year', firsts, firsts), ('later in the year', laters, people_later)
) as by_set(category_set, number, people)
where number > 0;

-- Every share, its whole, and what is left of one when another is taken away.
insert into cells
with outcomes(outcome) as (
    values (['at home']), (['died']), (['moved to a care home']), (['readmitted']), (['offer not yet known']),
        (['not yet known', 'offer not yet known'])
),
parts(part) as (
    select outcome from outcomes
    union all values (['at home', 'died', 'moved to a care home', 'readmitted']),
        (['at home', 'died', 'moved to a care home', 'not yet known', 'readmitted']),
        (['at home', 'died', 'moved to a care home', 'not offered', 'not yet known', 'readmitted'])
),
sets as (
    select distinct list_sort(part) as part from (
        from parts
        union all
        select list_filter(whole.part, lambda each: not list_contains(taken.part, each))
        from parts as whole, parts as taken where list_has_all(whole.part, taken.part) and whole.part <> taken.part
    )
),
counted as (
    select
        array_to_string(part, ' + ') as category_set,
        if(grouping(quarter) = 0, 'quarter', 'year') as period_type, coalesce(quarter, year) as period_start,
        case when grouping(ward) = 0 then 'ward' when grouping(locality) = 0 then 'locality'
            when grouping(quintile) = 0 then 'quintile' else 'place' end as area_level,
        coalesce(ward, locality, quintile, place) as area_code, coalesce(broad, 'all') as age_band, coalesce(sex, 'all') as sex,
        count(*) as number, count(distinct person) as people
    from cut('reablement_units') inner join sets on list_contains(part, category)
    group by grouping sets (
        (part, year, place), (part, year, place, broad), (part, year, place, sex), (part, year, place, broad, sex),
        (part, year, locality), (part, year, locality, broad), (part, year, locality, sex), (part, year, locality, broad, sex),
        (part, year, ward), (part, year, quintile), (part, quarter, place)
    )
)
select 'reablement_units', counted.* from counted
where not (area_level = 'locality' and (age_band <> 'all' or sex <> 'all')) or category_set in (
    'not offered', 'offer not yet known', 'at home + died + moved to a care home + not yet known + readmitted',
    'at home + died + moved to a care home + not offered + not yet known + readmitted'
);

-- 6. Rates from the true counts: per 1,000 with Byar's limits, standardised with Dobson's, shares with Wilson's.

create macro byar_lower(o) as if(o > 0, o * (1 - 1 / (9.0 * o) - 1.959964 / (3 * sqrt(o))) ^ 3, 0);
create macro byar_upper(o) as (o + 1) * (1 - 1 / (9.0 * (o + 1)) + 1.959964 / (3 * sqrt(o + 1))) ^ 3;
create macro wilson(x, n, sign) as
    100 * (2 * x + 1.959964 ^ 2 + sign * 1.959964 * sqrt(1.959964 ^ 2 + 4.0 * x * (1 - x / n))) / (2 * (n + 1.959964 ^ 2));

create temp table population as
select
    case when grouping(small_area) = 0 then 'small_area' when grouping(ward) = 0 then 'ward'
        when grouping(locality) = 0 then 'locality' when grouping(quintile) = 0 then 'quintile' else 'place' end as area_level,
    coalesce(small_area, ward, locality, quintile, place) as area_code,
    coalesce(age_band, broad, 'all') as age_band, coalesce(sex, 'all') as sex, sum(people) as people
from (
    select small_areas.*, age_band, broad(split_part(rtrim(age_band, '+'), '-', 1)::integer) as broad, sex, people
    from read_csv(getvariable('seeds') || '/population.csv') inner join small_areas on area_code = small_area
)
group by grouping sets ((place), (locality), (ward), (quintile), (small_area)), grouping sets ((), (broad), (age_band)),
    grouping sets ((), (sex));

create table rates as
with crude as (
    select cells.* exclude (people), population.people as denominator, 1000.0 * counted / population.people as value,
        1000 * byar_lower(counted) / population.people as lower, 1000 * byar_upper(counted) / population.people as upper
    from cells inner join population using (area_level, area_code, age_band, sex)
    where units_model = 'emergency_admissions_units'
),
practice as (
    select cells.* exclude (people), registered.counted as denominator, 1000.0 * cells.counted / registered.counted as value,
        1000 * byar_lower(cells.counted) / registered.counted as lower, 1000 * byar_upper(cells.counted) / registered.counted as upper
    from cells inner join cells as registered
        on cells.area_code = registered.area_code and registered.area_level = 'practice' and registered.category_set = 'lives here'
        and cells.age_band = registered.age_band and cells.sex = registered.sex
        and registered.period_start = year_of(cells.period_start) + 90
    where cells.units_model = 'emergency_admissions_units' and cells.area_level = 'practice'
),
standardised as (
    select cells.* exclude (age_band, counted, people), sum(counted) as events, sum(population.people) as denominator,
        100000 * sum(weight * counted / population.people) / any_value(weights) as rate,
        1e10 * sum(weight ^ 2 * counted / population.people ^ 2) / any_value(weights) ^ 2 as variance
    from cells
    inner join population using (area_level, area_code, age_band, sex)
    inner join (
        select age_band, european_standard_population_2013 as weight, sum(weight) over () as weights
        from read_csv(getvariable('seeds') || '/standard_population.csv')
    ) using (age_band)
    where units_model = 'emergency_admissions_units' and category_set like '%+%' and period_type = 'year'
    group by all
),
shares as (
    select cells.* exclude (people), whole.counted as denominator, 100.0 * cells.counted / whole.counted as value,
        wilson(cells.counted, whole.counted, -1) as lower, wilson(cells.counted, whole.counted, 1) as upper
    from cells inner join cells as whole using (units_model, period_type, period_start, area_level, area_code, age_band, sex)
    where units_model = 'reablement_units' and (
        (whole.category_set = 'at home + died + moved to a care home + readmitted'
            and cells.category_set in ('at home', 'died', 'moved to a care home', 'readmitted'))
        or (whole.category_set = 'at home + died + moved to a care home + not offered + not yet known + readmitted'
            and cells.category_set = 'at home + died + moved to a care home + not yet known + readmitted')
    )
)
from crude union all from practice union all from shares
union all by name
select * exclude (events, rate, variance), 'standardised' as age_band, events as counted, rate as value,
    rate + sqrt(variance / events) * (byar_lower(events) - events) as lower,
    rate + sqrt(variance / events) * (byar_upper(events) - events) as upper
from standardised;
