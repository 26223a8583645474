//! The executable schema, made from the text of the reconstructed one, so that a mode can take fields away or rename them.

use std::{collections::HashSet, sync::Arc};

use async_graphql::{
    Name,
    dynamic::{Enum, Field, FieldFuture, InputValue, Object, ResolverContext, Scalar, Schema, SchemaError, TypeRef, Union},
    parser::{
        self,
        types::{BaseType, FieldDefinition, ServiceDocument, Type, TypeKind, TypeSystemDefinition},
    },
};

use super::{
    modes::{Mode, Modes},
    resolve,
};

const TEXT: &str = include_str!("../../city/schema.graphql");

/// A field as this server has it: its name on the wire, and the name that the data know it by.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) definition: FieldDefinition,
    pub(super) source: String,
}

/// The types by kind, for making the schema and for wording what is wrong with a query.
#[derive(Debug)]
pub(super) struct Types {
    pub(super) objects: Vec<(String, Vec<Known>)>,
    pub(super) unions: Vec<(String, Vec<String>)>,
    pub(super) enums: Vec<(String, Vec<String>)>,
    pub(super) scalars: Vec<String>,
}

impl Types {
    /// Reads the reconstructed schema and lets it drift as `modes` say.
    pub(super) fn read(modes: &Modes) -> Self {
        let document: ServiceDocument = parser::parse_schema(TEXT).expect("the reconstructed schema parses");
        let mut types = Self { objects: Vec::new(), unions: Vec::new(), enums: Vec::new(), scalars: Vec::new() };
        let names = |list: Vec<async_graphql::Positioned<Name>>| list.into_iter().map(|name| name.node.to_string()).collect();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node.to_string();
            match definition.node.kind {
                // Nobody is told anything over a socket here.
                TypeKind::Object(_) if name == "Subscription" => {}
                TypeKind::Object(object) => {
                    let known = |field: FieldDefinition| Known { source: field.name.node.to_string(), definition: field };
                    types.objects.push((name, object.fields.into_iter().map(|field| known(field.node)).collect()));
                }
                TypeKind::Union(union) => types.unions.push((name, names(union.members))),
                TypeKind::Enum(values) => {
                    types.enums.push((name, values.values.into_iter().map(|value| value.node.value.node.to_string()).collect()));
                }
                TypeKind::Scalar => types.scalars.push(name),
                TypeKind::Interface(_) | TypeKind::InputObject(_) => {}
            }
        }
        types.drift(modes);
        types
    }

    fn drift(&mut self, modes: &Modes) {
        let mut gone: Vec<(&str, &str)> = Vec::new();
        if modes.has(&Mode::Drift) {
            gone.extend([("Project", "duration"), ("Project", "material"), ("Project", "coHosts"), ("Project", "coverMeta")]);
            self.field("Project", "eventStart").definition.name.node = Name::new("startsAt");
        }
        if modes.has(&Mode::Drift2) {
            gone.extend([("Project", "perms"), ("Project", "completeBadgeClass"), ("Project", "usedInPlaylists")]);
            gone.extend([("Organisation", "verifyStatus"), ("BadgeClass", "endorsements"), ("ProjectList", "skillFacet")]);
            self.field("Project", "skills").definition.arguments.clear();
            self.field("Query", "projects").definition.arguments.retain(|argument| argument.node.name.node != "facets");
        }
        if modes.has(&Mode::NoFilter) {
            self.field("Query", "projects").definition.arguments.retain(|argument| argument.node.name.node != "siteFilter");
        }
        for (object, fields) in &mut self.objects {
            fields.retain(|field| !gone.contains(&(object.as_str(), field.source.as_str())));
        }
    }

    fn field(&mut self, object: &str, field: &str) -> &mut Known {
        let (_, fields) = self.objects.iter_mut().find(|(name, _)| name == object).expect("an object of the schema");
        fields.iter_mut().find(|known| known.source == field).expect("a field of the schema")
    }

    /// The fields of an object.
    pub(super) fn fields(&self, object: &str) -> Option<&[Known]> {
        self.objects.iter().find(|(name, _)| name == object).map(|(_, fields)| fields.as_slice())
    }

    /// The names of all types that a query may name.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let objects = self.objects.iter().map(|(name, _)| name.as_str());
        let listed = self.unions.iter().chain(&self.enums).map(|(name, _)| name.as_str());
        let scalars = self.scalars.iter().map(String::as_str).chain(["String", "Int", "Float", "Boolean", "ID"]);
        objects.chain(listed).chain(scalars)
    }

    /// The schema that executes.
    pub(super) fn schema(&self, modes: &Modes) -> Result<Schema, SchemaError> {
        let objects: HashSet<String> = self.objects.iter().map(|(name, _)| name.clone()).collect();
        let unions: HashSet<String> = self.unions.iter().map(|(name, _)| name.clone()).collect();
        let composite = Arc::new(objects.into_iter().chain(unions).collect::<HashSet<_>>());
        let mut builder = Schema::build("Query", Some("Mutation"), None).limit_recursive_depth(64).extension(resolve::NullItems);
        if modes.has(&Mode::NoIntrospection) {
            builder = builder.disable_introspection();
        }
        for (name, fields) in &self.objects {
            let made = fields.iter().fold(Object::new(name), |object, known| object.field(field(name, known, &composite)));
            builder = builder.register(made);
        }
        for (name, members) in &self.unions {
            builder = builder.register(members.iter().fold(Union::new(name), |union, member| union.possible_type(member)));
        }
        for (name, values) in &self.enums {
            // A hostile city, like one of next year, knows words that this schema does not.
            if modes.has(&Mode::Hostile) {
                builder = builder.register(Scalar::new(name));
                continue;
            }
            builder = builder.register(values.iter().fold(Enum::new(name), |all, value| all.item(value.as_str())));
        }
        for name in &self.scalars {
            builder = builder.register(Scalar::new(name));
        }
        builder.finish()
    }
}

fn field(object: &str, known: &Known, composite: &Arc<HashSet<String>>) -> Field {
    let asked = Arc::new(resolve::Asked {
        object: object.to_owned(),
        field: known.source.clone(),
        ty: known.definition.ty.node.clone(),
        composite: composite.clone(),
    });
    let field =
        Field::new(known.definition.name.node.as_str(), reference(&known.definition.ty.node), move |ctx: ResolverContext<'_>| {
            FieldFuture::new(std::future::ready(resolve::field(&asked, &ctx)))
        });
    known.definition.arguments.iter().fold(field, |field, argument| {
        field.argument(InputValue::new(argument.node.name.node.as_str(), reference(&argument.node.ty.node)))
    })
}

fn reference(ty: &Type) -> TypeRef {
    let base = match &ty.base {
        BaseType::Named(name) => TypeRef::Named(name.to_string().into()),
        BaseType::List(inner) => TypeRef::List(Box::new(reference(inner))),
    };
    if ty.nullable { base } else { TypeRef::NonNull(Box::new(base)) }
}
