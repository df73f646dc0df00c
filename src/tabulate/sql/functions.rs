//! The functions that an expression may call: the registry that checks, counting and the reference page follow from.

mod number;
mod text;

use super::fault::Fault;
use super::tree::{Kind, Value};

/// A function.
pub(in crate::tabulate) struct Function {
    /// Its name, then other names for the same.
    pub names: &'static [&'static str],
    /// How it is written.
    pub form: &'static str,
    /// What it gives.
    pub about: &'static str,
    /// What it does; none for forms that the parser takes apart.
    pub call: Option<Call>,
}

/// What a function of plain arguments takes and does. Where an argument is not known, neither is the result.
pub(in crate::tabulate) struct Call {
    /// Its arguments.
    pub takes: &'static [Takes],
    /// How many of them, from the last, may be left out.
    pub optional: usize,
    /// The kind of its result; that of the first argument where it says none.
    pub gives: Option<Kind>,
    /// Its result. The arguments are of the kinds that it takes, and known.
    pub run: for<'a> fn(&[Value<'a>]) -> Result<Value<'a>, Fault>,
}

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tabulate) enum Takes {
    /// A text.
    Text,
    /// A stated text of one sign.
    Sign,
    /// A whole number.
    Whole,
    /// A place in a text, from 1.
    Place,
    /// A number of signs, from 0.
    Length,
    /// A whole or decimal number.
    Number,
}

impl Takes {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Takes::Text => "a text",
            Takes::Sign => "a single sign, written out",
            Takes::Whole => "a whole number",
            Takes::Place => "a whole number from 1",
            Takes::Length => "a whole number from 0",
            Takes::Number => "a number",
        }
    }

    /// Whether a value of this kind will do.
    pub fn fits(self, kind: Kind) -> bool {
        match self {
            Takes::Text | Takes::Sign => kind == Kind::Text,
            Takes::Whole | Takes::Place | Takes::Length => kind == Kind::Whole,
            Takes::Number => kind.is_number(),
        }
    }
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.form)
    }
}

type Run = for<'a> fn(&[Value<'a>]) -> Result<Value<'a>, Fault>;

const fn call(takes: &'static [Takes], optional: usize, gives: Option<Kind>, run: Run) -> Option<Call> {
    Some(Call { takes, optional, gives, run })
}

use Kind::{Text as TextKind, Truth, Whole as WholeKind};
use Takes::{Length, Number, Place, Sign, Text, Whole};

