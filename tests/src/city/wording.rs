//! What is wrong with a query, in the words of graphql-js: a wallet reads the name of the field out of them.

use std::collections::BTreeSet;

use async_graphql::{
    Pos,
    parser::types::{BaseType, ExecutableDocument, Field, OperationType, Selection, SelectionSet, Type},
};
use serde_json::{Value, json};

use super::schema::Types;

/// Validates `document` as far as names go: fields, arguments and types.
pub(super) fn faults(types: &Types, document: &ExecutableDocument, introspection: bool) -> Vec<Value> {
    let mut check = Check { types, introspection, faults: Vec::new(), seen: BTreeSet::new() };
    for (_, operation) in document.operations.iter() {
        for variable in &operation.node.variable_definitions {
            check.type_name(base(&variable.node.var_type.node), variable.node.var_type.pos);
        }
        let root = match operation.node.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => {
                check.say("Schema is not configured to execute subscription operation.", operation.pos);
                continue;
            }
        };
        check.selection(root, &operation.node.selection_set.node);
    }
    for fragment in document.fragments.values() {
        let on = &fragment.node.type_condition;
        if check.type_name(on.node.on.node.as_str(), on.pos) {
            check.selection(on.node.on.node.as_str(), &fragment.node.selection_set.node);
        }
    }
    check.faults.sort_by_key(|(pos, _)| (pos.line, pos.column));
    check.faults.into_iter().map(|(_, fault)| fault).collect()
}

/// One error as graphql-js writes it.
pub(super) fn error(message: &str, pos: Option<Pos>) -> Value {
    let locations: Vec<Value> = pos.iter().map(|pos| json!({"line": pos.line, "column": pos.column})).collect();
    if locations.is_empty() { json!({"message": message}) } else { json!({"message": message, "locations": locations}) }
}

/// What is wrong with a query that does not parse.
pub(super) fn syntax(query: &str, pos: Option<Pos>) -> String {
    let line = pos.and_then(|pos| query.lines().nth(pos.line.saturating_sub(1)));
    let found = line.zip(pos).and_then(|(line, pos)| line.chars().nth(pos.column.saturating_sub(1)));
    found.map_or_else(|| "Syntax Error: Unexpected <EOF>.".to_owned(), |found| format!("Syntax Error: Unexpected \"{found}\"."))
}

struct Check<'a> {
    types: &'a Types,
    introspection: bool,
    faults: Vec<(Pos, Value)>,
    seen: BTreeSet<String>,
}

impl Check<'_> {
    fn say(&mut self, message: &str, pos: Pos) {
        if self.seen.insert(format!("{message}@{}:{}", pos.line, pos.column)) {
            self.faults.push((pos, error(message, Some(pos))));
        }
    }

    /// Whether the type is known; if not, that is a fault.
    fn type_name(&mut self, name: &str, pos: Pos) -> bool {
        let known = name.starts_with("__") || self.types.names().any(|known| known == name);
        if !known {
            let near = near(name, self.types.names());
            self.say(&format!("Unknown type \"{name}\".{}", did_you_mean("", &near)), pos);
        }
        known
    }

    fn selection(&mut self, on: &str, set: &SelectionSet) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.field(on, &field.node, item.pos),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let on = condition.map_or(on, |condition| condition.node.on.node.as_str());
                    if condition.is_none_or(|condition| self.type_name(on, condition.pos)) {
                        self.selection(on, &fragment.node.selection_set.node);
                    }
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn field(&mut self, on: &str, field: &Field, pos: Pos) {
        let name = field.name.node.as_str();
        if name == "__typename" || on.starts_with("__") {
            return;
        }
        if on == "Query" && matches!(name, "__schema" | "__type") {
            if !self.introspection {
                let message = "GraphQL introspection has been disabled, but the requested query contained the field";
                self.say(&format!("{message} \"{name}\"."), pos);
            }
            return;
        }
        let Some(fields) = self.types.fields(on) else {
            // A union has no fields of its own.
            let members = self.types.unions.iter().find(|(union, _)| union == on).map_or(&[][..], |(_, members)| members);
            let holders: Vec<&str> = members.iter().map(String::as_str).filter(|member| self.has(member, name)).collect();
            let hint = did_you_mean("to use an inline fragment on ", &holders);
            self.say(&format!("Cannot query field \"{name}\" on type \"{on}\".{hint}"), pos);
            return;
        };
        let Some(known) = fields.iter().find(|known| known.definition.name.node == name) else {
            let near = near(name, fields.iter().map(|known| known.definition.name.node.as_str()));
            self.say(&format!("Cannot query field \"{name}\" on type \"{on}\".{}", did_you_mean("", &near)), pos);
            return;
        };
        let arguments: Vec<&str> = known.definition.arguments.iter().map(|argument| argument.node.name.node.as_str()).collect();
        for (argument, _) in &field.arguments {
            let asked = argument.node.as_str();
            if !arguments.contains(&asked) {
                let near = near(asked, arguments.iter().copied());
                let message = format!("Unknown argument \"{asked}\" on field \"{on}.{name}\".{}", did_you_mean("", &near));
                self.say(&message, argument.pos);
            }
        }
        let ty = base(&known.definition.ty.node);
        let composite = self.types.fields(ty).is_some() || self.types.unions.iter().any(|(union, _)| union == ty);
        let whole = &known.definition.ty.node;
        if composite && field.selection_set.node.items.is_empty() {
            let message = format!("Field \"{name}\" of type \"{whole}\" must have a selection of subfields.");
            self.say(&format!("{message} Did you mean \"{name} {{ ... }}\"?"), pos);
        } else if !composite && !field.selection_set.node.items.is_empty() {
            let message = format!("Field \"{name}\" must not have a selection since type \"{whole}\" has no subfields.");
            self.say(&message, field.selection_set.pos);
        }
        if composite {
            self.selection(ty, &field.selection_set.node);
        }
    }

    fn has(&self, object: &str, field: &str) -> bool {
        self.types.fields(object).is_some_and(|fields| fields.iter().any(|known| known.definition.name.node == field))
    }
}

fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => base(inner),
    }
}

/// The names that `input` may have been meant as, nearest first: the distance of graphql-js, which counts a changed capital as one
/// and two swapped letters as one.
fn near<'a>(input: &str, options: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let threshold = input.chars().count() * 2 / 5 + 1;
    let mut found: Vec<(usize, &str)> =
        options.map(|option| (distance(input, option), option)).filter(|(far, _)| *far <= threshold).collect();
    found.sort();
    found.into_iter().map(|(_, option)| option).collect()
}

fn distance(one: &str, other: &str) -> usize {
    if one == other {
        return 0;
    }
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    if one == other {
        return 1;
    }
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in table.iter_mut().enumerate() {
        row[0] = i;
    }
    table[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let changed = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (table[i - 1][j] + 1).min(table[i][j - 1] + 1).min(table[i - 1][j - 1] + changed);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(table[i - 2][j - 2] + 1);
            }
            table[i][j] = best;
        }
    }
    table[a.len()][b.len()]
}

/// ` Did you mean "a", "b", or "c"?` with at most five, or nothing.
fn did_you_mean(what: &str, names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().take(5).map(|name| format!("\"{name}\"")).collect();
    let list = match quoted.as_slice() {
        [] => return String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} or {two}"),
        [first @ .., last] => format!("{}, or {last}", first.join(", ")),
    };
    format!(" Did you mean {what}{list}?")
}
