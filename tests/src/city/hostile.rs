//! What a malicious city may say.

use serde_json::json;

use super::catalogue::Catalogue;

/// Stands for the number `1e999` until the answer is text: `serde_json` cannot hold it.
pub(super) const INFINITE: &str = "@@1e999@@";

/// Pictures of a hostile city: a PNG that says it is 50,000 pixels square, one of 30 MB, and a page that calls itself a PNG.
pub(super) const BOMB: &str = "/storage/project/deadbeef-0000-4000-8000-000000000001.png";
/// A picture of 30 MB.
pub(super) const HEAVY: &str = "/storage/project/deadbeef-0000-4000-8000-000000000002.png";
/// HTML under the name and type of a PNG.
pub(super) const PAGE: &str = "/storage/project/deadbeef-0000-4000-8000-000000000003.png";
/// A picture that is not there.
pub(super) const ABSENT: &str = "/storage/project/deadbeef-0000-4000-8000-000000000404.png";

/// Puts something bad in a dozen well-known places.
pub(super) fn spoil(city: &mut Catalogue) {
    let mut change = |id: &str, pairs: serde_json::Value| {
        city.projects.change(id, |project| {
            for (key, value) in pairs.as_object().into_iter().flatten() {
                project[key] = value.clone();
            }
        });
    };
    change(
        "31101",
        json!({"name": "<script>alert(1)</script>Barista", "description": "<img src=x onerror=alert(1)> [klik](javascript:alert(1)) ![x](https://volg.example/pixel.png)"}),
    );
    change(
        "31102",
        json!({"name": "Gratis \u{202e}egdab\u{202c} \u{2066}halen\u{2069}", "website": "javascript:alert(document.domain)"}),
    );
    change("31103", json!({"location": {"lat": "NaN", "lng": "5.08"}}));
    change("31104", json!({"location": {"lat": 9e99, "lng": -9e99}, "eventStart": "gisteren", "eventEnd": "0000-00-00T99:99:99Z"}));
    change("31105", json!({"eventStart": 9e17, "tz": "Mars/Olympus_Mons", "duration": {"seconds": -2147483648, "str": "altijd"}}));
    change("31106", json!({"picture": BOMB, "coverPicture": HEAVY}));
    change("31107", json!({"picture": PAGE, "coverPicture": ABSENT}));
    change("31108", json!({"picture": "http://169.254.169.254/latest/meta-data/", "coverPicture": "file:///etc/passwd"}));
    change(
        "31109",
        json!({"type": "toverij", "contexts": ["event", "onbekend"], "category": {"id": "99", "name": "\u{0000}\u{0007}Onbekend"}}),
    );
    change(
        "31110",
        json!({"site": {"id": "1", "title": "Nep", "siteUrl": "javascript:alert(1)", "logoUrl": "data:text/html,hoi"}}),
    );
    change("31111", json!({"name": "A".repeat(100_000), "description": "B".repeat(400_000)}));
    change(
        "31112",
        json!({"contacts": [{"name": "email", "value": "javascript:alert(1)"}, {"name": "<b>", "value": null}], "material": [{"label": "Lees dit", "url": "file:///etc/shadow"}]}),
    );
    change("31201", json!({"name": null, "organisation": null, "skills": null, "contexts": null}));
    change("31202", json!({"name": "Zalgo t\u{0335}\u{0321}e\u{0334}\u{0322}k\u{0337}s\u{0338}t\u{0336}".repeat(40)}));
    change(
        "31010",
        json!({"playlistActivities": [{"id": "31010", "mandatory": true, "project": "31010"}, {"id": "0", "mandatory": true, "project": null}]}),
    );
    // The id of a share or a page of another platform, and one that is no number.
    let mut twin = city.projects.get("31001").map(|project| (**project).clone()).unwrap_or_default();
    twin["id"] = json!("../../claim?code=b4nd1a");
    twin["name"] = json!("Fiets repareren (namaak)");
    city.projects.push(twin);
    city.organisations.change("7003", |organisation| organisation["website"] = json!("javascript:alert(1)"));
    city.badge_classes.change("81101", |class| {
        class["name"] = json!("<b>Barista</b>\u{202e}");
        class["criteria"] = json!([{"id": "1", "no": -1, "description": "<script>alert(1)</script>", "checkType": "god", "checkTypeCount": 2147483647}]);
        class["depsExplicit"] = json!(["81101", "bestaat-niet"]);
    });
}
