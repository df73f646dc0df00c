//! Numbers of texts with and without a role.

use super::*;

fn open(text: &str) -> Vec<String> {
    let context = Context {
        band: (1, 4),
        judged: &|_| false,
        withheld: &|_, _| false,
        listed: false,
        figures: false,
        page: None,
    };
    items(text, &context).into_iter().filter(|i| i.role.is_none()).map(|i| i.text).collect()
}

/// Numbers that count neither persons nor cases have a role.
#[test]
fn harmless() {
    for text in [
        "TABLE 2",
        "We own 4 vans and 3 cars",
        "one of their top three",
        "Notes: 1 A delivery may result in more than one baby.",
        "There were two more complaints in 2021 (45) than in 2020 (43).",
        "We will review this in term 2.",
        "Tables 1, 2 and 3 show offences",
        "1. How many offences were recorded?",
        "Section 40(2) of the Act",
        "Sections 31 and 3 of the Act",
        "Offences up to 4 July 2015",
        "from 1 to 3 March",
        "on 3rd May 2014",
        "July 4, 2015",
        "within 20 working days",
        "Children aged 3 and over",
        "fewer than 3 victims",
        "Figures between 1 and 4 are withheld.",
        "Counts of 1 to 4 are withheld",
        "* means 1-4",
        "rounded to the nearest 5",
        "multiples of 3",
        "4 or fewer",
        "Call 0800 111 222 3",
        "020 7946 0123",
        "Page 3",
        "Request no. 3",
        "Your reference: 3",
        "Ward 3",
        "Year 7",
        "Key Stage 2",
        "Type 2 diabetes",
        "12 Mill Road",
        "The two tables below",
        "one or more of the three reasons",
        "in the last two years",
        "10:30 on 3 May",
        "1/3 of all cases",
        "a ratio of 3:1",
        "12.5 %",
        "4 per cent of cases",
        "£3",
        "Version 2",
        "S10 2HH",
        "Regulation 12(4)(b)",
        "one of the reasons",
        "In 2014 212 were recorded",
        "to two decimal places",
        "The force has three systems.",
        "8 hours 3 minutes",
        "(3) Includes attempts",
        "Q1 2015",
        "between 1 April and 3 June",
        "2 sets of figures",
        "the 3 financial years",
        "ages 1 to 4",
        "Pages 3 to 4",
        "1. How many offences? 2. In which areas? 3. When?",
        "Notes 1. Figures are provisional. 2. Excludes attempts.",
        "1. North 2. South 3. East",
        "Four of the six forces replied.",
        "two thirds of them",
        "1 in 5 requests",
        "Page 2 of 4",
        "File 3 of 4",
        "Letter 2 of 2 to request 1234/22",
        "3 out of 4 forces replied.",
        "Where a value is 1, 2, 3 or 4 it is replaced.",
        "In both cases, both men and women",
        "not a single one, a single point of contact",
    ] {
        assert_eq!(open(text), [""; 0], "{text}");
    }
}

/// Small numbers that nothing explains have none, whatever the sentence looks like.
#[test]
fn left() {
    for (text, left) in [
        ("In South it was 3.", vec!["3"]),
        ("South: 3", vec!["3"]),
        ("South - 3, North - 12", vec!["3"]),
        ("There were two.", vec!["two"]),
        ("Only one was refused.", vec!["one"]),
        ("It fell from 12 to 3.", vec!["3"]),
        ("Ward: 3", vec!["3"]),
        ("n=3", vec!["n=3"]),
        ("3 burglaries", vec!["3"]),
        ("2-3 burglaries", vec!["2-3"]),
        ("2/40", vec!["2/40"]),
        ("In May 3 were refused", vec!["3"]),
        ("In that year 3 were refused", vec!["3"]),
        ("In response 2 of 12 patients left", vec!["2"]),
        ("two burglaries, 3 arsons", vec!["two", "3"]),
        ("South had 3 in two years", vec!["3"]),
        ("٣", vec!["٣"]),
        ("West: ③", vec!["③"]),
        ("West: Ⅲ", vec!["Ⅲ"]),
        ("In West it was 1. In Middle it was 2.", vec!["1", "2"]),
        ("Both burglaries were detected.", vec!["Both"]),
        ("A single burglary was recorded.", vec!["single"]),
    ] {
        assert_eq!(open(text), left, "{text}");
    }
}
