//! A city that means harm.

use super::*;

async fn hostile() -> (City, Home, Wallet) {
    let city = city([Mode::Hostile]).await;
    let home = Home::new(&[]);
    home.net.shows_pictures();
    // Also what it says lives elsewhere.
    *held(&home.net.unfiltered) = true;
    let wallet = home.begun().await;
    let read = add(&wallet, &city).await;
    assert_eq!(read.problem, None);
    (city, home, wallet)
}

/// Everything that a view can carry to a screen.
fn text<T: serde::Serialize>(view: &T) -> String {
    serde_json::to_string(view).expect("JSON")
}

#[tokio::test]
async fn what_a_city_says_is_text_and_nothing_else() {
    let (city, _home, wallet) = hostile().await;
    let scripted = detail(&wallet, &at(&city, 31_101)).await;
    assert_eq!(scripted.card.title, "<script>alert(1)</script>Barista", "a title is text, which screens show as text");
    let html = scripted.description_html.expect("a description");
    for bad in ["<img", "<script", "javascript:", "onerror=\"", "volg.example"] {
        assert!(!html.contains(bad) || bad == "volg.example" && !html.contains("src="), "{bad} in {html}");
    }
    let badge = &scripted.badges[0];
    assert!(!badge.name.contains('\u{202e}'), "{}", badge.name);
    assert!(!text(&badge.tasks).contains("<script"), "{:?}", badge.tasks);
    let turned = card(&wallet, &at(&city, 31_102)).await;
    assert!(turned.title.starts_with("Gratis") && !turned.title.chars().any(|c| ('\u{202a}'..='\u{2069}').contains(&c)));
    let long = detail(&wallet, &at(&city, 31_111)).await;
    assert!(long.card.title.chars().count() <= 200);
    assert!(long.description_html.expect("a description").len() < 30_000);
    for id in [31_101, 31_102, 31_109, 31_111, 31_112, 31_202] {
        let all = text(&detail(&wallet, &at(&city, id)).await);
        for bad in ["\\u0000", "\\u0007", "\u{202e}", "javascript:", "file:", "data:text"] {
            assert!(!all.contains(bad), "{bad} in {id}");
        }
    }
}

#[tokio::test]
async fn places_that_are_nowhere_and_dates_that_never_were_are_none() {
    let (city, _home, wallet) = hostile().await;
    for id in [31_103, 31_104] {
        assert_eq!(card(&wallet, &at(&city, id)).await.place, None, "{id}");
    }
    let undated = card(&wallet, &at(&city, 31_104)).await;
    assert_eq!((undated.start, undated.end), (None, None));
    let far = card(&wallet, &at(&city, 31_105)).await;
    assert_eq!((far.start, far.minutes), (None, None));
    let map = wallet.activity_map(ActivityQuery::default()).await.expect("a map");
    assert!(map.marks.iter().all(|mark| mark.place.lat.is_finite() && mark.place.lng.is_finite()));
    assert!(!map.marks.iter().any(|mark| mark.id == at(&city, 31_103) || mark.id == at(&city, 31_104)));
    let near = Near { lat: 52.09, lng: 5.12, km: 50.0 };
    let near = all(&wallet, ActivityQuery { near: Some(near), ..ActivityQuery::default() }).await;
    assert!(near.iter().all(|card| card.km.is_some_and(f64::is_finite)));
}

#[tokio::test]
async fn a_number_beyond_every_number_spoils_one_place_and_no_list() {
    let city = city([Mode::Infinite]).await;
    let (_home, wallet) = with(&[&city]).await;
    assert_eq!(card(&wallet, &at(&city, 31_101)).await.place, None);
    assert_eq!(wallet.activities(ActivityQuery::default()).await.expect("a page").all, 78);
}

#[tokio::test]
async fn links_lead_to_the_web_a_letter_or_a_telephone_and_nowhere_else() {
    let (city, _home, wallet) = hostile().await;
    for id in [31_102, 31_112, 31_105] {
        let detail = detail(&wallet, &at(&city, id)).await;
        let organiser = detail.organiser.as_ref().map(|o| o.links.clone()).unwrap_or_default();
        for link in detail.links.iter().chain(&organiser) {
            let good = ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| link.value.starts_with(scheme));
            assert!(good, "{link:?} of {id}");
        }
        assert!(detail.page.is_none_or(|page| page.starts_with(&city.url)));
    }
    let elsewhere = detail(&wallet, &at(&city, 31_110)).await;
    assert_eq!(elsewhere.home, host(&city), "a home that is no address is none");
}

#[tokio::test]
async fn pictures_that_are_bombs_pages_or_too_heavy_are_never_shown_and_addresses_inside_are_not_asked() {
    let (city, home, wallet) = hostile().await;
    let asked_for = |name: &str| held(&home.net.asked).iter().filter(|sent| sent.url.contains(name)).count();
    let pages = [31_106, 31_107, 31_108].map(|id| at(&city, id));
    // What was refused once is not asked for again: then every answer is in.
    let mut settled = false;
    for _ in 0..100 {
        let before = asked_for("deadbeef");
        for id in &pages[..2] {
            detail(&wallet, id).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        settled = before > 0 && asked_for("deadbeef") == before;
        if settled {
            break;
        }
    }
    assert!(settled, "a bomb is asked for again and again");
    // A list and a page may ask at the same time, and no more.
    for picture in ["000000000001.png", "000000000002.png", "000000000003.png"] {
        assert!(asked_for(picture) <= 4, "{picture} was asked for {} times", asked_for(picture));
    }
    detail(&wallet, &pages[2]).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    for id in &pages {
        assert_eq!(in_time(&wallet, id, |_| true).await.cover, None, "{id}");
    }
    assert_eq!(asked_for("file:"), 0);
    // The network refuses it, before anything is resolved.
    assert!(asked_for("169.254.169.254") <= 2);
}

#[tokio::test]
async fn a_claim_address_at_another_host_is_no_claim_address() {
    let (city, home, wallet) = hostile().await;
    assert!(!chosen(&wallet, &city.url).await.claims);
    home.net.asked();
    assert_eq!(code(wallet.claim_code(city.url.clone(), "b4nd1a".to_owned()).await), ErrorCode::NotAllowed);
    assert_eq!(home.net.asked().len(), 0, "the code stays here");
    assert_eq!(wallet.claims().await.expect("claims"), []);
}

#[tokio::test]
async fn an_id_that_is_a_path_makes_no_address_and_a_playlist_in_itself_ends() {
    let (city, home, wallet) = hostile().await;
    home.net.asked();
    let list = all(&wallet, ActivityQuery::default()).await;
    let twin = list.iter().find(|card| card.title.contains("namaak"));
    if let Some(twin) = twin {
        let whole = wallet.activity(twin.id.clone(), Freshness::Now).await.expect("an activity");
        assert!(whole.page.is_none_or(|page| !page.contains("/claim?")), "no page of it leads to a claim");
    }
    assert!(home.net.asked().iter().all(|sent| !sent.url.contains("claim")));
    let itself = detail(&wallet, &at(&city, 31_010)).await;
    assert!(itself.parts.iter().all(|part| part.part != "31010"), "nothing is a part of itself: {:?}", itself.parts);
    wallet.suggestions().await.expect("next steps");
}
