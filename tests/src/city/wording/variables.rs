//! Variables: where an operation names them, and whether what is given for them fits.

use std::{collections::BTreeSet, convert::Infallible};

use async_graphql::{
    Name, Pos, Value as Literal,
    parser::types::{BaseType, ExecutableDocument, Selection, SelectionSet, Type},
};
use serde_json::Value;

use super::{base, error, unfit};
use crate::city::schema::Types;

/// Where an operation names a variable.
#[derive(Debug)]
pub(super) struct Use {
    pub(super) name: String,
    pub(super) pos: Pos,
    /// The type of what it stands for, where that is known.
    pub(super) wanted: Option<Type>,
}

/// Everything that an operation names, in the fragments that it spreads too.
pub(super) struct Uses<'a> {
    pub(super) types: &'a Types,
    pub(super) document: &'a ExecutableDocument,
    pub(super) variables: Vec<Use>,
    pub(super) fragments: BTreeSet<&'a str>,
}

/// A variable among literals: no enum value begins with a dollar.
pub(super) fn stand_in(name: &Name) -> Result<Literal, Infallible> {
    Ok(Literal::Enum(Name::new(format!("${name}"))))
}

impl<'a> Uses<'a> {
    pub(super) fn selection(&mut self, on: &str, set: &'a SelectionSet) {
        let types = self.types;
        for item in &set.items {
            for (_, value) in item.node.directives().iter().flat_map(|directive| &directive.node.arguments) {
                let Ok(literal) = value.node.clone().into_const_with(|name| stand_in(&name));
                self.literal(Type::new("Boolean!").as_ref(), &literal, value.pos);
            }
            match &item.node {
                Selection::Field(field) => {
                    let known = types.fields(on).into_iter().flatten();
                    let known = known.map(|known| &known.definition).find(|known| known.name.node == field.node.name.node);
                    for (argument, value) in &field.node.arguments {
                        let taken = known.into_iter().flat_map(|known| &known.arguments);
                        let wanted = taken.map(|taken| &taken.node).find(|taken| taken.name.node == argument.node);
                        let Ok(literal) = value.node.clone().into_const_with(|name| stand_in(&name));
                        self.literal(wanted.map(|wanted| &wanted.ty.node), &literal, value.pos);
                    }
                    self.selection(known.map_or("", |known| base(&known.ty.node)), &field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map_or(on, |condition| condition.node.on.node.as_str());
                    self.selection(on, &fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let fragment = self.document.fragments.get(name);
                    // A fragment may spread itself: that is another fault.
                    if let Some(fragment) = fragment.filter(|_| self.fragments.insert(name.as_str())) {
                        self.selection(&fragment.node.type_condition.node.on.node, &fragment.node.selection_set.node);
                    }
                }
            }
        }
    }

    fn literal(&mut self, wanted: Option<&Type>, literal: &Literal, pos: Pos) {
        match literal {
            Literal::Enum(name) => {
                if let Some(name) = name.strip_prefix('$') {
                    self.variables.push(Use { name: name.to_owned(), pos, wanted: wanted.cloned() });
                }
            }
            Literal::List(items) => {
                let wanted = wanted.and_then(|wanted| if let BaseType::List(inner) = &wanted.base { Some(&**inner) } else { None });
                items.iter().for_each(|item| self.literal(wanted, item, pos));
            }
            Literal::Object(members) => members.values().for_each(|member| self.literal(None, member, pos)),
            _ => {}
        }
    }
}

/// Whether a variable of this type may stand where that is wanted; `filled` when it has a default.
pub(super) fn fits(ty: &Type, wanted: &Type, filled: bool) -> bool {
    (wanted.nullable || !ty.nullable || filled)
        && match (&ty.base, &wanted.base) {
            (BaseType::List(ty), BaseType::List(wanted)) => fits(ty, wanted, false),
            (ty, wanted) => ty == wanted,
        }
}

/// Why nothing can run: no operation is meant, or it was not given what it needs.
pub(in crate::city) fn unready(types: &Types, document: &ExecutableDocument, name: Option<&str>, given: &Value) -> Vec<Value> {
    let mut operations = document.operations.iter();
    let chosen = match name {
        None if operations.len() > 1 => {
            return vec![error("Must provide operation name if query contains multiple operations.", None)];
        }
        None => operations.next(),
        Some(name) => operations.find(|(known, _)| known.is_some_and(|known| known == name)),
    };
    let Some((_, operation)) = chosen else {
        return vec![error(&format!("Unknown operation named \"{}\".", name.unwrap_or_default()), None)];
    };
    let mut faults = Vec::new();
    for variable in &operation.node.variable_definitions {
        let (name, ty) = (&variable.node.name.node, &variable.node.var_type.node);
        let messages = match given.get(name.as_str()) {
            None if ty.nullable || variable.node.default_value.is_some() => Vec::new(),
            None => vec![format!("Variable \"${name}\" of required type \"{ty}\" was not provided.")],
            Some(Value::Null) if !ty.nullable => vec![format!("Variable \"${name}\" of non-null type \"{ty}\" must not be null.")],
            Some(value) => {
                let value = Literal::from_json(value.clone()).unwrap_or_default();
                let told = |(place, what, why): (String, &Literal, String)| {
                    let at = if place.is_empty() { place } else { format!(" at \"{name}{place}\"") };
                    format!("Variable \"${name}\" got invalid value {what}{at}; {why}")
                };
                misfits(types, ty, &value, String::new()).into_iter().map(told).collect()
            }
        };
        faults.extend(messages.iter().map(|message| error(message, Some(variable.pos))));
    }
    faults
}

/// What does not fit in a value: its place, what is there, and why.
fn misfits<'v>(types: &Types, ty: &Type, value: &'v Literal, place: String) -> Vec<(String, &'v Literal, String)> {
    match (&ty.base, value) {
        (_, Literal::Null) if ty.nullable => Vec::new(),
        (_, Literal::Null) => vec![(place, value, format!("Expected non-nullable type \"{ty}\" not to be null."))],
        (BaseType::List(inner), Literal::List(items)) => {
            let item = |(index, item)| misfits(types, inner, item, format!("{place}[{index}]"));
            items.iter().enumerate().flat_map(item).collect()
        }
        (BaseType::List(inner), one) => misfits(types, inner, one, place),
        (BaseType::Named(name), one) => unfit(types, name, one, true).map(|why| (place, value, why)).into_iter().collect(),
    }
}
