//! The little of SQL that the truth needs, read and answered by its own hand: comparisons, IN, IS NULL, AND, OR, NOT, CASE.

/// A value; a missing one is `Null`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Number(f64),
    Text(String),
    Truth(bool),
}

/// An expression.
#[derive(Clone, Debug)]
pub enum Sql {
    Column(String),
    Literal(Value),
    Compare(Box<Sql>, String, Box<Sql>),
    In(Box<Sql>, Vec<Sql>),
    IsNull(Box<Sql>),
    Not(Box<Sql>),
    And(Box<Sql>, Box<Sql>),
    Or(Box<Sql>, Box<Sql>),
    Case(Vec<(Sql, Sql)>, Box<Sql>),
}

impl Sql {
    /// The expression of a text.
    pub fn parse(text: &str) -> Sql {
        let mut parser = Parser { tokens: tokens(text), at: 0 };
        let found = parser.or();
        assert_eq!(parser.at, parser.tokens.len(), "the truth can't read: {text}");
        found
    }

    /// Its value for a record; `column` gives the text of a column, none where it is missing.
    pub fn value(&self, column: &dyn Fn(&str) -> Option<String>) -> Value {
        let truth = |t: Option<bool>| t.map_or(Value::Null, Value::Truth);
        match self {
            Sql::Column(name) => column(name).map_or(Value::Null, Value::Text),
            Sql::Literal(value) => value.clone(),
            Sql::Compare(a, op, b) => truth(compare(&a.value(column), op, &b.value(column))),
            Sql::In(a, list) => {
                let a = a.value(column);
                let all: Vec<Option<bool>> = list.iter().map(|b| compare(&a, "=", &b.value(column))).collect();
                truth(if all.contains(&Some(true)) {
                    Some(true)
                } else {
                    all.into_iter().find(|t| t.is_none()).unwrap_or(Some(false))
                })
            }
            Sql::IsNull(a) => Value::Truth(a.value(column) == Value::Null),
            Sql::Not(a) => truth(a.truth(column).map(|t| !t)),
            Sql::And(a, b) => truth(match (a.truth(column), b.truth(column)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            }),
            Sql::Or(a, b) => truth(match (a.truth(column), b.truth(column)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            }),
            Sql::Case(arms, otherwise) => {
                let arm = arms.iter().find(|(when, _)| when.truth(column) == Some(true));
                arm.map_or(otherwise.as_ref(), |(_, then)| then).value(column)
            }
        }
    }

    /// True, false or unknown.
    pub fn truth(&self, column: &dyn Fn(&str) -> Option<String>) -> Option<bool> {
        match self.value(column) {
            Value::Truth(t) => Some(t),
            _ => None,
        }
    }

    /// Every column in it, with the literals that it is compared with.
    pub fn columns(&self, found: &mut Vec<(String, Option<Value>)>) {
        match self {
            Sql::Column(name) => found.push((name.clone(), None)),
            Sql::Literal(_) => {}
            Sql::Compare(a, _, b) => {
                a.columns(found);
                b.columns(found);
                match (a.as_ref(), b.as_ref()) {
                    (Sql::Column(c), Sql::Literal(v)) | (Sql::Literal(v), Sql::Column(c)) => {
                        found.push((c.clone(), Some(v.clone())))
                    }
                    _ => {}
                }
            }
            Sql::In(a, list) => {
                a.columns(found);
                for item in list {
                    if let (Sql::Column(c), Sql::Literal(v)) = (a.as_ref(), item) {
                        found.push((c.clone(), Some(v.clone())));
                    }
                }
            }
            Sql::IsNull(a) | Sql::Not(a) => a.columns(found),
            Sql::And(a, b) | Sql::Or(a, b) => {
                a.columns(found);
                b.columns(found);
            }
            Sql::Case(arms, otherwise) => {
                arms.iter().for_each(|(when, then)| {
                    when.columns(found);
                    then.columns(found);
                });
                otherwise.columns(found);
            }
        }
    }
}

fn compare(a: &Value, op: &str, b: &Value) -> Option<bool> {
    let number = |v: &Value| match v {
        Value::Number(n) => Some(*n),
        Value::Text(t) => t.parse().ok(),
        _ => None,
    };
    let order = match (a, b) {
        (Value::Null, _) | (_, Value::Null) => return None,
        (Value::Text(a), Value::Text(b)) => a.partial_cmp(b),
        _ => number(a)?.partial_cmp(&number(b)?),
    }?;
    Some(match op {
        "=" => order.is_eq(),
        "<>" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    })
}

fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let from = at;
        let c = chars[at];
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        if c == '\'' || c == '"' {
            at += 1;
            while chars[at] != c {
                at += 1;
            }
            at += 1;
        } else if c.is_alphanumeric() || c == '_' {
            while at < chars.len() && (chars[at].is_alphanumeric() || "_.".contains(chars[at])) {
                at += 1;
            }
        } else if "<>".contains(c) && chars.get(at + 1).is_some_and(|n| "=>".contains(*n)) {
            at += 2;
        } else {
            at += 1;
        }
        found.push(chars[from..at].iter().collect());
    }
    found
}

struct Parser {
    tokens: Vec<String>,
    at: usize,
}

impl Parser {
    fn is(&self, word: &str) -> bool {
        self.tokens.get(self.at).is_some_and(|t| t.eq_ignore_ascii_case(word))
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.is(word);
        self.at += usize::from(there);
        there
    }

    fn need(&mut self, word: &str) {
        assert!(self.take(word), "the truth misses {word} in {:?}", self.tokens);
    }

    fn or(&mut self) -> Sql {
        let mut left = self.and();
        while self.take("OR") {
            left = Sql::Or(Box::new(left), Box::new(self.and()));
        }
        left
    }

    fn and(&mut self) -> Sql {
        let mut left = self.not();
        while self.take("AND") {
            left = Sql::And(Box::new(left), Box::new(self.not()));
        }
        left
    }

    fn not(&mut self) -> Sql {
        if self.take("NOT") {
            return Sql::Not(Box::new(self.not()));
        }
        let left = self.primary();
        for op in ["=", "<>", "<=", ">=", "<", ">"] {
            if self.take(op) {
                return Sql::Compare(Box::new(left), op.to_owned(), Box::new(self.primary()));
            }
        }
        let negated = self.is("NOT") && {
            self.at += 1;
            true
        };
        let found = if self.take("IN") {
            self.need("(");
            let mut list = vec![self.primary()];
            while self.take(",") {
                list.push(self.primary());
            }
            self.need(")");
            Sql::In(Box::new(left), list)
        } else if self.take("IS") {
            let not = self.take("NOT");
            self.need("NULL");
            let is = Sql::IsNull(Box::new(left));
            return if not { Sql::Not(Box::new(is)) } else { is };
        } else {
            left
        };
        if negated { Sql::Not(Box::new(found)) } else { found }
    }

    fn primary(&mut self) -> Sql {
        if self.take("(") {
            let inner = self.or();
            self.need(")");
            return inner;
        }
        if self.take("CASE") {
            let mut arms = Vec::new();
            while self.take("WHEN") {
                let when = self.or();
                self.need("THEN");
                arms.push((when, self.primary()));
            }
            self.need("ELSE");
            let otherwise = self.primary();
            self.need("END");
            return Sql::Case(arms, Box::new(otherwise));
        }
        let token = self.tokens[self.at].clone();
        self.at += 1;
        match token.chars().next() {
            Some('\'') => Sql::Literal(Value::Text(token.trim_matches('\'').to_owned())),
            Some('"') => Sql::Column(token.trim_matches('"').to_owned()),
            Some(c) if c.is_ascii_digit() => Sql::Literal(Value::Number(token.parse().expect("a number"))),
            _ => Sql::Column(token),
        }
    }
}

/// The evaluator by a few answers known beforehand, unknown among them.
#[test]
fn answers_known_beforehand() {
    let row = |name: &str| match name {
        "a" => Some("x".to_owned()),
        "n" => Some("7".to_owned()),
        _ => None,
    };
    let truth = |text: &str| Sql::parse(text).truth(&row);
    assert_eq!(truth("a = 'x' AND n >= 7"), Some(true));
    assert_eq!(truth("a IN ('y', 'z') OR NOT n < 7"), Some(true));
    assert_eq!(truth("a NOT IN ('y') AND m = 'q'"), None);
    assert_eq!(truth("m IS NULL AND a IS NOT NULL"), Some(true));
    assert_eq!(
        Sql::parse("CASE WHEN a = 'x' AND n > 7 THEN 'p' ELSE 'q' END").value(&row),
        Value::Text("q".to_owned())
    );
}
