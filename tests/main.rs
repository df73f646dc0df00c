//! Everything that is tested from outside the library, in one binary.
//!
//! - `tidy`: the rules of the house, read from the source tree; `registries`: what help and manuals follow from.
//! - `random` makes small linked systems from seeds, `brute` knows all about them by enumeration.
//! - `oracle`: no release leaks, and what the attack says is what enumeration says.
//! - `optimum`: the exact method against exhaustive search.
//! - `properties`: what must not change a result, or only in one direction.
//! - `worlds` makes systems of both sorts with something to hide, `rank` knows what elimination determines.
//! - `invariants`: what holds for every system and every method.
//! - `keyed`: the choice by a key, and what it promises.
//! - `judges`: the attack, elimination and enumeration agree about any pattern.
//! - `blind`: the audit without the truth, beside the attack and enumeration; `proof`: public proofs and who checks them.
//! - `rounding`: every rounding method, and the attack on what is rounded, against enumeration.
//! - `closeness`: small count rounding beside the figures of another system.
//! - `limits`: killed runs, and what the terminal says by default.
//! - `interruption`: a limit in the middle of the work gives a proved pattern or none.
//! - `instances`: cell suppression instances in JJ format, with losses known from elsewhere.
//! - `exact`: such instances with numbers of any size, beside every corner of what is possible.
//! - `police`: the worked example, counted out.
//! - `policies`: policies as documents, those that ship and those at fault.
//! - `examples`: attacks with answers known from elsewhere.
//! - `perturb`: noise from end to end: the figures of other systems, the same noise everywhere, what the attack finds.
//! - `streams`: standard input and output, and what is left behind.
//! - `secrets`: planted values are looked for in every output; `office`: spreadsheets in LibreOffice.
//! - `sql`: expressions of a specification, beside what databases make of them.
//! - `argus`: batches of tau-ARGUS, beside what pytauargus made of the same files.
//! - `pages`: pages in a real browser, where there is one; `logs`: planted values are found in no page, answer or log.
//! - `drafts`: drafted answers in every format.
//! - `cases`: drafts with their right answers, a folder each.
//! - `checks`: drafted answers from seeds and from life, and what `check` says of them.
//! - `planted`: drafts from seeds in which a relation or a hiding place is planted, and their twins without.
//! - `truth`: releases over the whole language of the specification, against a truth that shares nothing with the product.
//! - `zeros`: zeros, and what stands behind a sign, in policy, attack, legend and output.
//! - `cli`: the program as a user meets it; `readme`: what README.md says is what it does.

mod argus;
mod blind;
mod brute;
mod cases;
mod checks;
mod cli;
mod closeness;
mod drafts;
mod exact;
mod examples;
mod instances;
mod interruption;
mod invariants;
mod judges;
mod keyed;
mod limits;
mod logs;
mod office;
mod optimum;
mod oracle;
mod pages;
mod perturb;
mod planted;
mod police;
mod policies;
mod proof;
mod properties;
mod random;
mod rank;
mod readme;
mod registries;
mod rounding;
mod secrets;
mod sql;
mod streams;
mod tidy;
mod truth;
mod wishes;
mod worlds;
mod zeros;
