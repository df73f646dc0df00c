//! From the text of an expression to a tree: read by the parser that Polars uses, in a dialect that has nothing but what
//! can be used, then taken over node by node ([`super::convert`]).
//!
//! A text is measured before it is parsed, so that neither the parser nor what walks its tree runs out of room.

use sqlparser::ast::Expr;
use sqlparser::dialect::Dialect;
use sqlparser::keywords::{Keyword, RESERVED_FOR_IDENTIFIER};
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Tokenizer};

use super::Refusal;

/// Words and signs of an expression, values of lists aside.
const MOST_WORDS: usize = 4_000;
/// Everything in it.
const MOST_TOKENS: usize = 200_000;
/// Parentheses within each other.
const MOST_NESTED: usize = 32;
/// Expressions within each other, for the parser.
const MOST_DEEP: usize = 120;

/// What a message says that finds the text hard to read.
pub(super) const QUOTES: &str =
    "columns stand in double quotes, texts in single quotes: \"offence code\" = '88/1' AND age >= 10";

/// SQL as the standard has it, without the extensions of any database.
#[derive(Debug)]
struct Plain;

impl Dialect for Plain {
    fn is_delimited_identifier_start(&self, sign: char) -> bool {
        sign == '"'
    }

    fn is_identifier_start(&self, sign: char) -> bool {
        sign.is_alphabetic() || sign == '_'
    }

    fn is_identifier_part(&self, sign: char) -> bool {
        sign.is_alphanumeric() || sign == '_' || sign == '$'
    }

    // which parts there are is said with the reason
    fn allow_extract_custom(&self) -> bool {
        true
    }

    /// Words that begin a form are no columns without quotes: trying both readings of each takes twice as long for each
    /// form within another.
    fn is_reserved_for_identifier(&self, word: Keyword) -> bool {
        const FORMS: [Keyword; 16] = [
            Keyword::CASE,
            Keyword::CONVERT,
            Keyword::CAST,
            Keyword::TRY_CAST,
            Keyword::SAFE_CAST,
            Keyword::EXISTS,
            Keyword::EXTRACT,
            Keyword::CEIL,
            Keyword::FLOOR,
            Keyword::POSITION,
            Keyword::SUBSTR,
            Keyword::SUBSTRING,
            Keyword::OVERLAY,
            Keyword::TRIM,
            Keyword::ARRAY,
            Keyword::NOT,
        ];
        RESERVED_FOR_IDENTIFIER.contains(&word) || FORMS.contains(&word)
    }
}

/// Parses a text that is one expression and nothing else.
///
/// # Errors
/// What is no SQL, and what is larger than can be taken.
pub(super) fn parse(text: &str) -> Result<Expr, Refusal> {
    let tokens = Tokenizer::new(&Plain, text).tokenize().map_err(|e| unclear(&e.to_string()))?;
    measure(&tokens)?;
    let mut parser = Parser::new(&Plain).with_recursion_limit(MOST_DEEP).with_tokens(tokens);
    let parsed = parser.parse_expr().map_err(|e| match e {
        ParserError::RecursionLimitExceeded => too_deep(),
        ParserError::ParserError(why) | ParserError::TokenizerError(why) => unclear(&why),
    })?;
    match parser.peek_token().token {
        Token::EOF => Ok(parsed),
        Token::SemiColon => Err(unclear("an expression has no `;`")),
        token => Err(unclear(&format!("`{token}` does not belong to the expression before it"))),
    }
}

/// An expression that is nested more deeply than can be taken.
pub(super) fn too_deep() -> Refusal {
    Refusal::new("the SQL expression is nested too deeply", "make a column of the inner parts in the data")
}

fn unclear(why: &str) -> Refusal {
    // places in the text are of no help without the line of the file
    let why = why.split(" at Line:").next().unwrap_or(why).trim_start_matches("sql parser error: ");
    let why = why.replacen("Expected", "expected", 1).replacen(": ", " ", 1);
    Refusal::new("the SQL expression can't be understood", format!("{}; {QUOTES}", why.trim_end_matches('.')))
}

fn measure(tokens: &[Token]) -> Result<(), Refusal> {
    let (mut words, mut depth) = (0, 0usize);
    for token in tokens {
        match token {
            Token::Whitespace(_) | Token::Comma | Token::Number(..) | Token::SingleQuotedString(_) => {}
            Token::LParen | Token::LBracket | Token::LBrace => {
                depth += 1;
                words += 1;
            }
            Token::RParen | Token::RBracket | Token::RBrace => {
                depth = depth.saturating_sub(1);
                words += 1;
            }
            Token::Word(word)
                if matches!(word.keyword, Keyword::SELECT | Keyword::WITH) && word.quote_style.is_none() =>
            {
                return Err(Refusal::new(
                    "a query can't stand in an expression",
                    format!(
                        "write the values themselves, column IN ('a', 'b'), or quote the name of a column: \"{word}\""
                    ),
                ));
            }
            _ => words += 1,
        }
        if depth > MOST_NESTED {
            return Err(too_deep());
        }
    }
    if words > MOST_WORDS || tokens.len() > MOST_TOKENS {
        return Err(Refusal::new(
            "the SQL expression is too long",
            format!(
                "it may have {MOST_WORDS} words and signs, the values of lists aside: write column IN ('a', 'b') instead of \
                 many conditions, or make a column of it in the data"
            ),
        ));
    }
    Ok(())
}
