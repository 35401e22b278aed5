"""Published figures the synthetic place is held against, and the constants tuned to come near them.

They are facts about the place of the seeds. Another place replaces them; no other module holds any.
"""

# Life expectancy at birth by sex and local decile of deprivation, and the person-years behind it: Office
# for Health Improvement and Disparities, as in the LE_data table of PHEindicatormethods (three years of
# deaths, not named there). The mean is weighted by person-years; the slope index is the difference, in years,
# between the ends of a weighted regression line from most to least deprived. Retrieved 2026-11-23.
LIFE_EXPECTANCY = {"female": 82.83, "male": 78.58}
SLOPE_INDEX = {"female": 9.65, "male": 11.05}
PERSON_YEARS_BY_DECILE = (57_676, 59_924, 60_051, 50_125, 53_524, 55_953, 43_852, 56_611, 53_930, 44_786)

# Targets set for the synthetic place, of the order seen in England; not read in a publication of the place.
EMERGENCY_PER_1000 = 95.0
REABLEMENT_OFFERED = 0.04  # of overnight discharges of people of 65 and over
REABLEMENT_AT_HOME = 0.80  # 84 days later; the others fail in one or more of the ways below
REABLEMENT_READMITTED = 0.135  # some of whom die
REABLEMENT_DIED = 0.035
REABLEMENT_CARE_HOME = 0.045
TYPE_1_OPT_OUT = 0.035  # shares of registered people
NATIONAL_DATA_OPT_OUT = 0.05
CONSENT_REFUSED = 0.03  # of social care clients

# NHS trusts that admit residents, with the share of spells each treats: NHS England, trust patient flow 2022;
# the remainder is spread over three others.
PROVIDERS = {"RAJ": 0.93, "RDD": 0.03, "RQ8": 0.02, "R1H": 0.02}
COMMUNITY_PROVIDER = "R1L"  # the trust that runs most community and mental health services of the place

# Tuned by running the place and comparing; see `comparison.py`.
LIFE_EXPECTANCY_CORRECTION = {"female": -0.4, "male": -0.3}  # years added to the target
SLOPE_CORRECTION = {"female": 0.94, "male": 0.98}  # factor on the target
EMERGENCY_SCALE = 0.727
DEPRIVATION_EFFECT = 0.9  # log ratio of emergency admission, most against least deprived

# Share of the list, of the ages in seeds/conditions.csv, on each disease register: NHS Digital, Quality and
# Outcomes Framework 2019-20, modelled for the place by the House of Commons Library (asthma: of all ages).
# Retrieved 2026-11-23.
PREVALENCE = {
    "AF": 0.02032, "AST": 0.06422, "CAN": 0.03066, "CHD": 0.03122, "CKD": 0.03755, "COPD": 0.02177,
    "CVDPP": 0.01193, "DEM": 0.01026, "DEP": 0.12032, "DM": 0.06940, "EP": 0.00868, "HF": 0.01096,
    "HYP": 0.15340, "LD": 0.00615, "MH": 0.01190, "OB": 0.08476, "OST": 0.00637, "PAD": 0.00461,
    "PC": 0.00442, "RA": 0.00830, "STIA": 0.01847,
}  # fmt: skip
# Shares of people of 65 and over who are fit, mildly, moderately and severely frail: Clegg et al. 2016, Age
# and Ageing 45:353-360 (electronic frailty index). Of England, not of the place.
FRAILTY = (0.50, 0.35, 0.12, 0.03)

# Attendances a year per 1,000 residents: a target of ours. Share of them that end within four hours: NHS England, A&E
# attendances and emergency admissions, the trust that treats most residents, 2023/24. Retrieved 2026-11-23.
A_AND_E_PER_1000 = 410.0
A_AND_E_WITHIN_4_HOURS = 0.681
A_AND_E_WAIT, A_AND_E_WAIT_ADMITTED = 181.0, 340.0  # median minutes of major departments, tuned to it
