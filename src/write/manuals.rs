//! The pages of the manual about formats that need more than a line.

/// Name of the format, and its page in Markdown.
pub const MANUALS: &[(&str, &str)] = &[
    ("csv", include_str!("manuals/csv.md")),
    ("csvw", include_str!("manuals/csvw.md")),
    ("ods", include_str!("manuals/ods.md")),
    ("parquet", include_str!("manuals/parquet.md")),
    ("sdmx-csv", include_str!("manuals/sdmx-csv.md")),
    ("xlsx", include_str!("manuals/xlsx.md")),
    ("zip", include_str!("manuals/zip.md")),
];
