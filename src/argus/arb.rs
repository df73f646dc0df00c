//! `.arb`: the commands of a batch, read into words. What may follow what is the business of [`super::batch`].

use crate::read::Error;

use super::text::unquoted;

/// A line of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Its number, from 1.
    pub number: usize,
    /// Its keyword in capitals, without the angle brackets.
    pub keyword: String,
    /// What stands behind it.
    pub rest: &'a str,
}

/// The lines of a batch that hold commands.
///
/// # Errors
/// A line that does not begin with a keyword.
pub(super) fn lines<'a>(name: &str, text: &'a str) -> Result<Vec<Line<'a>>, Error> {
    let numbered = text.lines().enumerate().map(|(i, raw)| (i + 1, raw.trim()));
    let commands = numbered.filter(|(_, raw)| !raw.is_empty() && !raw.starts_with("//"));
    commands
        .map(|(number, raw)| match raw.strip_prefix('<').and_then(|tag| tag.split_once('>')) {
            Some((keyword, rest)) => {
                let rest = rest.split("//").next().unwrap_or_default();
                Ok(Line { number, keyword: keyword.trim().to_uppercase(), rest: rest.trim() })
            }
            None => Err(Error::usage(format!(
                "{name}:{number}: a line of a batch begins with a command such as <SUPPRESS>"
            ))),
        })
        .collect()
}

/// A table as `<SPECIFYTABLE>` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Specified {
    /// Its variables.
    pub variables: Vec<String>,
    /// What is summed: a variable, or `<freq>`.
    pub response: String,
    /// The amount that rules look at; empty for the response.
    pub shadow: String,
    /// What withholding costs: a variable, -1, -2, -3; empty for the response.
    pub cost: String,
    /// The power that costs are raised to.
    pub lambda: String,
}

/// `"Size""Region"|"Var2"|"shadow"|"cost",1`.
pub(super) fn specified(text: &str) -> Result<Specified, String> {
    let mut parts = text.split('|');
    let variables = parts.next().unwrap_or_default();
    let variables: Vec<String> =
        variables.split('"').map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned).collect();
    let response = parts.next().map(unquoted).unwrap_or_default().to_owned();
    if variables.is_empty() || response.is_empty() {
        return Err("a table is \"variable\"\"variable\"|\"response\"|\"shadow\"|\"cost\"".to_owned());
    }
    let shadow = parts.next().map(unquoted).unwrap_or_default().to_owned();
    let (cost, lambda) = parts.next().map_or(("", ""), |c| c.split_once(',').unwrap_or((c, "")));
    let (cost, lambda) = (unquoted(cost).to_owned(), lambda.trim().to_owned());
    Ok(Specified { variables, response, shadow, cost, lambda })
}

/// A command with arguments: `GH(1,100)`, or without a name `(1,5,"file")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    /// Its name in capitals.
    pub kind: String,
    /// Its arguments, without quotes.
    pub arguments: Vec<String>,
}

/// The name before a bracket and the arguments in it.
pub(super) fn call(text: &str) -> Result<Call, String> {
    let shape = || format!("brackets were to stand here: {text}");
    let (kind, rest) = text.split_once('(').ok_or_else(shape)?;
    let inner = rest.rsplit_once(')').ok_or_else(shape)?.0;
    let arguments = super::text::fields(inner, ',').into_iter().map(str::to_owned).collect();
    Ok(Call { kind: kind.trim().to_uppercase(), arguments })
}

impl Call {
    /// The number of the table: 0 for all.
    pub fn table(&self) -> Result<usize, String> {
        let text = self.arguments.first().map(String::as_str).unwrap_or_default();
        text.parse().map_err(|_| format!("the number of a table was to stand here, not {text}"))
    }

    /// A whole number, if it is there.
    pub fn number(&self, at: usize) -> Option<i64> {
        self.arguments.get(at)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Comments and blank lines are none; keywords are the same in any size.
    #[test]
    fn commands_are_lines() {
        let lines = lines("a.arb", "// x\n\n<OpenMicrodata> \"a b.asc\" // data\n<CLEAR>\n").expect("a batch");
        assert_eq!(
            lines.iter().map(|l| (l.number, l.keyword.as_str(), l.rest)).collect::<Vec<_>>(),
            [(3, "OPENMICRODATA", "\"a b.asc\""), (4, "CLEAR", "")]
        );
        let error = super::lines("a.arb", "<A>\nhello\n").err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.starts_with("a.arb:2: "), "{error}");
    }

    /// Tables, with and without shadow, cost and power.
    #[test]
    fn tables() -> Result<(), String> {
        let table = specified("\"Size\" \"Region\"|\"Var2\"||")?;
        assert_eq!(
            (table.variables, table.response),
            (vec!["Size".to_owned(), "Region".to_owned()], "Var2".to_owned())
        );
        let table = specified("\"Size\"|<freq>|\"S\"|\"-2\",0")?;
        assert_eq!(
            [table.response, table.shadow, table.cost, table.lambda],
            ["<freq>", "S", "-2", "0"].map(str::to_owned)
        );
        assert!(specified("\"Size\"").is_err());
        Ok(())
    }

    /// Arguments lose their quotes; a file name keeps its brackets.
    #[test]
    fn calls() -> Result<(), String> {
        assert_eq!(call("OPT(1,5)")?, Call { kind: "OPT".to_owned(), arguments: vec!["1".to_owned(), "5".to_owned()] });
        assert_eq!(call("(1,5,AS+,\"a (1).tab\")")?.arguments, ["1", "5", "AS+", "a (1).tab"]);
        assert!(call("OPT").is_err());
        Ok(())
    }
}
