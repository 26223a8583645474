//! Operations as a table, and a query as what a server has of it.
//!
//! The schema is known from 2020 and may have moved since. So nothing is asked for in one fixed text: every field has a tier, a query is
//! built from the fields that the server was not seen to lack, and every line of it knows which field or argument it asks for, so that
//! a complaint is told by its words or, failing that, by its place.

use std::fmt::Write;

use serde_json::Value;

/// How much is lost with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// Without it the answer says nothing.
    Key,
    /// What makes a card.
    Core,
    /// The rest of what there is to read.
    Extended,
    /// What the viewer may do.
    Permissions,
    /// What a playlist says of its parts, and they themselves too where they are here.
    Parts,
}

impl Tier {
    /// All there is to ask for.
    pub(super) const MOST: Self = Self::Parts;

    /// What is left to ask for without this one. A card is the least.
    pub(super) fn less(self) -> Option<Self> {
        match self {
            Self::Parts => Some(Self::Permissions),
            Self::Permissions => Some(Self::Extended),
            Self::Extended => Some(Self::Core),
            Self::Core | Self::Key => None,
        }
    }
}

/// A field that is asked for.
#[derive(Debug)]
pub(super) struct Field {
    name: &'static str,
    tier: Tier,
    arguments: &'static [(&'static str, &'static str)],
    of: Option<&'static Selection>,
}

/// Fields of one type. A type's name is the one of the schema of 2020; a server that calls it otherwise is understood too.
#[derive(Debug)]
pub(super) struct Selection {
    on: &'static str,
    fields: &'static [Field],
}

/// One query or mutation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) mutation: bool,
    pub(super) root: &'static Selection,
}

pub(super) const fn on(on: &'static str, fields: &'static [Field]) -> Selection {
    Selection { on, fields }
}

pub(super) const fn key(name: &'static str) -> Field {
    Field { name, tier: Tier::Key, arguments: &[], of: None }
}

pub(super) const fn core(name: &'static str) -> Field {
    Field { tier: Tier::Core, ..key(name) }
}

pub(super) const fn extended(name: &'static str) -> Field {
    Field { tier: Tier::Extended, ..key(name) }
}

pub(super) const fn permission(name: &'static str) -> Field {
    Field { tier: Tier::Permissions, ..key(name) }
}

pub(super) const fn part(name: &'static str) -> Field {
    Field { tier: Tier::Parts, ..key(name) }
}

impl Field {
    pub(super) const fn of(self, selection: &'static Selection) -> Self {
        Self { of: Some(selection), ..self }
    }

    pub(super) const fn with(self, arguments: &'static [(&'static str, &'static str)]) -> Self {
        Self { arguments, ..self }
    }
}

/// The types of variables; which of them a query declares depends on what is left of it.
const VARIABLES: [(&str, &str); 7] = [
    ("lang", "String"),
    ("id", "ID!"),
    ("limit", "Int"),
    ("offset", "Int"),
    ("code", "String!"),
    ("email", "String!"),
    ("password", "String!"),
];

/// Without these values a field is another question.
const NEEDED: [&str; 4] = ["$id", "$code", "$email", "$password"];

/// A query as it is sent, and what each of its lines asks for.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) text: String,
    pub(super) variables: Vec<&'static str>,
    lines: Vec<Option<Asked>>,
}

/// A field or an argument that a query asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    /// `Type.field` or `Type.field.argument`.
    name: String,
    /// What goes when this has to: itself, or for a key whatever it is the key of. Nothing when the answer would say nothing.
    blame: Option<String>,
    /// The value of an argument.
    value: &'static str,
}

impl Operation {
    /// What can be asked of a server that lacks `lacks`, up to a tier.
    pub(super) fn query(&self, lacks: &[String], most: Tier) -> Query {
        let mut query = Query { text: String::new(), variables: Vec::new(), lines: vec![None] };
        query.selection(self.root, lacks, most, None, 1);
        let declared: Vec<_> = VARIABLES.iter().filter(|(name, _)| query.variables.contains(name)).collect();
        let mut head = format!("{} {}", if self.mutation { "mutation" } else { "query" }, self.name);
        for (turn, (name, kind)) in declared.iter().enumerate() {
            let _ = write!(head, "{}${name}: {kind}", if turn == 0 { "(" } else { ", " });
        }
        query.text = format!("{head}{} {{\n{}}}", if declared.is_empty() { "" } else { ")" }, query.text);
        query
    }
}

