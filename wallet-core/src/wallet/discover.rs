//! *Ontdek*: the learner's cities, what there is to do in them, and the next badge to earn.

use url::Url;

use crate::{ErrorCode, Result};

/// The longest address of a server of map tiles.
const MAX_TEMPLATE: usize = 300;

/// The address of a server of street tiles as the learner types it: https, and `{z}`, `{x}` and `{y}` in its path, each once.
pub(super) fn tile_template(text: &str) -> Result<String> {
    let text = text.trim();
    let places = ["{z}", "{x}", "{y}"];
    let plain = places.iter().fold(text.to_owned(), |text, place| text.replacen(place, "0", 1));
    let url = Url::parse(&plain).ok().filter(|_| text.len() <= MAX_TEMPLATE);
    let sound = url.is_some_and(|url| {
        let origin = format!("{}/", url.origin().ascii_serialization());
        url.scheme() == "https" && text.starts_with(&origin) && !plain.contains(['{', '}'])
    });
    if sound && places.iter().all(|place| text.contains(place)) { Ok(text.to_owned()) } else { Err(ErrorCode::AddressRefused.into()) }
}
