"""Makes cases.csv: synthetic case records from which the six tables of published.tsv come out exactly.

    python3 make_cases.py

Nothing here is a record of a real case. Each year's totals in published.tsv are spread over that many records, in an
order drawn from a fixed seed; only the two-way tables with the year bind the records, how the other variables go
together is made up. About three hundred records that the release is not about are added. At the end the file is read
back and the six tables are counted from it and compared.
"""

import csv
import datetime
import random
from collections import Counter
from pathlib import Path

SEED = 2572
HERE = Path(__file__).parent
YEARS = ["2013", "2014", "2015"]
LAST_DAY = datetime.date(2015, 7, 16)
COLUMNS = ["crime_ref", "offence_code", "offence_title", "report_date", "victim_id", "victim_age", "suspect_age",
           "outcome", "notes", "programme"]
GROOMING = {
    "88/1": "MEETING A FEMALE U16 FOLLOWING SEXUAL GROOMING, OFFENDER 18+",
    "88/2": "MEETING A MALE U16 FOLLOWING SEXUAL GROOMING, OFFENDER 18+",
}
# Codes and titles of other offences are made up.
OTHER = {
    "901/1": "COMMON ASSAULT",
    "902/1": "HARASSMENT",
    "903/4": "SENDING A MALICIOUS MESSAGE",
    "904/2": "THEFT FROM A SHOP",
    "905/1": "CRIMINAL DAMAGE, OTHER",
}
OTHER_OUTCOMES = ["No further action", "Under investigation", "Undetected"]
VICTIM_AGES = {"Under 10": [9], "10 to 12": [10, 11, 12], "13 and Over": [13, 14, 15], "Not Recorded": [""]}
# How officers typed the programme: the specification merges these.
SPELLINGS = {
    "facebook": ["facebook", "Facebook", "FACEBOOK", " facebook", "Face book", "facebook ", "FB"],
    "facebook and twitter": ["Facebook and Twitter"],
    "facebook and various": ["facebook and various"],
    "facebook and whatsapp": ["Facebook and WhatsApp", "facebook and whatsapp", "FACEBOOK & WHATSAPP"],
    "facebook facetime": ["facebook facetime"],
    "internet whatsapp": ["Internet WhatsApp"],
    "online": ["online", "Online", "ONLINE", "on line"],
    "Plenty of Fish": ["plenty of fish"],
    "social media": ["Social Media"],
    "unknown": ["Unknown"],
    "whatsapp": ["whatsapp", "WhatsApp", "Whats App"],
}
ONLINE_NOTES = [
    "First contact over the internet, meeting arranged by message.",
    "VICTIM CONTACTED VIA INTERNET, MESSAGES EXCHANGED OVER SEVERAL WEEKS.",
    "Suspect added victim online; meeting proposed, parent reported it.",
    "Online contact, then telephone.\nMeeting arranged but not kept.",
    "Contact made through a social networking site, victim told a teacher.",
    'Suspect gave a false age on a Social Networking profile ("seventeen"), meeting arranged.',
    "Contact online, device examined.",
]
OFFLINE_NOTES = [
    "Suspect approached victim in park, known to family.",
    "Contact made at a bus stop, meeting arranged for the next day.",
    "Suspect is a neighbour;\nseveral meetings.",
    "Met at a café, parent reported it.",
    "",
]
OTHER_NOTES = [
    "Dispute between neighbours, no injury.",
    "Abusive messages received over the internet.",
    "Threats made online, sender known to victim.",
    "Item taken from display, store security informed.",
    "Window broken, no witness.",
    "Argument at school, staff separated both.",
]
AS_RECORDED = ("Contact over the internet. Age of victim entered as 14 at first report; found later not to be right, "
               "the entry was kept as recorded.")


def published():
    """The inner cells of each table: {table: {row label without its mark: [2013, 2014, 2015]}}."""
    tables = {}
    for block in (HERE / "published.tsv").read_text(encoding="utf-8").strip().split("\n\n"):
        title, *lines = block.split("\n")
        rows = [line.split("\t") for line in lines]
        count = lambda text: 0 if text == "-" else int(text)
        if title in ("TABLE 1", "TABLE 5"):
            by_year = {row[0].rstrip("*"): count(row[1]) for row in rows[1:-1]}
            tables[title] = {"": [by_year[year] for year in YEARS]}
        else:
            tables[title] = {row[0].rstrip("^"): [count(cell) for cell in row[1:4]] for row in rows[2:-1]}
    return tables


def band_ages(band):
    """Ages of a suspect in a band of table 3."""
    if band == "Not Recorded":
        return [""]
    if band == "Under 20":
        return [18, 19]
    low, high = band.split(" to ")
    return list(range(int(low), int(high) + 1))


def spread(table, year):
    """The row labels of one year, each as often as it counts."""
    return [label for label, counts in table.items() for _ in range(counts[YEARS.index(year)])]


def day_in(rng, first, last):
    return first + datetime.timedelta(days=rng.randint(0, (last - first).days))


