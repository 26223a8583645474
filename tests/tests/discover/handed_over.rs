//! The badge that a city hands over: from its address into the wallet, and from there into what the wallet knows.

use super::*;

fn reasons(badge: &BadgePreview) -> String {
    serde_json::to_string(&badge.verification.checks).expect("JSON")
}

#[tokio::test]
async fn every_form_of_a_badge_that_a_city_gives_comes_in_and_is_kept() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let id = earned(&city, sign_in::NOOR, "b4nd1a").await;
    for (path, reason) in [
        (format!("ob2/assertions/{id}"), "practice_badge"),
        (format!("ob2/assertions/{id}/image"), "practice_badge"),
        (format!("ob2/assertions/{id}/image.svg"), "practice_badge"),
        (format!("ob3/credentials/{id}"), "issuer_unknown"),
    ] {
        let came = wallet.inspect(Input::Text(format!("{}/{path}", city.url)), Origin::Person).await;
        let (preview, badge) = previewed(came.unwrap_or_else(|error| panic!("{path}: {error:?}")));
        assert_eq!(badge.verification.verdict, Verdict::Attention, "{path}: {}", reasons(&badge));
        assert!(reasons(&badge).contains(reason), "{path}: {}", reasons(&badge));
        assert_eq!(badge.badge.name, "Fietsmaker: je eerste band geplakt", "{path}");
        assert_eq!(badge.badge.issuer, "Leerwerkplaats Domstad (fictief)", "{path}");
        wallet.save(preview, vec![0]).await.expect("kept");
    }
    assert_eq!(wallet.badges(BadgeFilter::default()).await.expect("a list").all, 2, "one badge in each of two formats");
}

#[tokio::test]
async fn what_is_kept_counts_at_the_city_that_gave_it() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let id = earned(&city, sign_in::NOOR, "b4nd1a").await;
    let badge = keep(&wallet, &format!("{}/ob3/credentials/{id}", city.url)).await;
    let activity = detail(&wallet, &at(&city, 31_001)).await;
    assert_eq!(activity.badges[0].held, Held::Yes { badge });
    for playlist in [31_010, 31_012] {
        let progress = card(&wallet, &at(&city, playlist)).await.progress.expect("progress");
        assert_eq!(progress.done, 1);
    }
    assert_eq!(card(&wallet, &at(&city, 31_010)).await.progress.map(|p| p.complete), Some(true), "its one mandatory part");
    assert_eq!(activity.playlists.len(), 2);
}

#[tokio::test]
async fn a_badge_that_was_taken_back_counts_for_nothing() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let (preview, badge) = previewed(inspect(&wallet, &format!("{}/ob2/assertions/60004", city.url)).await);
    assert_eq!(badge.verification.verdict, Verdict::Invalid, "{}", reasons(&badge));
    wallet.save(preview, vec![0]).await.expect("kept");
    assert_eq!(detail(&wallet, &at(&city, 31_101)).await.badges[0].held, Held::No);
}

#[tokio::test]
async fn a_badge_is_found_by_its_own_page() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let id = earned(&city, sign_in::NOOR, "b4nd1a").await;
    let (_, badge) = previewed(inspect(&wallet, &format!("{}/badges/{id}", city.url)).await);
    assert_eq!(badge.badge.name, "Fietsmaker: je eerste band geplakt");
    assert_eq!(badge.verification.verdict, Verdict::Attention, "{}", reasons(&badge));
    assert!(matches!(inspect(&wallet, "https://onbekend.example/badges/1").await, Incoming::Page { .. }));
}
