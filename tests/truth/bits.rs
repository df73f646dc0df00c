//! Sets of small numbers.

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bits(Vec<u64>);

impl Bits {
    pub fn of(members: impl IntoIterator<Item = usize>) -> Bits {
        let mut bits = Bits::default();
        members.into_iter().for_each(|m| bits.add(m));
        bits
    }

    pub fn add(&mut self, member: usize) {
        if self.0.len() <= member / 64 {
            self.0.resize(member / 64 + 1, 0);
        }
        self.0[member / 64] |= 1 << (member % 64);
    }

    pub fn holds(&self, member: usize) -> bool {
        self.0.get(member / 64).is_some_and(|w| w >> (member % 64) & 1 == 1)
    }

    fn with(&self, other: &Bits, op: fn(u64, u64) -> u64) -> Bits {
        let word = |b: &Bits, i: usize| b.0.get(i).copied().unwrap_or(0);
        let mut words: Vec<u64> =
            (0..self.0.len().max(other.0.len())).map(|i| op(word(self, i), word(other, i))).collect();
        while words.last() == Some(&0) {
            words.pop();
        }
        Bits(words)
    }

    pub fn and(&self, other: &Bits) -> Bits {
        self.with(other, |a, b| a & b)
    }

    pub fn or(&self, other: &Bits) -> Bits {
        self.with(other, |a, b| a | b)
    }

    pub fn minus(&self, other: &Bits) -> Bits {
        self.with(other, |a, b| a & !b)
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|w| *w == 0)
    }

    pub fn meets(&self, other: &Bits) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(i, w)| (0..64).filter(move |b| w >> b & 1 == 1).map(move |b| i * 64 + b))
    }
}
