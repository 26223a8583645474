//! What each field of the schema answers. Most read the data as they stand; the others are told here.

use std::{collections::HashSet, sync::Arc};

use async_graphql::{
    Error,
    dynamic::{FieldValue, ResolverContext, ValueAccessor},
    parser::types::{BaseType, Type},
};
use serde_json::{Value, json};

use super::{State, catalogue::Catalogue, entities, lists, modes::Mode, mutations, people::Person, state::Setup};

/// The field that is asked.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) object: String,
    pub(super) field: String,
    pub(super) ty: Type,
    pub(super) composite: Arc<HashSet<String>>,
}

/// Who asks, and of what city.
#[derive(Debug, Clone)]
pub(super) struct Asking {
    pub(super) state: Arc<State>,
    pub(super) setup: Arc<Setup>,
    pub(super) viewer: Option<&'static Person>,
    pub(super) language: String,
}

impl Asking {
    pub(super) fn catalogue(&self) -> &Catalogue {
        &self.setup.catalogue
    }
}

/// An object of the answer.
#[derive(Debug)]
pub(super) struct Node(pub(super) Arc<Value>);

/// The arguments of a field.
pub(super) struct Arguments<'a, 'b>(pub(super) &'a ResolverContext<'b>);

impl Arguments<'_, '_> {
    fn get(&self, name: &str) -> Option<ValueAccessor<'_>> {
        self.0.args.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        let value = self.get(name)?;
        match value.as_value() {
            async_graphql::Value::String(text) => Some(text.clone()),
            async_graphql::Value::Enum(name) => Some(name.to_string()),
            async_graphql::Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.i64().ok().map(|number| usize::try_from(number).unwrap_or(0))
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(|value| value.boolean().ok()).unwrap_or(false)
    }

    pub(super) fn texts(&self, name: &str) -> Option<Vec<String>> {
        let json = self.get(name)?.as_value().clone().into_json().ok()?;
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Some(json.as_array().map_or_else(|| vec![text(&json)], |list| list.iter().map(text).collect()))
    }
}

/// The value of a field.
pub(super) fn field(asked: &Asked, ctx: &ResolverContext<'_>) -> Result<Option<FieldValue<'static>>, Error> {
    let asking = ctx.data::<Asking>()?;
    let null = Arc::new(Value::Null);
    let parent = ctx.parent_value.downcast_ref::<Node>().map_or(&null, |node| &node.0);
    let arguments = Arguments(ctx);
    let raw = match asked.object.as_str() {
        "Query" => lists::query(asking, &asked.field, &arguments),
        "Mutation" => {
            let raw = mutations::run(asking, &asked.field, &arguments)?;
            return Ok(Some(value(asking, asked, &asked.ty, &raw)));
        }
        object => entities::field(asking, object, parent, &asked.field, &arguments),
    };
    let raw = raw.unwrap_or_else(|| parent.get(&asked.field).cloned().unwrap_or(Value::Null));
    Ok(Some(value(asking, asked, &asked.ty, &raw)))
}

/// Raw data as a value of type `ty`: an id where an object is asked is looked up.
fn value(asking: &Asking, asked: &Asked, ty: &Type, raw: &Value) -> FieldValue<'static> {
    match (&ty.base, raw) {
        (_, Value::Null) => FieldValue::NULL,
        (BaseType::List(inner), Value::Array(items)) => {
            let mut list: Vec<FieldValue<'static>> = items.iter().map(|item| value(asking, asked, inner, item)).collect();
            let named = matches!(&inner.base, BaseType::Named(name) if asked.composite.contains(name.as_str()));
            if asking.setup.modes.has(&Mode::Nulls) && inner.nullable && named {
                list.insert(list.len().min(1), FieldValue::NULL);
            }
            FieldValue::list(list)
        }
        (BaseType::List(_), _) => FieldValue::NULL,
        (BaseType::Named(name), raw) if asked.composite.contains(name.as_str()) => object(asking, name, raw),
        (BaseType::Named(_), raw) => async_graphql::Value::from_json(raw.clone()).map_or(FieldValue::NULL, FieldValue::value),
    }
}

fn object(asking: &Asking, ty: &str, raw: &Value) -> FieldValue<'static> {
    let city = asking.catalogue();
    match raw {
        Value::String(id) => {
            let found = match ty {
                "Project" => city.projects.get(id).filter(|row| row["gone"] != true && row["closed"].is_null()).cloned(),
                "BadgeClass" => city.badge_classes.get(id).cloned(),
                "Organisation" => city.organisations.get(id).cloned(),
                "Category" => id.parse::<usize>().ok().and_then(|number| {
                    let name = city.categories.get(number.checked_sub(1)?)?;
                    Some(Arc::new(json!({"id": id, "name": name})))
                }),
                "Skill" => Some(Arc::new(json!({"id": id, "name": city.skill_name(id, &asking.language), "type": "skill"}))),
                "Badge" => entities::badge(asking, id).map(Arc::new),
                _ => None,
            };
            found.map_or(FieldValue::NULL, |found| FieldValue::owned_any(Node(found)))
        }
        Value::Object(members) => {
            let node = FieldValue::owned_any(Node(Arc::new(raw.clone())));
            match members.get("__typename").and_then(Value::as_str) {
                Some(name) => node.with_type(name.to_owned()),
                None => node,
            }
        }
        _ => FieldValue::NULL,
    }
}
