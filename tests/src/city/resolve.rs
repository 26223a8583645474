//! What each field of the schema answers. Most read the data as they stand; the others are told here.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_graphql::{
    Error, ServerResult,
    dynamic::{FieldValue, ResolverContext, ValueAccessor},
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo},
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
    /// The paths of the null items of the lists so far: see `NullItems`.
    pub(super) nulls: Arc<Mutex<HashSet<String>>>,
}

impl Asking {
    pub(super) fn catalogue(&self) -> &Catalogue {
        &self.setup.catalogue
    }

    /// The language that a field is asked in.
    pub(super) fn asked_in(&self, arguments: &Arguments<'_, '_>) -> String {
        arguments.text("lang").unwrap_or_else(|| self.language.clone())
    }

    fn nulls(&self) -> MutexGuard<'_, HashSet<String>> {
        self.nulls.lock().unwrap_or_else(PoisonError::into_inner)
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
    let parent = ctx.parent_value.downcast_ref::<Node>().map(|node| node.0.clone());
    let arguments = Arguments(ctx);
    let raw = match (asked.object.as_str(), parent) {
        ("Query", _) => lists::query(asking, &asked.field, &arguments).unwrap_or_default(),
        ("Mutation", _) => match mutations::run(asking, &asked.field, &arguments) {
            Ok(raw) => raw,
            Err(error) => {
                // Beside the data, with its path, as graphql-js reports what a resolver throws.
                let place = ctx.ctx;
                place.add_error(place.set_error_path(error.into_server_error(place.item.pos)));
                Value::Null
            }
        },
        (object, Some(parent)) => {
            let raw = entities::field(asking, object, &parent, &asked.field, &arguments);
            raw.unwrap_or_else(|| parent.get(&asked.field).cloned().unwrap_or_default())
        }
        (_, None) => Value::Null,
    };
    let path = ctx.ctx.path_node.map(|node| node.to_string()).unwrap_or_default();
    Ok(value(asking, asked, &asked.ty, &raw, &path))
}

/// Raw data as a value of type `ty`: an id where an object is asked is looked up.
fn value(asking: &Asking, asked: &Asked, ty: &Type, raw: &Value, path: &str) -> Option<FieldValue<'static>> {
    match (&ty.base, raw) {
        (_, Value::Null) => None,
        (BaseType::List(inner), Value::Array(items)) => {
            let item = |(index, item)| value(asking, asked, inner, item, &format!("{path}.{index}"));
            let mut list: Vec<Option<FieldValue<'static>>> = items.iter().enumerate().map(item).collect();
            list.retain(|item| inner.nullable || item.is_some());
            let named = matches!(&inner.base, BaseType::Named(name) if asked.composite.contains(name.as_str()));
            // A list that is read by the page has its own: no server gives more than it was asked for.
            let paged = asked.object == "ProjectList" && asked.field == "list";
            if asking.setup.modes.has(&Mode::Nulls) && inner.nullable && named && !paged {
                list.insert(list.len().min(1), None);
            }
            let empty = list.iter().enumerate().filter(|(_, item)| item.is_none());
            asking.nulls().extend(empty.map(|(index, _)| format!("{path}.{index}")));
            Some(FieldValue::list(list.into_iter().map(|item| item.unwrap_or(FieldValue::NULL))))
        }
        (BaseType::List(_), _) => None,
        (BaseType::Named(name), raw) if asked.composite.contains(name.as_str()) => object(asking, name, raw),
        (BaseType::Named(_), raw) => async_graphql::Value::from_json(raw.clone()).ok().map(FieldValue::value),
    }
}

fn object(asking: &Asking, ty: &str, raw: &Value) -> Option<FieldValue<'static>> {
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
                "Badge" => entities::badge(asking, id).map(Arc::new),
                _ => None,
            };
            found.map(|found| FieldValue::owned_any(Node(found)))
        }
        Value::Object(members) => {
            let node = FieldValue::owned_any(Node(Arc::new(raw.clone())));
            Some(match members.get("__typename").and_then(Value::as_str) {
                Some(name) => node.with_type(name.to_owned()),
                None => node,
            })
        }
        _ => None,
    }
}

/// Lists of objects cannot hold null in async-graphql's dynamic schemas: such an item would be resolved as an object with nothing in
/// it. Where a list was made with one, nothing is resolved.
#[derive(Debug)]
pub(super) struct NullItems;

impl ExtensionFactory for NullItems {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for NullItems {
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<async_graphql::Value>> {
        let item = info.parent_type.starts_with('[');
        if item && ctx.data_opt::<Asking>().is_some_and(|asking| asking.nulls().contains(&info.path_node.to_string())) {
            return Ok(None);
        }
        next.run(ctx, info).await
    }
}
