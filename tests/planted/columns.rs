//! Files of columns: what they keep beside their rows. Written by Polars; what it would not write is put into the bytes.

use std::io::Cursor;

use polars::prelude::{Column, DataFrame, IpcWriter, ParquetCompression, ParquetWriter, SerWriter, StatisticsOptions};

use super::page::{Page, Part};

/// Places of Arrow files, and whether something harmless can stand there.
pub const ARROW_PLACES: &[(&str, bool)] = &[("beneath-a-null", true)];
/// Places of Parquet files.
pub const PARQUET_PLACES: &[(&str, bool)] = &[("statistics", true), ("unclaimed-bytes", true)];

/// The table as columns: texts, and whole numbers with nulls for withheld ones.
fn frame(page: &Page) -> DataFrame {
    let Some(Part::Table(head, rows)) = page.parts.iter().find(|p| matches!(p, Part::Table(..))) else {
        panic!("a table")
    };
    let columns = head.iter().enumerate().map(|(c, name)| {
        let texts: Vec<&str> = rows.iter().map(|r| r[c].as_str()).collect();
        if c == 0 {
            return Column::new(name.as_str().into(), texts);
        }
        Column::new(name.as_str().into(), texts.iter().map(|t| t.parse::<i64>().ok()).collect::<Vec<_>>())
    });
    DataFrame::new(rows.len(), columns.collect()).expect("columns of one length")
}

/// The numbers of a column as a file keeps them, with this one in place of a null.
fn kept(page: &Page, column: usize, row: usize, number: i64) -> Vec<u8> {
    let Some(Part::Table(_, rows)) = page.parts.iter().find(|p| matches!(p, Part::Table(..))) else {
        panic!("a table")
    };
    let value = |(r, cells): (usize, &Vec<String>)| if r == row { number } else { cells[column].parse().unwrap_or(0) };
    rows.iter().enumerate().map(value).flat_map(i64::to_le_bytes).collect()
}

/// Puts other bytes in place of some.
fn exchanged(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|w| w == from).expect("the bytes that are exchanged");
    bytes[at..at + to.len()].copy_from_slice(to);
    bytes
}

/// An Arrow file.
pub fn arrow(page: &Page) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    IpcWriter::new(&mut bytes).finish(&mut frame(page)).expect("a file");
    let bytes = bytes.into_inner();
    match page.holds("beneath-a-null").filter(|h| h.leak) {
        Some(h) => exchanged(bytes, &kept(page, h.at.1, h.at.0, 0), &kept(page, h.at.1, h.at.0, h.number)),
        None => bytes,
    }
}

/// A stream of Arrow messages: those of a file, without what frames them.
pub fn stream(page: &Page) -> Vec<u8> {
    let file = arrow(page);
    let end = file.len() - 10;
    let length = u32::from_le_bytes(file[end..end + 4].try_into().expect("four bytes")) as usize;
    file[8..end - length].to_vec()
}

/// A Parquet file.
pub fn parquet(page: &Page) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Uncompressed)
        .with_statistics(StatisticsOptions::full())
        .finish(&mut frame(page))
        .expect("a file");
    let mut bytes = bytes.into_inner();
    let Some(held) = page.held.as_ref().filter(|h| h.leak) else { return bytes };
    let length = u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().expect("four bytes")) as usize;
    let footer = bytes.len() - 8 - length;
    if held.place == "unclaimed-bytes" {
        bytes.splice(footer..footer, format!("        {}        ", held.text).into_bytes());
        return bytes;
    }
    // the least value of the column, where the file tells its limits
    let Some(Part::Table(_, rows)) = page.parts.first() else { panic!("a table") };
    let least = rows.iter().filter_map(|r| r[held.at.1].parse::<i64>().ok()).min().expect("a figure");
    let tail = exchanged(bytes.split_off(footer), &least.to_le_bytes(), &held.number.to_le_bytes());
    bytes.extend(tail);
    bytes
}
