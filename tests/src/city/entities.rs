//! The fields of objects that depend on who asks, in which language, or on a count.

use serde_json::{Value, json};

use super::{
    badges,
    lists::{self, Filter},
    people::{self, Issued},
    resolve::{Arguments, Asking},
};

/// What a field answers that is not simply in the data.
pub(super) fn field(asking: &Asking, object: &str, parent: &Value, field: &str, arguments: &Arguments<'_, '_>) -> Option<Value> {
    let id = parent["id"].as_str().unwrap_or_default();
    match (object, field) {
        ("Site", "mapMarks") => None,
        ("Project" | "Organisation" | "BadgeClass" | "Badge", "perms") => Some(perms(asking, object, parent)),
        ("Project", _) => project(asking, parent, field, arguments),
        ("ProjectList", "skillFacet") => {
            let language = asking.asked_in(arguments);
            let counts = parent["facet"].as_object().into_iter().flatten();
            let named = counts.map(|(id, count)| {
                let mut skill = lists::skill(asking, id, &language);
                skill["count"] = count.clone();
                skill
            });
            Some(named.collect())
        }
        ("Organisation", "projects") => {
            let filter = Filter { organisation: Some(id.to_owned()), ..Filter::read(arguments) };
            Some(lists::projects(asking, &filter))
        }
        ("Category", "projects") => {
            let filter = Filter { categories: Some(vec![id.to_owned()]), ..Filter::read(arguments) };
            Some(lists::projects(asking, &filter))
        }
        ("PlaylistActivity", "completed") => {
            let class = asking.catalogue().projects.get(id).map(|row| row["completeBadgeClass"].clone());
            Some(json!(holds(asking, class.as_ref().and_then(Value::as_str))))
        }
        ("BadgeClass", "depsMet") => {
            let people = asking.state.people();
            Some(json!(asking.viewer.map_or(parent["depsCount"] == 0, |viewer| people.ready(viewer.id, parent))))
        }
        ("BadgeClass", "userBadge") => {
            let people = asking.state.people();
            Some(json!(asking.viewer.and_then(|viewer| people.held(viewer.id, id)).map(|held| held.id.clone())))
        }
        ("BadgeClass", "claimCodes") => Some(json!({"total": 0, "list": []})),
        ("Criterion", "task") => Some(task(asking, id)),
        ("Viewer", "badges") => {
            let people = asking.state.people();
            let mine = people.issued.iter().filter(|issued| Some(issued.person.id) == asking.viewer.map(|viewer| viewer.id));
            let mut mine: Vec<&Issued> = mine.filter(|issued| !issued.revoked).collect();
            mine.sort_by_key(|issued| issued.at);
            if arguments.text("order").as_deref() == Some("desc") {
                mine.reverse();
            }
            let ids: Vec<Value> = mine.iter().map(|issued| json!(issued.id)).collect();
            drop(people);
            Some(lists::page(&ids, arguments.number("limit").unwrap_or(20), arguments.number("offset").unwrap_or(0)))
        }
        ("Viewer", "projects") => {
            let joined =
                asking.state.people().joined.iter().filter(|(person, _)| *person == id).map(|(_, at)| at.clone()).collect();
            Some(lists::projects(asking, &Filter { only: Some(joined), ..Filter::read(arguments) }))
        }
        ("Viewer", "organisations") => {
            let people = asking.state.people();
            let known = |id: &String| asking.catalogue().organisations.get(id).is_some();
            let joined = people.joined.iter().filter(|(person, at)| *person == id && known(at));
            let ids: Vec<Value> = joined.map(|(_, at)| json!(at)).collect();
            Some(lists::page(&ids, 20, 0))
        }
        _ => None,
    }
}

fn project(asking: &Asking, parent: &Value, field: &str, arguments: &Arguments<'_, '_>) -> Option<Value> {
    let id = parent["id"].as_str().unwrap_or_default();
    match field {
        "skills" => {
            let language = asking.asked_in(arguments);
            let skills = parent["skills"].as_array()?.iter();
            Some(skills.map(|skill| skill.as_str().map_or(Value::Null, |id| lists::skill(asking, id, &language))).collect())
        }
        "site" if parent["site"].is_null() && !arguments.flag("excludeCurrent") => Some(
            json!({"id": "900", "title": super::NAME, "siteUrl": asking.state.origin, "logoUrl": "/storage/site/6f0f5a52-3a0e-4a63-9d4b-5f3f0a0d9001.png"}),
        ),
        "badgeClasses" => {
            let list = parent["badgeClasses"].as_array().cloned().unwrap_or_default();
            Some(json!({"total": list.len(), "list": list}))
        }
        "usedInPlaylists" => {
            let list = parent["usedInPlaylists"].as_array().cloned().unwrap_or_default();
            Some(json!({"total": list.len(), "limit": list.len(), "offset": 0, "list": list}))
        }
        "completed" => Some(json!(holds(asking, parent["completeBadgeClass"].as_str()))),
        "viewerTeam" => Some(json!(joined(asking, id).then_some("users"))),
        _ => None,
    }
}

