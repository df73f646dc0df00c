//! Descriptions of columns of any bytes; whole files are tried with a reader of columns in the command's tests.

use super::{arrow, parquet, thrift};

#[test]
fn descriptions_of_any_bytes_are_none() {
    for bytes in [&b"PAR1PAR1"[..], b"PAR1\xff\xff\xff\xffPAR1", b"ARROW1\0\0\0\0\0\0ARROW1", b"PAR1", b""] {
        let _ = (parquet::File::of(bytes).is_err(), arrow::File::of(bytes).is_err());
    }
    assert!(thrift::parse(&[0x1C; 4000]).is_none());
    assert!(thrift::parse(&[0x19, 0xF8, 0xFF, 0xFF, 0xFF, 0x7F]).is_none());
}