def grooming_cases(rng, tables):
    """The 25 records that the release is about."""
    spellings = {label: list(words) for label, words in SPELLINGS.items()}
    cases = []
    for i, year in enumerate(YEARS):
        columns = [spread(tables[f"TABLE {n}"], year) for n in (2, 3, 4, 6)]
        for column in columns:
            rng.shuffle(column)
        charges = tables["TABLE 5"][""][i]
        # Nobody is charged where the suspect's age is not known.
        known = [n for n, band in enumerate(columns[1]) if band != "Not Recorded"]
        charged = set(rng.sample(known, charges))
        first = datetime.date(int(year), 1, 1)
        last = min(datetime.date(int(year), 12, 31), LAST_DAY)
        for n, (age, suspect, offence, programme) in enumerate(zip(*columns)):
            code = offence.split(" - ")[0]
            words = spellings[programme]
            words.append(words.pop(0))
            cases.append({
                "offence_code": code,
                "offence_title": GROOMING[code],
                # The first and the last day are in the release: the first and the last case stand on them.
                "report_date": day_in(rng, first, last),
                "victim_age": rng.choice(VICTIM_AGES[age]),
                "suspect_age": rng.choice(band_ages(suspect)),
                "outcome": "Charge" if n in charged else rng.choice(OTHER_OUTCOMES),
                "notes": ONLINE_NOTES[(n + i) % len(ONLINE_NOTES)],
                "programme": words[-1],
            })
    cases[0]["report_date"] = datetime.date(2013, 1, 1)
    cases[-1]["report_date"] = LAST_DAY
    # The case behind the note on "13 and Over": it stands in the band as it was recorded.
    noted = next(c for c in cases if c["report_date"].year == 2013 and c["victim_age"] in (13, 14, 15))
    noted.update(victim_age=14, notes=AS_RECORDED)
    return cases


def one_victim_twice(cases):
    """Two offences of 2013 against one child: a cell of offences may hold fewer victims."""
    pairs = ((a, b) for a in cases for b in cases if a is not b)
    a, b = next((a, b) for a, b in pairs
                if a["report_date"].year == b["report_date"].year == 2013 and a["offence_code"] == b["offence_code"]
                and a["victim_age"] == b["victim_age"] == 11 and a["suspect_age"] != b["suspect_age"])
    return a, b


def other_cases(rng):
    """Records that the filters leave out, each for a reason of its own."""
    start, end = datetime.date(2013, 1, 1), LAST_DAY
    cases = []

    def add(number, codes, first, last, notes):
        for _ in range(number):
            code, title = rng.choice(list(codes.items()))
            child = code in GROOMING
            cases.append({
                "offence_code": code,
                "offence_title": title,
                "report_date": day_in(rng, first, last),
                "victim_age": rng.choice(["", *range(9, 16)] if child else ["", *range(8, 70)]),
                "suspect_age": rng.choice(["", *range(18, 60)]),
                "outcome": rng.choice(["Charge", "Caution", *OTHER_OUTCOMES]),
                "notes": rng.choice(notes),
                "programme": rng.choice(["", "facebook", "WhatsApp", "email"]) if notes is not OFFLINE_NOTES else "",
            })

    add(190, OTHER, start, end, OTHER_NOTES)
    add(45, GROOMING, datetime.date(2011, 1, 1), datetime.date(2012, 12, 31), ONLINE_NOTES)
    add(25, GROOMING, datetime.date(2015, 7, 17), datetime.date(2015, 12, 31), ONLINE_NOTES)
    add(40, GROOMING, start, end, OFFLINE_NOTES)
    cases[190]["report_date"] = datetime.date(2012, 12, 31)
    cases[235]["report_date"] = datetime.date(2015, 7, 17)
    return cases


def number(rng, cases):
    """References in the order of the report, and names for the victims that tell nothing."""
    names = [f"V{n:05}" for n in rng.sample(range(10000, 99999), len(cases))]
    for case, name in zip(cases, names):
        case["victim_id"] = name
    a, b = one_victim_twice(cases[:25])
    b["victim_id"] = a["victim_id"]
    cases.sort(key=lambda case: (case["report_date"], case["victim_id"]))
    for n, case in enumerate(cases, start=1):
        case["crime_ref"] = f"{case['report_date']:%y}/{n:06}"


def counted():
    """The six tables counted from cases.csv, by the words of the release and with none of the code above."""
    merged = {word.strip().lower(): label for label, words in SPELLINGS.items() for word in words}
    tables = {f"TABLE {n}": Counter() for n in range(1, 7)}
    with open(HERE / "cases.csv", encoding="utf-8", newline="") as file:
        for case in csv.DictReader(file):
            notes, day = case["notes"].lower(), case["report_date"]
            if case["offence_code"] not in ("88/1", "88/2") or not "2013-01-01" <= day <= "2015-07-16":
                continue
            if not any(word in notes for word in ("internet", "online", "social networking")):
                continue
            year, age, suspect = day[:4], case["victim_age"], case["suspect_age"]
            victim_band = ("Not Recorded" if not age else "Under 10" if int(age) < 10
                           else "10 to 12" if int(age) < 13 else "13 and Over")
            low = int(suspect) // 5 * 5 if suspect else 0
            suspect_band = "Not Recorded" if not suspect else "Under 20" if low < 20 else f"{low} to {low + 4}"
            tables["TABLE 1"]["", year] += 1
            tables["TABLE 2"][victim_band, year] += 1
            tables["TABLE 3"][suspect_band, year] += 1
            tables["TABLE 4"][f"{case['offence_code']} - {case['offence_title']}", year] += 1
            tables["TABLE 5"]["", year] += case["outcome"] == "Charge"
            tables["TABLE 6"][merged[case["programme"].strip().lower()], year] += 1
    return tables


def main():
    rng = random.Random(SEED)
    tables = published()
    cases = grooming_cases(rng, tables) + other_cases(rng)
    number(rng, cases)
    with open(HERE / "cases.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(cases)
    for title, found in counted().items():
        expected = {(label, year): n for label, row in tables[title].items() for year, n in zip(YEARS, row) if n}
        if +found != expected:
            raise SystemExit(f"{title} does not come out as published: {dict(found)}")
    print(f"cases.csv: {len(cases)} records; the six tables come out as published")


if __name__ == "__main__":
    main()
