//! What changes something, and needs somebody who is signed in.

use async_graphql::Error;
use serde_json::{Value, json};

use super::{
    entities,
    people::{PEOPLE, Person, Resolved},
    resolve::{Arguments, Asking},
};

/// What a field of `Mutation` does and answers.
pub(super) fn run(asking: &Asking, field: &str, arguments: &Arguments<'_, '_>) -> Result<Value, Error> {
    let text = |name: &str| arguments.text(name).unwrap_or_default();
    if field == "passwordAuthorize" {
        let (email, password) = (text("email"), text("password"));
        let known = PEOPLE.iter().find(|person| person.email == email && person.password == password);
        return Ok(match known {
            Some(person) => json!({"success": true, "token": asking.state.people().sign_in(person)}),
            None => json!({"success": false, "token": null}),
        });
    }
    // The message is a guess: what Badgecraft says without a session was never seen.
    let viewer = asking.viewer.ok_or_else(|| Error::new("Not authorised"))?;
    Ok(match field {
        "resolveCode" => {
            let now = asking.state.now();
            let resolved = asking.state.people().resolve(asking.catalogue(), viewer, &text("code"), now);
            resolved.map_or(Value::Null, |resolved| arm(&resolved))
        }
        "joinProject" => {
            let project = text("project");
            asking.catalogue().projects.get(&project).ok_or_else(|| Error::new("Not found"))?;
            asking.state.people().joined.insert((viewer.id, project.clone()));
            json!({"id": format!("{}-{project}", viewer.id), "project": project,
                   "user": {"id": viewer.id, "name": viewer.name, "displayName": viewer.name}})
        }
        "leaveProject" => json!(asking.state.people().joined.remove(&(viewer.id, text("id")))),
        "startQuest" => {
            let known = asking.catalogue().badge_classes.get(&text("id")).is_some();
            json!({"started": known, "badgeClass": known.then(|| text("id"))})
        }
        "submitTaskEvidence" => {
            let comment = text("comment");
            let given: Vec<String> =
                arguments.texts("files").unwrap_or_default().into_iter().chain([comment]).filter(|one| !one.is_empty()).collect();
            let added = !given.is_empty();
            if added {
                asking.state.people().evidence.entry((viewer.id, text("id"))).or_default().extend(given);
            }
            json!({"added": added, "error": if added { None } else { Some("required") }})
        }
        "requestTaskCheck" => check(asking, viewer, &text("id")),
        "cancelTaskCheck" => {
            asking.state.people().evidence.remove(&(viewer.id, text("id")));
            entities::task(asking, &text("id"))
        }
        "updateBadge" => {
            let mut people = asking.state.people();
            let badge = people.issued.iter_mut().find(|issued| issued.id == text("id") && issued.person.id == viewer.id);
            match badge {
                Some(badge) => {
                    badge.policy = arguments.text("viewPolicy").unwrap_or_else(|| badge.policy.clone());
                    json!({"ok": true, "errors": [], "badge": badge.id})
                }
                None => {
                    json!({"ok": false, "errors": [{"field": "id", "code": "notAllowed", "type": "validation", "parent": null, "args": []}], "badge": null})
                }
            }
        }
        "updateMe" => json!({"ok": true, "errors": [], "me": entities::me(asking)}),
        _ => Value::Null,
    })
}

/// A task that one checks oneself is finished when it is handed in; the others wait for somebody who is not here.
fn check(asking: &Asking, viewer: &'static Person, task: &str) -> Value {
    let classes = &asking.catalogue().badge_classes.rows;
    let criteria = |class: &Value| class["criteria"].as_array().cloned().unwrap_or_default();
    let Some(class) = classes.iter().find(|class| criteria(class).iter().any(|one| one["id"] == task)) else {
        return json!({"submitted": false, "error": "notFound", "badgeGained": null, "task": null});
    };
    let all = criteria(class);
    let alone = all.iter().any(|one| one["id"] == task && one["checkType"] == "self");
    let now = asking.state.now();
    let mut people = asking.state.people();
    if class["evidenceRequired"] == true && !people.evidence.contains_key(&(viewer.id, task.to_owned())) {
        drop(people);
        return json!({"submitted": false, "error": "required", "badgeGained": null, "task": entities::task(asking, task)});
    }
    let key = (viewer.id, task.to_owned());
    if alone {
        people.finished.insert(key);
    } else {
        // It waits from now on, with or without something handed in.
        people.evidence.entry(key).or_default();
    }
    let done = all
        .iter()
        .filter_map(|one| one["id"].as_str())
        .filter(|id| people.finished.contains(&(viewer.id, (*id).to_owned())))
        .count();
    let enough = alone && done as u64 >= class["minTasksRequired"].as_u64().unwrap_or(1);
    let gained = enough.then(|| people.gain(asking.catalogue(), viewer, class["id"].as_str().unwrap_or_default(), now).0);
    drop(people);
    json!({"submitted": true, "error": null, "badgeGained": gained, "task": entities::task(asking, task)})
}

fn arm(resolved: &Resolved) -> Value {
    match resolved {
        Resolved::Gained { badge, gained } => json!({"__typename": "ResolveCodeBadgeGained", "badge": badge, "gained": gained}),
        Resolved::View { class, error } => json!({"__typename": "ResolveCodeBadgeClassView", "badgeClass": class, "error": error}),
        Resolved::Joined { project, joined } => {
            json!({"__typename": "ResolveCodeProjectJoin", "project": project, "joined": joined})
        }
        Resolved::JoinedOrganisation { organisation, joined } => {
            json!({"__typename": "ResolveCodeOrganisationJoin", "organisation": organisation, "joined": joined})
        }
    }
}
