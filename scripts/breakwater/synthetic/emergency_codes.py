"""SNOMED CT codes of emergency care: a plausible short list, not an epidemiology."""

import numpy as np

HOME, RESIDENTIAL_HOME, NURSING_HOME = "306689006", "306691003", "306694006"
WARD, INTENSIVE_CARE, SHORT_STAY = "306706006", "1066391000000105", "1066331000000109"
AMBULANCE, OWN_TRANSPORT, PUBLIC_TRANSPORT = "1048031000000100", "1048071000000103", "1048061000000105"
COMPLETED = "182992009"  # treatment completed
LEFT = np.array(["1066301000000103", "1066311000000101", "1066321000000107"])  # left before the end of it
ACUITY = np.array(["1064891000000107", "1064911000000105", "1064901000000108", "1077241000000103",
                   "1077251000000100"])  # immediate, very urgent, urgent, standard, low acuity  # fmt: skip
# Chief complaint, diagnosis, and weights in the ages 0-4, 5-17, 18-44, 45-64, 65-79, 80 and over.
AGES = (5, 18, 45, 65, 80)
COMPLAINTS = (
    ("386661006", "54150009", (20, 6, 3, 2, 2, 2)),  # fever: upper respiratory infection
    ("62315008", "25374005", (10, 4, 4, 3, 3, 3)),  # diarrhoea: gastroenteritis
    ("267036007", "195967001", (8, 4, 3, 4, 4, 2)),  # short of breath: asthma
    ("267036007", "13645005", (0, 0, 0, 3, 7, 6)),  # short of breath: chronic obstructive pulmonary disease
    ("49727002", "233604007", (3, 1, 2, 4, 7, 9)),  # cough: pneumonia
    ("82271004", "110030002", (12, 12, 6, 4, 4, 8)),  # injury of head: concussion
    ("127278005", "65966004", (5, 12, 6, 5, 4, 5)),  # injury of arm: fracture of forearm
    ("127279002", "44465007", (4, 16, 12, 8, 4, 2)),  # injury of leg: sprain of ankle
    ("127279002", "5913000", (0, 0, 0, 1, 3, 7)),  # injury of leg: fracture of hip
    ("312608009", "312608009", (10, 10, 9, 6, 4, 5)),  # laceration
    ("21522001", "21522001", (3, 8, 14, 10, 8, 6)),  # abdominal pain
    ("29857009", "29857009", (0, 1, 9, 14, 12, 8)),  # chest pain
    ("29857009", "22298006", (0, 0, 0, 2, 3, 3)),  # chest pain: myocardial infarction
    ("25064002", "25064002", (1, 3, 6, 5, 3, 2)),  # headache
    ("161891005", "161891005", (0, 1, 5, 6, 4, 3)),  # backache
    ("271594007", "271594007", (1, 2, 3, 4, 6, 8)),  # fainting
    ("91175000", "91175000", (3, 2, 2, 2, 1, 1)),  # seizure
    ("271807003", "128045006", (4, 3, 4, 4, 4, 4)),  # rash: cellulitis
    ("48694002", "197480006", (0, 3, 6, 3, 1, 1)),  # anxiety
    ("75705005", "75705005", (2, 2, 3, 4, 4, 3)),  # red eye
    ("161898004", "68566005", (0, 0, 1, 1, 4, 9)),  # fall: urinary tract infection
)  # fmt: skip
WEIGHTS = np.array([row[-1] for row in COMPLAINTS], dtype=float).T
CHANCES = np.cumsum(WEIGHTS, axis=1) / WEIGHTS.sum(axis=1, keepdims=True)
# What somebody who is admitted came with, by the first letters of the ICD-10 code of the stay.
ADMITTED = {
    "J1": ("49727002", "233604007"), "J44": ("267036007", "13645005"), "J45": ("267036007", "195967001"),
    "J": ("386661006", "54150009"), "I21": ("29857009", "22298006"), "I63": ("271594007", "230690007"),
    "I50": ("267036007", "84114007"), "I": ("29857009", "29857009"), "R07": ("29857009", "29857009"),
    "A41": ("386661006", "91302008"), "N39": ("161898004", "68566005"), "L": ("271807003", "128045006"),
    "S72": ("127279002", "5913000"), "S5": ("127278005", "65966004"), "S4": ("127278005", "65966004"),
    "S0": ("82271004", "110030002"), "R55": ("271594007", "271594007"), "R56": ("91175000", "91175000"),
    "K": ("21522001", "21522001"), "R10": ("21522001", "21522001"), "N20": ("21522001", "21522001"),
}  # fmt: skip
OTHERWISE = ("161891005", "161891005")


def admitted(icd10: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return chief complaint and diagnosis of people who are admitted, by the primary diagnosis of the stay."""
    codes, at = np.unique(icd10, return_inverse=True)
    found = [next((ADMITTED[c[:n]] for n in (3, 2, 1) if c[:n] in ADMITTED), OTHERWISE) for c in codes]
    pairs = np.array(found).reshape(-1, 2)
    return pairs[at, 0], pairs[at, 1]
