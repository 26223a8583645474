use super::*;
use crate::{activity::Activity, store::activities::Marked};

fn code<T: std::fmt::Debug>(result: Result<T>) -> ErrorCode {
    result.unwrap_err().code
}

#[test]
fn an_address_is_understood_as_people_type_it() {
    for (text, url) in [
        ("utrecht.example", "https://utrecht.example/"),
        ("  utrecht.example/activities/1 ", "https://utrecht.example/activities/1"),
        ("HTTPS://Utrecht.Example", "https://utrecht.example/"),
        ("http://127.0.0.1:8788", "http://127.0.0.1:8788/"),
    ] {
        assert_eq!(typed(text).unwrap().as_str(), url, "{text}");
    }
    for text in
        ["", " ", "ftp://utrecht.example", "javascript://utrecht.example", "een hele zin", "https://", "://", &"a".repeat(10_000)]
    {
        assert_eq!(code(typed(text)), ErrorCode::NotACity, "{text}");
    }
}

#[test]
fn a_category_has_the_apps_word_or_the_citys_own() {
    assert_ne!(category(Language::Nl, "Environment end ecology"), "Environment end ecology", "also as these servers misspell it");
    assert_ne!(category(Language::Nl, "CRAFTS AND MAKING"), "CRAFTS AND MAKING");
    assert_eq!(category(Language::Nl, "Toverij & zo"), "Toverij & zo");
    assert_eq!(category(Language::Nl, "\u{202e}<b>Om</b>"), "<b>Om</b>");
}

#[test]
fn an_addresss_last_words_name_a_part_of_the_city_where_two_share_them() {
    let marked = |address: &str, lat: f64| Marked {
        id: String::new(),
        place: Point::new(lat, 5.0).unwrap(),
        activity: Activity { address: Some(address.to_owned()), ..activity() },
    };
    let all = [
        marked("Neude 11, 3512 AE Utrecht", 52.0),
        marked("Kanaalstraat 1, Utrecht", 52.2),
        marked("Markt 1, 4811 XC Breda", 51.5),
        marked("zonder komma", 50.0),
        marked("", 50.0),
    ];
    let districts = localities(&all);
    assert_eq!(districts.len(), 1, "one that is alone names nothing");
    assert_eq!((districts[0].name.as_str(), districts[0].place), ("Utrecht", Place { lat: 52.1, lng: 5.0 }));
    assert_eq!(locality("3512 AE Utrecht"), "Utrecht");
    assert_eq!(locality("'s-Hertogenbosch"), "'s-Hertogenbosch");
    assert_eq!(locality("1234 AB"), "");
}

#[test]
fn the_middle_of_nothing_is_nowhere() {
    assert_eq!(middle(&[]), None);
}

#[test]
fn a_query_near_nowhere_is_none() {
    let near = |lat, lng, km| {
        let query = ActivityQuery { near: Some(crate::view::Near { lat, lng, km }), ..ActivityQuery::default() };
        filter(query, Timestamp::UNIX_EPOCH)
    };
    assert!(near(52.0, 5.0, 1.0).is_ok());
    for (lat, lng, km) in
        [(91.0, 5.0, 1.0), (52.0, 181.0, 1.0), (0.0, 0.0, 1.0), (f64::NAN, 5.0, 1.0), (52.0, 5.0, -1.0), (52.0, 5.0, f64::INFINITY)]
    {
        assert_eq!(code(near(lat, lng, km)), ErrorCode::Usage, "{lat} {lng} {km}");
    }
}

fn activity() -> Activity {
    Activity::bare("badgecraft".to_owned(), "1".to_owned(), Kind::Activity, "Iets".to_owned())
}

#[test]
fn how_long_it_takes_is_what_is_told_or_lies_between_start_and_end_of_a_day() {
    let at = |hours: i64| Timestamp::from_second(1_790_000_000 + hours * 3600).ok();
    let minutes = |duration, start, end| cards::minutes(&Activity { duration, start, end, ..activity() });
    assert_eq!(minutes(Some(5_400), at(0), at(9)), Some(90));
    assert_eq!(minutes(None, at(0), at(2)), Some(120));
    assert_eq!(minutes(None, at(0), at(48)), None, "days are no duration");
    assert_eq!(minutes(None, at(0), None), None);
    assert_eq!(minutes(Some(30), at(0), at(2)), None);
}