/// Every function, by what it is for.
pub(in crate::tabulate) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["COALESCE", "IFNULL"],
        form: "COALESCE(a, b, …)",
        about: "the first value that is not NULL",
        call: None,
    },
    Function { names: &["NULLIF"], form: "NULLIF(a, b)", about: "NULL where a = b holds, else a", call: None },
    Function {
        names: &["CAST"],
        form: "CAST(a AS type), a::type",
        about: "a value as another type, see below; a text that can't be converted stops the release",
        call: None,
    },
    Function {
        names: &["TRY_CAST"],
        form: "TRY_CAST(a AS type)",
        about: "the same; NULL for a text that can't be converted",
        call: None,
    },
    Function {
        names: &["LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH"],
        form: "LENGTH(text)",
        about: "how many signs (code points, not bytes)",
        call: call(&[Text], 0, Some(WholeKind), text::length),
    },
    Function {
        names: &["UPPER"],
        form: "UPPER(text)",
        about: "in capitals, letter by letter (`ß` stays)",
        call: call(&[Text], 0, Some(TextKind), text::upper),
    },
    Function {
        names: &["LOWER"],
        form: "LOWER(text)",
        about: "in small letters, letter by letter",
        call: call(&[Text], 0, Some(TextKind), text::lower),
    },
    Function {
        names: &["TRIM"],
        form: "TRIM(text), TRIM(BOTH 'x' FROM text), also LEADING, TRAILING",
        about: "without the blanks (or another sign) at its ends; a tab is no blank",
        call: call(&[Text, Sign], 1, Some(TextKind), text::trim),
    },
    Function {
        names: &["LTRIM"],
        form: "LTRIM(text[, 'x'])",
        about: "the same at its beginning",
        call: call(&[Text, Sign], 1, Some(TextKind), text::trim_start),
    },
    Function {
        names: &["RTRIM"],
        form: "RTRIM(text[, 'x'])",
        about: "the same at its end",
        call: call(&[Text, Sign], 1, Some(TextKind), text::trim_end),
    },
    Function {
        names: &["SUBSTR", "SUBSTRING"],
        form: "SUBSTR(text, from[, length]), SUBSTRING(text FROM from FOR length)",
        about: "the signs from a place on, counted from 1; a place below 1 or a negative length stops the release, for databases differ there",
        call: call(&[Text, Place, Length], 1, Some(TextKind), text::substr),
    },
    Function {
        names: &["LEFT"],
        form: "LEFT(text, length)",
        about: "the first signs; a negative length stops the release",
        call: call(&[Text, Length], 0, Some(TextKind), text::left),
    },
    Function {
        names: &["RIGHT"],
        form: "RIGHT(text, length)",
        about: "the last signs; a negative length stops the release",
        call: call(&[Text, Length], 0, Some(TextKind), text::right),
    },
    Function {
        names: &["STRPOS", "INSTR", "POSITION"],
        form: "STRPOS(text, part), POSITION(part IN text)",
        about: "where a part begins, counted from 1; 0 where it is not in the text",
        call: call(&[Text, Text], 0, Some(WholeKind), text::position),
    },
    Function {
        names: &["REPLACE"],
        form: "REPLACE(text, part, other)",
        about: "with every part replaced, from left to right; an empty part changes nothing",
        call: call(&[Text, Text, Text], 0, Some(TextKind), text::replace),
    },
    Function {
        names: &["STARTS_WITH"],
        form: "STARTS_WITH(text, part)",
        about: "whether it begins so",
        call: call(&[Text, Text], 0, Some(Truth), text::starts_with),
    },
    Function {
        names: &["ENDS_WITH"],
        form: "ENDS_WITH(text, part)",
        about: "whether it ends so",
        call: call(&[Text, Text], 0, Some(Truth), text::ends_with),
    },
    Function {
        names: &["ABS"],
        form: "ABS(number)",
        about: "without its sign",
        call: call(&[Number], 0, None, number::abs),
    },
    Function {
        names: &["FLOOR"],
        form: "FLOOR(number)",
        about: "the next whole number below, as a decimal number where it was one",
        call: call(&[Number], 0, None, number::floor),
    },
    Function {
        names: &["CEIL", "CEILING"],
        form: "CEIL(number)",
        about: "the next whole number above",
        call: call(&[Number], 0, None, number::ceil),
    },
    Function {
        names: &["TRUNC"],
        form: "TRUNC(number)",
        about: "the next whole number towards zero",
        call: call(&[Number], 0, None, number::trunc),
    },
    Function {
        names: &["ROUND"],
        form: "ROUND(number)",
        about: "the nearest whole number; halves go away from zero",
        call: call(&[Number], 0, None, number::round),
    },
    Function {
        names: &["DIV"],
        form: "DIV(a, b)",
        about: "how often b goes into a, both whole; towards zero: DIV(-7, 2) is -3",
        call: call(&[Whole, Whole], 0, Some(WholeKind), number::div),
    },
    Function {
        names: &["MOD"],
        form: "MOD(a, b), a % b",
        about: "what is left, both whole; it has the sign of a: MOD(-7, 2) is -1",
        call: call(&[Whole, Whole], 0, Some(WholeKind), number::modulo),
    },
    Function {
        names: &["DATE"],
        form: "DATE '2015-07-16', DATE('2015-07-16')",
        about: "a day, written out",
        call: None,
    },
    Function {
        names: &["EXTRACT", "DATE_PART"],
        form: "EXTRACT(YEAR FROM date), DATE_PART('year', date)",
        about: "a part of a date or time stamp, see below",
        call: None,
    },
    Function { names: &["YEAR"], form: "YEAR(date)", about: "EXTRACT(YEAR FROM date)", call: None },
    Function { names: &["QUARTER"], form: "QUARTER(date)", about: "EXTRACT(QUARTER FROM date)", call: None },
    Function { names: &["MONTH"], form: "MONTH(date)", about: "EXTRACT(MONTH FROM date)", call: None },
    Function { names: &["DAY"], form: "DAY(date)", about: "EXTRACT(DAY FROM date)", call: None },
];

