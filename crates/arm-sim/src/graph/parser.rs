//! From the words of a query to what it consists of.

use super::cell::Cell;
use super::lexer::{Failure, Kind, Token, tokens};
use super::syntax::{Comparison, Expression, Function, Named, Query, Step, Table};

/// So deep may parentheses, functions and joins lie in each other.
const MAX_DEPTH: usize = 40;

/// The words that begin a step.
const STEPS: [&str; 8] = ["where", "extend", "project", "join", "order", "sort", "limit", "take"];

/// Parses a query.
///
/// # Errors
/// The first place that is not understood.
pub(crate) fn parse(query: &str) -> Result<Query, Failure> {
    let mut parser = Parser { tokens: tokens(query)?, at: 0, depth: 0 };
    let query = parser.query()?;
    if *parser.kind() == Kind::End { Ok(query) } else { parser.fail() }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

type Parsed<T> = Result<T, Failure>;

impl Parser {
    fn token(&self) -> &Token {
        // The last token is the end, which nothing goes past.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn kind(&self) -> &Kind {
        &self.token().kind
    }

    fn advance(&mut self) {
        self.at += 1;
    }

    fn fail<T>(&self) -> Parsed<T> {
        let Token { kind, place } = self.token();
        let token = match kind {
            Kind::Word(text) | Kind::Text(text) => text.clone(),
            Kind::Number(number) => number.to_string(),
            Kind::Sign(sign) => (*sign).to_owned(),
            Kind::End => "<EOF>".to_owned(),
        };
        Err(Failure { place: *place, token })
    }

    fn eat_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.kind(), Kind::Sign(s) if *s == sign);
        if found {
            self.advance();
        }
        found
    }

    fn sign(&mut self, sign: &str) -> Parsed<()> {
        if self.eat_sign(sign) { Ok(()) } else { self.fail() }
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = matches!(self.kind(), Kind::Word(w) if w == word);
        if found {
            self.advance();
        }
        found
    }

    fn word(&mut self, word: &str) -> Parsed<()> {
        if self.eat_word(word) { Ok(()) } else { self.fail() }
    }

    /// A word that is no operator.
    fn name(&mut self) -> Parsed<String> {
        match self.kind() {
            Kind::Word(name) if !name.contains(['!', '~']) => {
                let name = name.clone();
                self.advance();
                Ok(name)
            }
            _ => self.fail(),
        }
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            return self.fail();
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut list = vec![one(self)?];
        while self.eat_sign(",") {
            list.push(one(self)?);
        }
        Ok(list)
    }

    /// A table and steps, or steps alone: those are about `resources`, as recorded.
    fn query(&mut self) -> Parsed<Query> {
        let table = match self.kind() {
            Kind::Word(word) if STEPS.contains(&word.as_str()) => None,
            Kind::Word(word) => match word.to_ascii_lowercase().as_str() {
                "resources" => Some(Table::Resources),
                "resourcecontainers" => Some(Table::Containers),
                "recoveryservicesresources" => Some(Table::RecoveryServices),
                _ => return self.fail(),
            },
            _ => return self.fail(),
        };
        let mut steps = Vec::new();
        match table {
            Some(_) => self.advance(),
            None => steps.push(self.step()?),
        }
        while self.eat_sign("|") {
            steps.push(self.step()?);
        }
        Ok(Query { table: table.unwrap_or(Table::Resources), steps })
    }

    fn step(&mut self) -> Parsed<Step> {
        let at = self.at;
        match self.name()?.as_str() {
            "where" => self.condition().map(Step::Where),
            "extend" => self.list(Self::assigned).map(Step::Extend),
            "project" => self.list(Self::projected).map(Step::Project),
            "join" => self.join(),
            "order" | "sort" => {
                self.word("by")?;
                self.list(Self::order).map(Step::Order)
            }
            "limit" | "take" => match *self.kind() {
                Kind::Number(number) => {
                    self.advance();
                    Ok(Step::Limit(usize::try_from(number).unwrap_or(usize::MAX)))
                }
                _ => self.fail(),
            },
            _ => {
                self.at = at;
                self.fail()
            }
        }
    }

    fn condition(&mut self) -> Parsed<Expression> {
        let condition = self.expression()?;
        // A column alone would need an operator here.
        if condition.is_condition() { Ok(condition) } else { self.fail() }
    }

    fn assigned(&mut self) -> Parsed<Named> {
        let name = self.name()?;
        self.sign("=")?;
        Ok(Named { name, value: self.expression()? })
    }

    fn projected(&mut self) -> Parsed<Named> {
        let name = self.name()?;
        let value = if self.eat_sign("=") { self.expression()? } else { Expression::Column(name.clone()) };
        Ok(Named { name, value })
    }

    fn order(&mut self) -> Parsed<(String, bool)> {
        let column = self.name()?;
        // The language sorts in descending order unless it is told otherwise.
        let ascending = self.eat_word("asc");
        if !ascending {
            self.eat_word("desc");
        }
        Ok((column, !ascending))
    }

    fn join(&mut self) -> Parsed<Step> {
        self.word("kind")?;
        self.sign("=")?;
        self.word("leftouter")?;
        self.sign("(")?;
        let right = self.deeper(Self::query)?;
        self.sign(")")?;
        self.word("on")?;
        Ok(Step::Join(right, self.list(Self::name)?))
    }

    fn expression(&mut self) -> Parsed<Expression> {
        self.joined("or", Self::all_of, Expression::Any)
    }

    fn all_of(&mut self) -> Parsed<Expression> {
        self.joined("and", Self::comparison, Expression::All)
    }

    /// One expression, or several with a word between them.
    fn joined(
        &mut self,
        word: &str,
        one: fn(&mut Self) -> Parsed<Expression>,
        make: fn(Vec<Expression>) -> Expression,
    ) -> Parsed<Expression> {
        let first = one(self)?;
        let mut all = vec![first];
        while self.eat_word(word) {
            all.push(one(self)?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { make(all) })
    }

    fn comparison(&mut self) -> Parsed<Expression> {
        let left = self.operand()?;
        let word = match self.kind() {
            Kind::Word(word) => word.as_str(),
            Kind::Sign(sign) => sign,
            _ => return Ok(left),
        };
        if let Some(how) = Comparison::of(word) {
            self.advance();
            return Ok(Expression::Compare(how, Box::new(left), Box::new(self.operand()?)));
        }
        let (ignore_case, negated) = match word {
            "in" => (false, false),
            "in~" => (true, false),
            "!in" => (false, true),
            "!in~" => (true, true),
            _ => return Ok(left),
        };
        self.advance();
        self.sign("(")?;
        let list = self.list(Self::operand)?;
        self.sign(")")?;
        Ok(Expression::Among { value: Box::new(left), list, ignore_case, negated })
    }

    fn operand(&mut self) -> Parsed<Expression> {
        let constant = match self.kind() {
            Kind::Text(text) => Some(Cell::Text(text.clone())),
            Kind::Number(number) => Some(Cell::Number(*number)),
            Kind::Word(word) if word == "true" => Some(Cell::Flag(true)),
            Kind::Word(word) if word == "false" => Some(Cell::Flag(false)),
            _ => None,
        };
        if let Some(constant) = constant {
            self.advance();
            return Ok(Expression::Constant(constant));
        }
        if self.eat_sign("(") {
            let inner = self.deeper(Self::expression)?;
            self.sign(")")?;
            return Ok(inner);
        }
        let at = self.at;
        let name = self.name()?;
        if self.eat_sign("(") {
            return self.call(at, &name);
        }
        let mut value = Expression::Column(name);
        let mut depth = 0;
        while self.eat_sign(".") {
            depth += 1;
            if depth > MAX_DEPTH {
                return self.fail();
            }
            value = Expression::Member(Box::new(value), self.name()?);
        }
        Ok(value)
    }

    fn call(&mut self, at: usize, name: &str) -> Parsed<Expression> {
        let Some(function) = Function::of(name) else {
            self.at = at;
            return self.fail();
        };
        let arguments = self.deeper(|parser| parser.list(Self::expression))?;
        let fits = function.takes(arguments.len())
            && (function != Function::Not || arguments.iter().all(Expression::is_condition));
        if !fits {
            return self.fail();
        }
        self.sign(")")?;
        Ok(Expression::Call(function, arguments))
    }
}
