//! FlatBuffers, as Arrow describes its messages in them: tables of fields at offsets, every access within bounds.

/// A table within some bytes.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    at: usize,
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(number(bytes, at)?)).ok()
}

impl<'a> Table<'a> {
    /// The table that the first word of some bytes leads to.
    pub(super) fn root(bytes: &'a [u8]) -> Option<Table<'a>> {
        Some(Table { bytes, at: word(bytes, 0)? })
    }

    /// Where a field stands, if it does.
    fn place(&self, field: usize) -> Option<usize> {
        let back = i32::from_le_bytes(number(self.bytes, self.at)?);
        let list = usize::try_from(i64::try_from(self.at).ok()? - i64::from(back)).ok()?;
        let size = usize::from(u16::from_le_bytes(number(self.bytes, list)?));
        let slot = 4 + field * 2;
        if slot + 2 > size {
            return None;
        }
        let offset = usize::from(u16::from_le_bytes(number(self.bytes, list.checked_add(slot)?)?));
        (offset > 0).then(|| self.at.checked_add(offset)).flatten()
    }

    /// Where an offset in a field leads.
    fn target(&self, field: usize) -> Option<usize> {
        let at = self.place(field)?;
        at.checked_add(word(self.bytes, at)?)
    }

    /// Where it stands in its bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// A byte.
    pub(super) fn byte(&self, field: usize) -> Option<u8> {
        self.bytes.get(self.place(field)?).copied()
    }

    /// A long whole number.
    pub(super) fn long(&self, field: usize) -> Option<i64> {
        Some(i64::from_le_bytes(number(self.bytes, self.place(field)?)?))
    }

    /// A table.
    pub(super) fn table(&self, field: usize) -> Option<Table<'a>> {
        Some(Table { bytes: self.bytes, at: self.target(field)? })
    }

    /// A text.
    pub(super) fn text(&self, field: usize) -> Option<String> {
        let at = self.target(field)?;
        let length = word(self.bytes, at)?;
        let start = at.checked_add(4)?;
        Some(String::from_utf8_lossy(self.bytes.get(start..start.checked_add(length)?)?).into_owned())
    }

    /// Where the items of a list of so many bytes each stand.
    fn items(&self, field: usize, size: usize) -> Option<Vec<usize>> {
        let at = self.target(field)?;
        let count = word(self.bytes, at)?;
        let start = at.checked_add(4)?;
        self.bytes.get(start..start.checked_add(count.checked_mul(size)?)?)?;
        Some((0..count).map(|i| start + i * size).collect())
    }

    /// The tables of a list.
    pub(super) fn tables(&self, field: usize) -> Vec<Table<'a>> {
        let places = self.items(field, 4).unwrap_or_default();
        let table = |at: usize| Some(Table { bytes: self.bytes, at: at.checked_add(word(self.bytes, at)?)? });
        places.into_iter().filter_map(table).collect()
    }

    /// The structs of a list, as words of eight bytes each.
    pub(super) fn structs<const N: usize>(&self, field: usize) -> Vec<[i64; N]> {
        let places = self.items(field, N * 8).unwrap_or_default();
        let one = |at: usize| {
            let mut words = [0; N];
            for (i, slot) in words.iter_mut().enumerate() {
                *slot = i64::from_le_bytes(number(self.bytes, at.checked_add(i * 8)?)?);
            }
            Some(words)
        };
        places.into_iter().filter_map(one).collect()
    }
}