impl Query {
    /// Writes what is left of a selection; answers whether anything is.
    fn selection(&mut self, selection: &Selection, lacks: &[String], most: Tier, within: Option<&str>, depth: usize) -> bool {
        let lacking = |name: &str| lacks.iter().any(|lack| lack == name);
        let mut any = false;
        for field in selection.fields.iter().filter(|field| field.tier <= most) {
            let name = format!("{}.{}", selection.on, field.name.trim_start_matches("... on "));
            let blame = if field.tier == Tier::Key { within.map(str::to_owned) } else { Some(name.clone()) };
            if blame.is_some() && lacking(&name) {
                continue;
            }
            let (text, lines, variables) = (self.text.len(), self.lines.len(), self.variables.len());
            self.line(field.name, depth, Asked { name: name.clone(), blame: blame.clone(), value: "" });
            let arguments = field.arguments.iter().map(|(argument, value)| (format!("{name}.{argument}"), argument, value));
            let mut arguments = arguments.filter(|(name, ..)| !lacking(name)).peekable();
            if arguments.peek().is_some() {
                self.continue_line(" (");
                for (name, argument, value) in arguments {
                    if let Some(variable) = value.strip_prefix('$')
                        && !self.variables.contains(&variable)
                    {
                        self.variables.push(variable);
                    }
                    let blame = if NEEDED.contains(value) { blame.clone() } else { Some(name.clone()) };
                    self.line(&format!("{argument}: {value}"), depth, Asked { name, blame, value });
                }
                self.continue_line(" )");
            }
            if let Some(of) = field.of {
                self.continue_line(" {");
                if !self.selection(of, lacks, most, blame.as_deref(), depth + 1) {
                    // A type without fields may not be asked for.
                    self.text.truncate(text);
                    self.lines.truncate(lines);
                    self.variables.truncate(variables);
                    continue;
                }
                self.continue_line(" }");
            }
            any = true;
        }
        any
    }

    fn line(&mut self, text: &str, depth: usize, asked: Asked) {
        let _ = writeln!(self.text, "{:depth$}{text}", "");
        self.lines.push(Some(asked));
    }

    /// Punctuation belongs to the line before it.
    fn continue_line(&mut self, text: &str) {
        self.text.insert_str(self.text.trim_end_matches('\n').len(), text);
    }

    #[cfg(test)]
    pub(super) fn names(&self) -> Vec<String> {
        self.asked().map(|asked| asked.name.clone()).collect()
    }

    /// Which of what was asked for a complaint is about; empty when it says nothing about this query, or about what the
    /// answer needs.
    pub(super) fn blamed(&self, error: &Value) -> Vec<String> {
        let message = error["message"].as_str().unwrap_or_default();
        let by_place = || items_of(&error["locations"]).filter_map(|place| self.at_line(&place["line"])).collect::<Vec<_>>();
        let mut asked = self.by_words(message);
        if asked.is_empty() {
            asked = by_place();
        }
        if asked.is_empty() {
            asked = self.by_name(message);
        }
        // What a message says of what the answer needs is no reason to leave out something else.
        let mut names: Vec<_> = asked.into_iter().map(|asked| asked.blame.clone()).collect::<Option<_>>().unwrap_or_default();
        names.sort();
        names.dedup();
        names
    }

    fn asked(&self) -> impl Iterator<Item = &Asked> {
        self.lines.iter().flatten()
    }

    fn at_line(&self, line: &Value) -> Option<&Asked> {
        let line = usize::try_from(line.as_u64()?).ok()?;
        self.lines.get(line.checked_sub(1)?)?.as_ref()
    }

    /// The words of graphql-js and of what imitates it: `Cannot query field "x" on type "Y"`, `Unknown argument "a" on field "Y.x"`,
    /// `Unknown argument "a" on field "x" of type "Y"`.
    fn by_words(&self, message: &str) -> Vec<&Asked> {
        let quoted = quoted(message);
        let exactly = |name: String| self.asked().filter(move |asked| asked.name == name).collect::<Vec<_>>();
        match quoted.as_slice() {
            [field, on, ..] if message.starts_with("Cannot query field") => exactly(format!("{on}.{field}")),
            [argument, field, ..] if message.starts_with("Unknown argument") && field.contains('.') => {
                exactly(format!("{field}.{argument}"))
            }
            [argument, field, on, ..] if message.starts_with("Unknown argument") => exactly(format!("{on}.{field}.{argument}")),
            _ => Vec::new(),
        }
    }

    /// A server that calls its types otherwise, or a complaint about an enum value or a type: whatever has the quoted name, the smallest
    /// first. Only the first name that is asked for counts: what a message suggests instead comes after.
    fn by_name(&self, message: &str) -> Vec<&Asked> {
        for word in quoted(message) {
            let last = word.rsplit('.').next().unwrap_or(word);
            let argument = |asked: &&Asked| !asked.value.is_empty();
            let named = |asked: &&Asked| asked.name.rsplit('.').next() == Some(last);
            let holds = |asked: &&Asked| asked.value.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == last);
            let arguments: Vec<_> = self.asked().filter(|asked| argument(asked) && (named(asked) || holds(asked))).collect();
            let fields: Vec<_> = self.asked().filter(|asked| !argument(asked) && named(asked)).collect();
            let unknown_field = message.starts_with("Cannot query field") || message.starts_with("Field ");
            let (first, second) = if unknown_field { (fields, arguments) } else { (arguments, fields) };
            if !first.is_empty() || !second.is_empty() {
                return if first.is_empty() { second } else { first };
            }
        }
        Vec::new()
    }
}

fn items_of(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

/// What stands between quotation marks: straight ones, or those of older servers.
fn quoted(message: &str) -> Vec<&str> {
    let mut found: Vec<_> = message.split('"').skip(1).step_by(2).collect();
    if found.is_empty() {
        found = message.split(['\'', '`']).skip(1).step_by(2).collect();
    }
    found.into_iter().filter(|word| !word.is_empty() && word.len() <= 100).take(8).collect()
}
