//! An expression as tabsafe has it: a tree of its own, which no library's parser or engine shows through.

use std::borrow::Cow;

use super::functions::Function;
use super::like::Pattern;

/// What values an expression has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tabulate) enum Kind {
    /// True or false.
    Truth,
    /// A whole number of 64 bits with a sign.
    Whole,
    /// A decimal number, as a double.
    Decimal,
    /// A text.
    Text,
    /// A day of the calendar.
    Day,
    /// A day and a time of it.
    Moment,
}

impl Kind {
    /// In words, with an article.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Truth => "a condition",
            Kind::Whole => "a whole number",
            Kind::Decimal => "a decimal number",
            Kind::Text => "a text",
            Kind::Day => "a date",
            Kind::Moment => "a time stamp",
        }
    }

    /// Whether it is one of the two kinds of numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Kind::Whole | Kind::Decimal)
    }
}

/// A value; `Null` where it is not known.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tabulate) enum Value<'a> {
    /// Not known.
    Null,
    /// True or false.
    Truth(bool),
    /// A whole number.
    Whole(i64),
    /// A decimal number, never one that is none (NaN).
    Decimal(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// Days since 1970-01-01.
    Day(i32),
    /// Nanoseconds since 1970-01-01.
    Moment(i128),
}

impl Value<'_> {
    /// Its kind; none for `Null`.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Value::Null => None,
            Value::Truth(_) => Some(Kind::Truth),
            Value::Whole(_) => Some(Kind::Whole),
            Value::Decimal(_) => Some(Kind::Decimal),
            Value::Text(_) => Some(Kind::Text),
            Value::Day(_) => Some(Kind::Day),
            Value::Moment(_) => Some(Kind::Moment),
        }
    }
}

/// Two operands.
pub(in crate::tabulate) type Pair = Box<[Expression; 2]>;

/// An expression. What SQL writes with `NOT` inside (`NOT IN`, `IS NOT TRUE`) is the plain form within `Not`.
#[derive(Clone, Debug)]
pub(in crate::tabulate) enum Expression {
    /// A column, by its place in [`super::Parsed::columns`].
    Column(usize),
    /// A value that the specification states.
    Literal(Value<'static>),
    /// `NOT`.
    Not(Box<Expression>),
    /// The sign before a number.
    Minus(Box<Expression>),
    /// Joined by `AND`.
    All(Vec<Expression>),
    /// Joined by `OR`.
    Any(Vec<Expression>),
    /// Numbers and dates.
    Arithmetic(Arithmetic, Pair),
    /// `||`.
    Join(Pair),
    /// `=`, `<` and so on.
    Compare(Comparison, Pair),
    /// `IS DISTINCT FROM`.
    Distinct(Pair),
    /// `IS NULL`.
    IsNull(Box<Expression>),
    /// `IS TRUE`, `IS FALSE`; `IS UNKNOWN` where it is none of the two.
    Is(Option<bool>, Box<Expression>),
    /// `IN`.
    In(Box<Expression>, List),
    /// `BETWEEN`: the value, the least and the most.
    Between(Box<[Expression; 3]>),
    /// `LIKE` and `ILIKE`.
    Like(Box<Expression>, Pattern),
    /// `CASE`.
    Case {
        /// What is compared with each value, if anything.
        of: Option<Box<Expression>>,
        /// Conditions (or values) and results.
        whens: Vec<(Expression, Expression)>,
        /// The result where none holds.
        otherwise: Option<Box<Expression>>,
    },
    /// `COALESCE`.
    Coalesce(Vec<Expression>),
    /// `NULLIF`.
    NullIf(Pair),
    /// `CAST` and `TRY_CAST`.
    Cast {
        /// What is converted.
        value: Box<Expression>,
        /// To what.
        to: Kind,
        /// Whether a value that can't be converted is not known, instead of a fault.
        lenient: bool,
    },
    /// `EXTRACT`.
    Extract(Part, Box<Expression>),
    /// A function of the registry.
    Call(&'static Function, Vec<Expression>),
}

/// The values after `IN`.
#[derive(Clone, Debug)]
pub(in crate::tabulate) enum List {
    /// As written.
    Written(Vec<Expression>),
    /// Stated values of one kind, sorted, and whether `NULL` is among them.
    Sorted(Vec<Value<'static>>, bool),
}

/// Operators of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tabulate) enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/` of decimal numbers.
    Divide,
    /// `%` of whole numbers.
    Remainder,
}

impl Arithmetic {
    /// Its sign.
    pub fn sign(self) -> &'static str {
        match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
            Arithmetic::Remainder => "%",
        }
    }
}

/// Operators that compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tabulate) enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// Parts of dates and time stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tabulate) enum Part {
    /// The year.
    Year,
    /// 1 to 4.
    Quarter,
    /// 1 to 12.
    Month,
    /// Day of the month.
    Day,
    /// Day of the year, from 1.
    DayOfYear,
    /// 0 is Sunday.
    DayOfWeek,
    /// 1 is Monday, 7 is Sunday.
    IsoDayOfWeek,
    /// ISO 8601.
    Week,
    /// The year that the week belongs to.
    IsoYear,
    /// 0 to 23.
    Hour,
    /// 0 to 59.
    Minute,
}

/// Names of parts, with what they are.
pub(in crate::tabulate) const PARTS: &[(&str, Part, &str)] = &[
    ("YEAR", Part::Year, "the year"),
    ("QUARTER", Part::Quarter, "1 to 4"),
    ("MONTH", Part::Month, "1 to 12"),
    ("DAY", Part::Day, "1 to 31"),
    ("DOY", Part::DayOfYear, "day of the year, from 1"),
    ("DOW", Part::DayOfWeek, "day of the week, 0 is Sunday"),
    ("ISODOW", Part::IsoDayOfWeek, "day of the week, 1 is Monday and 7 is Sunday"),
    ("WEEK", Part::Week, "week of ISO 8601"),
    ("ISOYEAR", Part::IsoYear, "the year that the week of ISO 8601 belongs to"),
    ("HOUR", Part::Hour, "0 to 23, of time stamps"),
    ("MINUTE", Part::Minute, "0 to 59, of time stamps"),
];
