//! What a server that lacks a field says nothing of.

/// The fields of an activity for which a server cannot be asked that lacks these, by their names here.
pub(super) fn unasked(lacks: &[String]) -> Vec<&'static str> {
    let mut unasked: Vec<_> = lacks.iter().flat_map(|lack| without(lack)).copied().collect();
    unasked.sort_unstable();
    unasked.dedup();
    unasked
}

fn without(lack: &str) -> &'static [&'static str] {
    match lack {
        "Project.contexts" => &["kind"],
        "Project.type" => &["form", "online"],
        "Project.description" => &["description"],
        "Project.eventStart" => &["start"],
        "Project.eventEnd" => &["end"],
        "Project.tz" => &["time_zone"],
        "Project.address" => &["address"],
        "Project.location" => &["place"],
        "Project.organisation" => &["organiser", "language"],
        "Organisation.language" => &["language"],
        "Project.picture" => &["picture"],
        "Project.coverPicture" => &["cover"],
        "Project.coverMeta" | "Project.color" | "PictureMeta.dominantColor" => &["colour"],
        "Project.site" | "Site.siteUrl" => &["home"],
        "Project.duration" | "Duration.seconds" => &["duration"],
        "Project.category" => &["category"],
        "Project.skills" => &["skills"],
        "Project.completeBadgeClass" | "Project.badgeClasses" | "BadgeClassList.list" => &["badges"],
        "Project.playlistActivities" => &["parts", "ordered"],
        "Project.playlistActivitiesOrdered" => &["ordered"],
        "Project.usedInPlaylists" | "ProjectList.list" => &["playlists"],
        "Project.coHosts" | "CoHost.name" => &["co_hosts"],
        "Project.website" | "Project.contacts" | "Project.material" | "Project.videos" => &["links"],
        lack if lack.starts_with("Organisation.") => &["organiser"],
        lack if lack.starts_with("Contact.") => &["organiser", "links"],
        lack if lack.starts_with("Material.") || lack.starts_with("Video.") => &["links"],
        lack if lack.starts_with("BadgeClass.") || lack.starts_with("Criterion.") => &["badge"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::{Activity, Kind};

    #[test]
    fn each_field_that_a_card_or_a_page_has_is_missed_by_its_name() {
        let mut bare = Activity::bare("p".to_owned(), "1".to_owned(), Kind::Activity, "Iets".to_owned());
        bare.when_untold = true;
        let known = serde_json::to_value(&bare).unwrap();
        for asked in super::super::asked() {
            for field in without(&asked) {
                assert!(*field == "badge" || known.get(field).is_some(), "{field} of {asked}");
            }
        }
        // What an answer needs, what says whose it is, and who may see it.
        let needless = ["id", "name", "status", "perms"];
        let asked = super::super::asked();
        let missed = |name: &&String| name.starts_with("Project.") && name.matches('.').count() == 1;
        for name in asked.iter().filter(missed).filter(|name| !needless.iter().any(|field| name.ends_with(&format!(".{field}")))) {
            assert_ne!(without(name), [""; 0], "{name}");
        }
        assert_eq!(
            unasked(&["Project.type".to_owned(), "ColList extended".to_owned(), "Project.type".to_owned()]),
            ["form", "online"]
        );
    }
}
