//! What is wrong with a query, in the words of graphql-js: a wallet reads the name of the field out of them.
//!
//! Covered are fields, arguments, types, fragments, variables, literals, and which operation runs. What else async-graphql finds
//! wrong, as a directive that is not known or a fragment that can never apply, it says in its own words.

mod variables;

use std::collections::BTreeSet;

use async_graphql::{
    Pos, Positioned, Value as Literal,
    parser::types::{BaseType, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet, Type},
};
use serde_json::{Value, json};

use super::schema::Types;
pub(super) use variables::unready;
use variables::{Use, Uses, fits, stand_in};

/// Validates `document` as far as names and literals go.
pub(super) fn faults(types: &Types, document: &ExecutableDocument, introspection: bool) -> Vec<Value> {
    let mut check = Check { types, document, introspection, faults: Vec::new(), seen: BTreeSet::new() };
    let mut spread = BTreeSet::new();
    for (name, operation) in document.operations.iter() {
        for variable in &operation.node.variable_definitions {
            let ty = &variable.node.var_type;
            if check.type_name(base(&ty.node), ty.pos)
                && let Some(default) = &variable.node.default_value
            {
                check.literal(&ty.node, &default.node, default.pos);
            }
        }
        let root = match operation.node.ty {
            OperationType::Query => Some("Query"),
            OperationType::Mutation => Some("Mutation"),
            OperationType::Subscription => {
                check.say("Schema is not configured to execute subscription operation.", [operation.pos]);
                None
            }
        };
        let selected = &operation.node.selection_set.node;
        let mut uses = Uses { types, document, variables: Vec::new(), fragments: BTreeSet::new() };
        uses.selection(root.unwrap_or_default(), selected);
        check.variables(name.map(|name| name.as_str()), operation, &uses.variables);
        spread.extend(uses.fragments);
        if let Some(root) = root {
            check.selection(root, selected);
        }
    }
    for (name, fragment) in &document.fragments {
        if !spread.contains(name.as_str()) {
            check.say(&format!("Fragment \"{name}\" is never used."), [fragment.pos]);
        }
        let on = &fragment.node.type_condition;
        if check.type_name(on.node.on.node.as_str(), on.pos) {
            check.selection(on.node.on.node.as_str(), &fragment.node.selection_set.node);
        }
    }
    check.faults.sort_by_key(|(pos, _)| (pos.line, pos.column));
    check.faults.into_iter().map(|(_, fault)| fault).collect()
}

