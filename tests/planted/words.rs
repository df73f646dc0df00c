//! Labels that drafts are made of.

use crate::random::Rng;

/// Names of places.
const PLACES: [&str; 12] = [
    "Ashby",
    "Birchwood",
    "Cedar Vale",
    "Denholm",
    "Elmstead",
    "Fernhill",
    "Garth",
    "Holme",
    "Inverdon",
    "Kelby",
    "Larkfield",
    "Marsh End",
];
/// What is counted by category.
const GROUPS: [[&str; 6]; 4] = [
    ["Burglary", "Fraud", "Arson", "Robbery", "Criminal damage", "Theft"],
    ["Asthma", "Diabetes", "Epilepsy", "Measles", "Mumps", "Scarlet fever"],
    ["Maths", "English", "Biology", "History", "French", "Drama"],
    ["Nurses", "Porters", "Doctors", "Clerks", "Cleaners", "Cooks"],
];
/// What a total is called where it isn't called Total.
pub const WHOLES: [&str; 10] = [
    "Whole trust",
    "England",
    "All areas",
    "Everyone",
    "Force area",
    "National",
    "The whole county",
    "Overall",
    "Combined",
    "Borough",
];
/// What figures count.
pub const NOUNS: [&str; 6] = ["offences", "patients", "pupils", "complaints", "incidents", "referrals"];

/// This many different labels.
pub fn labels(rng: &mut Rng, number: usize) -> Vec<&'static str> {
    let pool: Vec<&'static str> =
        if rng.chance(60) { PLACES.to_vec() } else { GROUPS[rng.below(GROUPS.len())].to_vec() };
    let start = rng.below(pool.len());
    (0..number).map(|i| pool[(start + i) % pool.len()]).collect()
}

/// One of these.
pub fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.below(from.len())]
}

/// Consecutive years.
pub fn years(rng: &mut Rng, number: usize) -> Vec<String> {
    let first = 2012 + rng.below(9);
    (0..number).map(|i| (first + i).to_string()).collect()
}

/// A count that is neither small nor 0.
pub fn large(rng: &mut Rng) -> i64 {
    5 + rng.below(60) as i64
}

/// A count from 1 to 4.
pub fn small(rng: &mut Rng) -> i64 {
    1 + rng.below(4) as i64
}
