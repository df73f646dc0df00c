//! Bounded contributions: of each person at most so many records count.
//!
//! Which ones is drawn by the operating system's generator, for each person apart: so another person's records change
//! nothing about them.

use super::super::PerturbError;
use crate::model::Groups;

/// Leaves out, for each person, what is more than `most` records.
///
/// # Errors
/// If the operating system gives no random numbers.
pub(super) fn bound(groups: &mut Groups, most: i64) -> Result<(), PerturbError> {
    let Some(persons) = &groups.person else { return Ok(()) };
    let many = persons.iter().map(|&p| p as usize + 1).max().unwrap_or(0);
    let mut of_person: Vec<Vec<usize>> = vec![Vec::new(); many];
    persons.iter().enumerate().for_each(|(g, &p)| of_person[p as usize].push(g));
    for own in of_person {
        let mut left: i64 = own.iter().map(|&g| groups.records[g]).sum();
        if left <= most {
            continue;
        }
        let mut kept = vec![0; own.len()];
        for _ in 0..most {
            let mut at = below(left)?;
            left -= 1;
            for (slot, &g) in own.iter().enumerate() {
                let here = groups.records[g] - kept[slot];
                if at < here {
                    kept[slot] += 1;
                    break;
                }
                at -= here;
            }
        }
        own.iter().zip(kept).for_each(|(&g, n)| groups.records[g] = n);
    }
    Ok(())
}

/// A number from 0 to `n - 1`, each exactly as likely.
fn below(n: i64) -> Result<i64, PerturbError> {
    let n = u64::try_from(n).unwrap_or(1).max(1);
    let last = u64::MAX - (u64::MAX % n + 1) % n;
    loop {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(|_| {
            PerturbError::new("the operating system gives no random numbers", "look for what keeps it from doing so")
        })?;
        let bits = u64::from_le_bytes(bytes);
        if bits <= last {
            return Ok(i64::try_from(bits % n).unwrap_or(0));
        }
    }
}