/// The function of a name, in whichever case it is written.
pub(super) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|f| f.names.iter().any(|n| n.eq_ignore_ascii_case(name)))
}

/// Functions that are no good here, and what to write instead.
const INSTEAD: &[(&[&str], &str)] = &[
    (
        &["SUM", "COUNT", "MIN", "MAX", "AVG", "MEDIAN", "FIRST", "LAST", "ROW_NUMBER"],
        "an expression is about one record; `measure` of a table counts and adds up",
    ),
    (
        &["CONCAT", "CONCAT_WS"],
        "databases differ about NULL in it: write a || b, or COALESCE(a, '') || COALESCE(b, '')",
    ),
    (&["GREATEST", "LEAST"], "databases differ about NULL in it: write CASE WHEN a > b THEN a ELSE b END"),
    (&["IF", "IIF", "NVL2", "DECODE"], "write CASE WHEN condition THEN a ELSE b END"),
    (&["NVL", "ISNULL"], "write COALESCE(a, b)"),
    (
        &["STRFTIME", "TO_CHAR", "DATE_FORMAT", "FORMAT", "DATE_TRUNC"],
        "write EXTRACT(YEAR FROM date), or SUBSTR(CAST(date AS TEXT), 1, 7) for the month of 2015-07",
    ),
    (
        &["STRPTIME", "TO_DATE", "STR_TO_DATE", "DATETIME", "TIMESTAMP", "MAKE_DATE"],
        "write CAST(text AS DATE) for texts such as 2015-07-16",
    ),
    (
        &[
            "NOW",
            "TODAY",
            "CURRENT_DATE",
            "CURRENT_TIME",
            "CURRENT_TIMESTAMP",
            "LOCALTIME",
            "LOCALTIMESTAMP",
            "RANDOM",
            "RAND",
        ],
        "a release must be the same tomorrow: write the day, DATE '2015-07-16'",
    ),
    (
        &["DATEDIFF", "DATE_DIFF", "AGE", "DATEADD", "DATE_ADD", "DATE_SUB", "DAYS"],
        "write date - date for days, date + 30, or EXTRACT(YEAR FROM date)",
    ),
    (
        &["REGEXP", "REGEXP_LIKE", "REGEXP_MATCHES", "REGEXP_REPLACE", "RLIKE"],
        "databases differ about regular expressions: write LIKE '%word%' or ILIKE",
    ),
    (&["CONTAINS"], "write text LIKE '%word%', or STRPOS(text, part) > 0"),
    (&["REPEAT", "LPAD", "RPAD", "SPACE"], "write a || b, and RIGHT('000' || a, 3) to pad"),
    (
        &["POW", "POWER", "SQRT", "EXP", "LN", "LOG", "LOG10", "LOG2", "SIN", "COS", "TAN"],
        "write a * a, or make the number a column of the data",
    ),
    (&["TRUNCATE"], "write TRUNC(number)"),
    (
        &["DATE_PART_STR", "WEEK", "DAYOFWEEK", "WEEKDAY", "DAYOFYEAR", "HOUR", "MINUTE"],
        "write EXTRACT(DOW FROM date), where 0 is Sunday, or another part",
    ),
    (&["OCTET_LENGTH", "BIT_LENGTH", "LEN"], "write LENGTH(text), which counts signs"),
];

/// What to write instead of a function that there is not.
pub(super) fn instead(name: &str) -> String {
    let known = INSTEAD.iter().find(|(names, _)| names.iter().any(|n| n.eq_ignore_ascii_case(name)));
    if let Some((_, instead)) = known {
        return (*instead).to_owned();
    }
    let names: Vec<String> = FUNCTIONS.iter().flat_map(|f| f.names).map(|n| (*n).to_owned()).collect();
    match crate::read::nearest(name, &names).as_slice() {
        [] => format!("functions that can be used: {}", names.join(", ")),
        near => format!("did you mean {}? functions that can be used: {}", near.join(" or "), names.join(", ")),
    }
}
