//! The readers of drafted answers without the rest of tabsafe: what they need is included by path, so that a build with
//! sanitizers compiles neither Polars nor HiGHS. The files are those of the product, none is copied.

#![allow(dead_code, reason = "the rest of tabsafe uses what the readers here do not")]

#[path = "../../src/draft/mod.rs"]
pub mod draft;
pub mod read;
