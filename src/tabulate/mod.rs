//! stub
use crate::model::*;
use crate::read::*;
use crate::spec::Spec;
#[derive(Debug)]
pub struct Summary {
    pub rows_read: u64,
    pub rows_kept: u64,
    pub notes: Vec<String>,
    pub warnings: Vec<String>,
}
#[derive(Debug)]
pub struct Tabulation {
    pub space: Space,
    pub measures: Vec<Measure>,
    pub tables: Vec<Table>,
    pub groups: Groups,
    pub summary: Summary,
}
pub struct Needs {
    pub persons: bool,
    pub contributions: usize,
}
pub fn wanted(_s: &Spec) -> Result<Vec<Wanted>, Error> {
    Err(Error::internal("stub"))
}
pub fn tabulate(_s: &Spec, _r: Records, _n: Needs) -> Result<Tabulation, Error> {
    Err(Error::internal("stub"))
}