fn holds(asking: &Asking, class: Option<&str>) -> bool {
    let (Some(viewer), Some(class)) = (asking.viewer, class) else { return false };
    asking.state.people().held(viewer.id, class).is_some()
}

fn joined(asking: &Asking, id: &str) -> bool {
    asking.viewer.is_some_and(|viewer| asking.state.people().joined.contains(&(viewer.id, id.to_owned())))
}

fn perms(asking: &Asking, object: &str, parent: &Value) -> Value {
    let yes = json!({"value": 1, "reason": []});
    let no = |reason: &str| json!({"value": 0, "reason": [reason]});
    let closed = || if asking.viewer.is_some() { json!({"value": 0, "reason": []}) } else { no("not-logged-in") };
    let id = parent["id"].as_str().unwrap_or_default();
    let mine = asking.viewer.is_some() && parent["mine"] == true;
    let own = || if mine { yes.clone() } else { closed() };
    match object {
        "Project" => {
            let (join, leave) = match asking.viewer {
                None => (closed(), closed()),
                Some(_) if joined(asking, id) => (no("already-user"), yes.clone()),
                Some(_) => (yes.clone(), json!({"value": 0, "reason": []})),
            };
            json!({"view": yes, "join": join, "leave": leave, "edit": closed(), "remove": closed(), "invite": closed(),
                   "createBadgeClass": closed(), "viewUsers": closed(), "evidenceView": closed()})
        }
        "Badge" => json!({"view": yes, "obexport": own(), "attachEvidence": own(), "remove": own(), "policy": own()}),
        "BadgeClass" => {
            json!({"view": yes, "mission": own(), "edit": closed(), "issue": closed(), "codes": closed(), "requestEndorsement": closed()})
        }
        _ => json!({"view": yes, "edit": closed(), "createProject": closed(), "invite": closed()}),
    }
}

/// How far somebody is with a task, and what was handed in for it.
pub(super) fn task(asking: &Asking, criterion: &str) -> Value {
    let Some(viewer) = asking.viewer else { return Value::Null };
    let people = asking.state.people();
    let key = (viewer.id, criterion.to_owned());
    let evidence = people.evidence.get(&key);
    let status = if people.finished.contains(&key) {
        "finished"
    } else if evidence.is_some() {
        "waitForApprove"
    } else {
        "waitForEvidence"
    };
    let given = evidence.into_iter().flatten().enumerate();
    let given = given.map(|(index, given)| handed_in(&format!("{criterion}-{index}"), given));
    json!({"id": criterion, "status": status, "evidences": given.collect::<Vec<_>>(), "feedback": []})
}

fn handed_in(id: &str, given: &str) -> Value {
    if !badges::is_file(given) {
        return json!({"__typename": "TextEvidence", "id": id, "readOnly": true, "text": given});
    }
    let name = given.rsplit('/').next().unwrap_or_default();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    json!({"__typename": "FileEvidence", "id": id, "readOnly": true, "uri": given,
           "file": {"id": stem, "type": "image/jpeg", "original": name, "dominantColor": null, "publicPath": given, "extension": extension}})
}

/// `me`, or null.
pub(super) fn me(asking: &Asking) -> Value {
    let Some(viewer) = asking.viewer else { return Value::Null };
    json!({
        "id": viewer.id, "name": viewer.name, "displayName": viewer.name, "picture": null, "primaryEmail": viewer.email,
        "emails": [{"email": viewer.email, "primary": true, "verified": true}], "lang": "nl", "tz": "Europe/Amsterdam", "country": "NL",
        "defaultBadgePolicy": "anyone", "defaultEvidencePolicy": "none", "quests": {"total": 0, "list": []},
    })
}

/// An issued badge, when whoever asks may see it.
pub(super) fn badge(asking: &Asking, id: &str) -> Option<Value> {
    let people = asking.state.people();
    let issued = people.issued.iter().find(|issued| issued.id == id)?;
    let mine = asking.viewer.is_some_and(|viewer| viewer.id == issued.person.id);
    if !mine && issued.policy != "anyone" {
        return None;
    }
    let class = asking.catalogue().badge_classes.get(&issued.class)?;
    let who = people::person(issued.person.id);
    Some(json!({
        "id": id, "name": class["name"], "description": class["description"], "picture": class["picture"],
        "created": issued.at.as_millisecond(), "mine": mine, "isPublic": issued.policy == "anyone", "viewPolicy": issued.policy, "evidencePolicy": "none",
        "owner": {"id": who.id, "name": who.name, "displayName": who.name, "picture": null, "primaryEmail": null},
        "issuer": class["organisation"], "project": class["project"], "badgeClass": issued.class, "criteria": class["criteria"],
    }))
}