/// One error as graphql-js writes it.
pub(super) fn error(message: &str, at: impl IntoIterator<Item = Pos>) -> Value {
    let locations: Vec<Value> = at.into_iter().map(|pos| json!({"line": pos.line, "column": pos.column})).collect();
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
    fn say<const PLACES: usize>(&mut self, message: &str, at: [Pos; PLACES]) {
        let Some(first) = at.first().copied() else { return };
        if self.seen.insert(format!("{message}@{}:{}", first.line, first.column)) {
            self.faults.push((first, error(message, at)));
        }
    }

    fn knows(&self, name: &str) -> bool {
        name.starts_with("__") || self.types.names().any(|known| known == name)
    }

    /// Whether the type is known; if not, that is a fault.
    fn type_name(&mut self, name: &str, pos: Pos) -> bool {
        let known = self.knows(name);
        if !known {
            let near = near(name, self.types.names());
            self.say(&format!("Unknown type \"{name}\".{}", did_you_mean("", &near)), [pos]);
        }
        known
    }

    /// The variables that an operation declares and nothing in it names, or the other way round, or that do not fit where they stand.
    fn variables(&mut self, name: Option<&str>, operation: &Positioned<OperationDefinition>, used: &[Use]) {
        let told = |how: &str| name.map_or_else(String::new, |name| format!(" {how} operation \"{name}\""));
        let declared = &operation.node.variable_definitions;
        for variable in declared {
            let name = &variable.node.name.node;
            if !used.iter().any(|used| used.name == name.as_str()) {
                self.say(&format!("Variable \"${name}\" is never used{}.", told("in")), [variable.pos]);
            }
        }
        for Use { name, pos, wanted } in used {
            let Some(variable) = declared.iter().find(|variable| variable.node.name.node == *name) else {
                self.say(&format!("Variable \"${name}\" is not defined{}.", told("by")), [*pos, operation.pos]);
                continue;
            };
            let ty = &variable.node.var_type.node;
            let filled = variable.node.default_value.as_ref().is_some_and(|default| default.node != Literal::Null);
            if let Some(wanted) = wanted.as_ref().filter(|wanted| self.knows(base(ty)) && !fits(ty, wanted, filled)) {
                let message = format!("Variable \"${name}\" of type \"{ty}\" used in position expecting type \"{wanted}\".");
                self.say(&message, [variable.pos, *pos]);
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
                        self.say(&format!("Unknown fragment \"{}\".", name.node), [name.pos]);
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
                self.say(&format!("{message} \"{name}\"."), [pos]);
            }
            return;
        }
        let Some(fields) = self.types.fields(on) else {
            // A union has no fields of its own.
            let members = self.types.unions.iter().find(|(union, _)| union == on).map_or(&[][..], |(_, members)| members);
            let holders: Vec<&str> = members.iter().map(String::as_str).filter(|member| self.has(member, name)).collect();
            let hint = did_you_mean("to use an inline fragment on ", &holders);
            self.say(&format!("Cannot query field \"{name}\" on type \"{on}\".{hint}"), [pos]);
            return;
        };
        let Some(known) = fields.iter().find(|known| known.definition.name.node == name) else {
            let near = near(name, fields.iter().map(|known| known.definition.name.node.as_str()));
            self.say(&format!("Cannot query field \"{name}\" on type \"{on}\".{}", did_you_mean("", &near)), [pos]);
            return;
        };
        let arguments: Vec<&str> = known.definition.arguments.iter().map(|argument| argument.node.name.node.as_str()).collect();
        for argument in known.definition.arguments.iter().map(|argument| &argument.node) {
            let (wanted, ty) = (&argument.name.node, &argument.ty.node);
            if !ty.nullable && argument.default_value.is_none() && field.get_argument(wanted).is_none() {
                let message = format!("Field \"{name}\" argument \"{wanted}\" of type \"{ty}\" is required");
                self.say(&format!("{message}, but it was not provided."), [pos]);
            }
        }
        for (argument, value) in &field.arguments {
            let asked = argument.node.as_str();
            if let Some(definition) = known.definition.arguments.iter().find(|known| known.node.name.node == asked) {
                let Ok(literal) = value.node.clone().into_const_with(|name| stand_in(&name));
                self.literal(&definition.node.ty.node, &literal, value.pos);
            } else {
                let near = near(asked, arguments.iter().copied());
                let message = format!("Unknown argument \"{asked}\" on field \"{on}.{name}\".{}", did_you_mean("", &near));
                self.say(&message, [argument.pos]);
            }
        }
        let ty = base(&known.definition.ty.node);
        let composite = self.types.fields(ty).is_some() || self.types.unions.iter().any(|(union, _)| union == ty);
        let whole = &known.definition.ty.node;
        if composite && field.selection_set.node.items.is_empty() {
            let message = format!("Field \"{name}\" of type \"{whole}\" must have a selection of subfields.");
            self.say(&format!("{message} Did you mean \"{name} {{ ... }}\"?"), [pos]);
        } else if !composite && !field.selection_set.node.items.is_empty() {
            let message = format!("Field \"{name}\" must not have a selection since type \"{whole}\" has no subfields.");
            self.say(&message, [field.selection_set.pos]);
        }
        if composite {
            self.selection(ty, &field.selection_set.node);
        }
    }

    /// Whether a literal fits where it stands.
    fn literal(&mut self, ty: &Type, literal: &Literal, pos: Pos) {
        match (&ty.base, literal) {
            // What a variable holds is not known here.
            (_, Literal::Enum(name)) if name.starts_with('$') => {}
            (_, Literal::Null) if ty.nullable => {}
            (_, Literal::Null) => self.say(&format!("Expected value of type \"{ty}\", found null."), [pos]),
            (BaseType::List(inner), Literal::List(items)) => items.iter().for_each(|item| self.literal(inner, item, pos)),
            (BaseType::List(inner), one) => self.literal(inner, one, pos),
            (BaseType::Named(name), one) => {
                if let Some(message) = unfit(self.types, name, one, false) {
                    self.say(&message, [pos]);
                }
            }
        }
    }

    fn has(&self, object: &str, field: &str) -> bool {
        self.types.fields(object).is_some_and(|fields| fields.iter().any(|known| known.definition.name.node == field))
    }
}

/// Why a value cannot be of a named type; one that was `given` for a variable has no enum values of its own, only text.
fn unfit(types: &Types, ty: &str, value: &Literal, given: bool) -> Option<String> {
    if let Some((_, values)) = types.enums.iter().find(|(name, _)| name == ty) {
        let hint = |said: &str| did_you_mean("the enum value ", &near(said, values.iter().map(String::as_str)));
        let said = match value {
            Literal::Enum(said) if !given => said.as_str(),
            Literal::String(said) if given => said,
            _ => {
                let (kind, value) = (if given { "string" } else { "enum" }, value.to_string());
                return Some(format!("Enum \"{ty}\" cannot represent non-{kind} value: {value}.{}", hint(&value)));
            }
        };
        let known = values.iter().any(|known| said == known);
        return (!known).then(|| format!("Value \"{said}\" does not exist in \"{ty}\" enum.{}", hint(said)));
    }
    let whole = matches!(value, Literal::Number(number) if number.is_i64() || number.is_u64());
    let small = matches!(value, Literal::Number(number) if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()));
    let (fits, what) = match ty {
        "Int" if whole => (small, "non 32-bit signed integer value"),
        "Int" => (false, "non-integer value"),
        "Float" => (matches!(value, Literal::Number(_)), "non numeric value"),
        "String" => (matches!(value, Literal::String(_)), "a non string value"),
        "Boolean" => (matches!(value, Literal::Boolean(_)), "a non boolean value"),
        "ID" => {
            let what = if given { "value" } else { "a non-string and non-integer value" };
            (whole || matches!(value, Literal::String(_)), what)
        }
        _ => return None,
    };
    (!fits).then(|| format!("{ty} cannot represent {what}: {value}"))
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
    if one == other { 1 } else { strsim::osa_distance(&one, &other) }
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
