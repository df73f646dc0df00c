//! Zip files whose bytes follow from their content: no clock, no machine, entries in the order given.

use std::io::{self, Cursor, Read, Write};

use quick_xml::escape::escape;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// A zip file in the making.
pub struct Package {
    zip: ZipWriter<Cursor<Vec<u8>>>,
}

impl Default for Package {
    fn default() -> Self {
        Package::new()
    }
}

impl Package {
    /// An empty one.
    pub fn new() -> Self {
        Package { zip: ZipWriter::new(Cursor::new(Vec::new())) }
    }

    /// Adds an entry.
    pub fn add(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        self.put(name, content, CompressionMethod::Deflated)
    }

    /// Adds an entry that programs look for at its place in the bytes.
    pub fn add_stored(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        self.put(name, content, CompressionMethod::Stored)
    }

    fn put(&mut self, name: &str, content: &[u8], method: CompressionMethod) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.zip.start_file(name, options).map_err(io::Error::other)?;
        self.zip.write_all(content)
    }

    /// The bytes.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        Ok(self.zip.finish().map_err(io::Error::other)?.into_inner())
    }
}

/// The properties of an Office document: title, policy and program, a language where there is one. No author, no machine, no
/// time.
pub fn properties(title: &str, made: &str, language: Option<&str>) -> String {
    let language = language.map_or_else(String::new, |l| format!("<dc:language>{}</dc:language>", escape(l)));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title>{language}\
         <dc:description>{}</dc:description></cp:coreProperties>",
        escape(title),
        escape(made)
    )
}

/// Every entry of a zip file, in its order.
pub fn entries(bytes: &[u8]) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(io::Error::other)?;
    let mut found = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(io::Error::other)?;
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        found.push((entry.name().to_owned(), content));
    }
    Ok(found)
}
