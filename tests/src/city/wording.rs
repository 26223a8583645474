//! What is wrong with a query, in the words of graphql-js: a wallet reads the name of the field out of them.

use std::{collections::BTreeSet, convert::Infallible};

use async_graphql::{
    Pos, Value as Literal,
    parser::types::{BaseType, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet, Type},
};
use serde_json::{Value, json};

use super::schema::Types;

/// Validates `document` as far as names and literals go: fields, arguments, types, fragments and variables.
pub(super) fn faults(types: &Types, document: &ExecutableDocument, introspection: bool) -> Vec<Value> {
    let mut check = Check { types, document, introspection, faults: Vec::new(), seen: BTreeSet::new() };
    for (name, operation) in document.operations.iter() {
        check.unused(name.map(|name| name.as_str()), &operation.node);
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

/// What the operation that runs needs and was not given.
pub(super) fn unprovided(document: &ExecutableDocument, name: Option<&str>, given: &Value) -> Vec<Value> {
    let mut operations = document.operations.iter();
    let chosen = operations.find(|(known, _)| name.is_none() || known.map(|known| known.as_str()) == name);
    let variables = chosen.into_iter().flat_map(|(_, operation)| &operation.node.variable_definitions);
    let needed = variables.filter(|variable| !variable.node.var_type.node.nullable && variable.node.default_value.is_none());
    needed
        .filter_map(|variable| {
            let (name, ty) = (&variable.node.name.node, &variable.node.var_type.node);
            let message = match given.get(name.as_str()) {
                None => format!("Variable \"${name}\" of required type \"{ty}\" was not provided."),
                Some(Value::Null) => format!("Variable \"${name}\" of non-null type \"{ty}\" must not be null."),
                Some(_) => return None,
            };
            Some(error(&message, Some(variable.pos)))
        })
        .collect()
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
    document: &'a ExecutableDocument,
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

    /// The variables that an operation declares and nothing in it names.
    fn unused(&mut self, name: Option<&str>, operation: &OperationDefinition) {
        let mut used = Used { document: self.document, variables: BTreeSet::new(), spread: BTreeSet::new() };
        used.selection(&operation.selection_set.node);
        let of = name.map_or_else(String::new, |name| format!(" in operation \"{name}\""));
        for variable in &operation.variable_definitions {
            let name = &variable.node.name.node;
            if !used.variables.contains(name.as_str()) {
                self.say(&format!("Variable \"${name}\" is never used{of}."), variable.pos);
            }
        }
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
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name;
                    if !self.document.fragments.contains_key(&name.node) {
                        self.say(&format!("Unknown fragment \"{}\".", name.node), name.pos);
                    }
                }
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
        for argument in known.definition.arguments.iter().map(|argument| &argument.node) {
            let (wanted, ty) = (&argument.name.node, &argument.ty.node);
            if !ty.nullable && argument.default_value.is_none() && field.get_argument(wanted).is_none() {
                let message = format!("Field \"{name}\" argument \"{wanted}\" of type \"{ty}\" is required");
                self.say(&format!("{message}, but it was not provided."), pos);
            }
        }
        for (argument, value) in &field.arguments {
            let asked = argument.node.as_str();
            if let Some(definition) = known.definition.arguments.iter().find(|known| known.node.name.node == asked) {
                // What a variable holds is not known here, and null is looked at no further.
                let Ok(literal) = value.node.clone().into_const_with(|_| Ok::<_, Infallible>(Literal::Null));
                self.literal(&definition.node.ty.node, &literal, value.pos);
            } else {
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

    /// Whether a literal fits where it stands.
    fn literal(&mut self, ty: &Type, literal: &Literal, pos: Pos) {
        match (&ty.base, literal) {
            (_, Literal::Null) => {}
            (BaseType::List(inner), Literal::List(items)) => items.iter().for_each(|item| self.literal(inner, item, pos)),
            (BaseType::List(inner), one) => self.literal(inner, one, pos),
            (BaseType::Named(name), one) => {
                if let Some(message) = self.unfit(name, one) {
                    self.say(&message, pos);
                }
            }
        }
    }

    fn unfit(&self, ty: &str, literal: &Literal) -> Option<String> {
        if let Some((_, values)) = self.types.enums.iter().find(|(name, _)| name == ty) {
            let Literal::Enum(given) = literal else {
                return Some(format!("Enum \"{ty}\" cannot represent non-enum value: {literal}."));
            };
            let near = near(given, values.iter().map(String::as_str));
            let hint = did_you_mean("the enum value ", &near);
            return (!values.iter().any(|known| given == known))
                .then(|| format!("Value \"{given}\" does not exist in \"{ty}\" enum.{hint}"));
        }
        let whole = matches!(literal, Literal::Number(number) if number.is_i64());
        let (fits, what) = match ty {
            "Int" => (whole, "non-integer value"),
            "Float" => (matches!(literal, Literal::Number(_)), "non numeric value"),
            "String" => (matches!(literal, Literal::String(_)), "a non string value"),
            "Boolean" => (matches!(literal, Literal::Boolean(_)), "a non boolean value"),
            "ID" => (whole || matches!(literal, Literal::String(_)), "a non-string and non-integer value"),
            _ => return None,
        };
        (!fits).then(|| format!("{ty} cannot represent {what}: {literal}"))
    }

    fn has(&self, object: &str, field: &str) -> bool {
        self.types.fields(object).is_some_and(|fields| fields.iter().any(|known| known.definition.name.node == field))
    }
}

/// The variables that a selection names, in the fragments that it spreads too.
struct Used<'a> {
    document: &'a ExecutableDocument,
    variables: BTreeSet<String>,
    spread: BTreeSet<&'a str>,
}

impl<'a> Used<'a> {
    fn selection(&mut self, set: &'a SelectionSet) {
        for item in &set.items {
            let own = if let Selection::Field(field) = &item.node { field.node.arguments.as_slice() } else { &[] };
            let arguments = item.node.directives().iter().flat_map(|directive| &directive.node.arguments).chain(own);
            for (_, value) in arguments {
                let Ok(_) = value.node.clone().into_const_with(|name| {
                    self.variables.insert(name.to_string());
                    Ok::<_, Infallible>(Literal::Null)
                });
            }
            match &item.node {
                Selection::Field(field) => self.selection(&field.node.selection_set.node),
                Selection::InlineFragment(fragment) => self.selection(&fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let fragment = self.document.fragments.get(name);
                    // A fragment may spread itself: that is another fault.
                    if let Some(fragment) = fragment.filter(|_| self.spread.insert(name.as_str())) {
                        self.selection(&fragment.node.selection_set.node);
                    }
                }
            }
        }
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
