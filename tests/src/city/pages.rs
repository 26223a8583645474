//! The pages that people see: plain, calm, for a phone first, and working without a script.

mod claim;
mod show;

use std::sync::Arc;

use axum::{
    Router,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use qrcode::{QrCode, render::svg};
use ring::digest;
use serde_json::{Value, json};

use super::{NAME, badges, state::State};

const STYLE: &str = include_str!("../../city/style.css");
/// The city's OAuth client, as pages of 2020 name it; nothing here checks it.
const CLIENT: &str = "8d1f6f2a-5b0e-4c39-9a44-1f2f3f4f5f60";

/// Where somebody types the code of a poster.
const CODE_FORM: &str = "<form class=\"row\" action=\"/claim\"><label for=\"code\">Heb je een code?</label><input id=\"code\" name=\"code\" autocomplete=\"off\" autocapitalize=\"none\" required><button>Haal je badge op</button></form>";

/// The paths of pages.
pub(super) fn router() -> Router<Arc<State>> {
    show::router().merge(claim::router())
}

/// A page in the making.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) title: String,
    pub(super) description: String,
    /// The path that it is shared by.
    pub(super) path: String,
    /// The path of its picture.
    pub(super) picture: Option<String>,
    pub(super) body: String,
    /// schema.org JSON-LD.
    pub(super) linked: Option<Value>,
}

impl Page {
    /// The page with the five `og:` tags and `window.App` that the platform's pages of 2020 carry.
    pub(super) fn show(&self, state: &State) -> Response {
        let origin = &state.origin;
        let picture = self.picture.as_deref().unwrap_or("/storage/site/6f0f5a52-3a0e-4a63-9d4b-5f3f0a0d9001.png");
        let app = json!({"oauthClientId": CLIENT, "baseURL": origin, "bcWebURL": origin, "lang": "nl", "apolloState": {}});
        let script = format!("window.App={};", in_script(&app));
        let tags = [
            ("og:url", format!("{origin}{}", self.path)),
            ("og:type", "website".to_owned()),
            ("og:title", self.title.clone()),
            ("og:description", self.description.clone()),
            ("og:image", format!("{origin}{picture}")),
        ];
        let mut head: String =
            tags.iter().map(|(name, value)| format!("<meta property=\"{name}\" content=\"{}\">\n", escape(value))).collect();
        head += &format!("<script>{script}</script>\n");
        if let Some(linked) = &self.linked {
            head += &format!("<script type=\"application/ld+json\">{}</script>\n", in_script(linked));
        }
        let hash = STANDARD.encode(digest::digest(&digest::SHA256, script.as_bytes()));
        answer(StatusCode::OK, &self.title, &head, &self.body, &format!("; script-src 'sha256-{hash}'"))
    }
}

/// JSON that cannot end the script that it stands in.
fn in_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003C").replace('>', "\\u003E").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// A plain page.
pub(super) fn html(status: StatusCode, title: &str, body: &str) -> Response {
    answer(status, title, "", body, "")
}

/// A page that is not there, as a page.
pub(super) fn missing() -> Response {
    html(
        StatusCode::NOT_FOUND,
        "Niet gevonden",
        "<h1>Niet gevonden</h1><p>Deze pagina is er niet. <a href=\"/\">Naar het begin</a></p>",
    )
}

/// What a file of a badge that was taken back answers.
pub(super) fn taken_back() -> Response {
    let body = format!("<h1>Deze badge is teruggenomen</h1><p>{}</p>", badges::REASON);
    html(StatusCode::GONE, "Deze badge is teruggenomen", &body)
}

fn answer(status: StatusCode, title: &str, head: &str, body: &str, policy: &str) -> Response {
    let title = escape(title);
    let text = format!(
        "<!doctype html>\n<html lang=\"nl\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} | {NAME}</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n{head}</head>\n<body>\n\
         <header><a href=\"/\">{NAME}</a></header>\n<main>\n{body}\n</main>\n\
         <footer><p>Alles en iedereen hier is verzonnen, om te oefenen. <a href=\"/organiser\">Voor organisatoren</a></p></footer>\n</body>\n</html>\n"
    );
    let policy = format!(
        "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'{policy}"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (status, headers, text).into_response()
}

/// Text as HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// Paragraphs, lists and bold words of Markdown; the rest stays as it is written.
pub(super) fn prose(text: &str) -> String {
    let bold = |line: &str| {
        let mut parts = line.split("**").enumerate().map(|(index, part)| match index % 2 {
            0 => part.to_owned(),
            _ => format!("<strong>{part}</strong>"),
        });
        parts.by_ref().collect::<String>()
    };
    let block = |block: &str| {
        let lines: Vec<&str> = block.lines().collect();
        if lines.iter().all(|line| line.starts_with("- ")) {
            let items: String = lines.iter().map(|line| format!("<li>{}</li>", bold(&line[2..]))).collect();
            return format!("<ul>{items}</ul>");
        }
        format!("<p>{}</p>", bold(&lines.join("<br>")))
    };
    escape(text).split("\n\n").map(block).collect()
}

/// A QR code as SVG.
pub(super) fn qr(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    Some(
        code.render::<svg::Color<'_>>()
            .min_dimensions(240, 240)
            .dark_color(svg::Color("#191B2C"))
            .light_color(svg::Color("#FFFFFF"))
            .build(),
    )
}

/// A text of the data, or nothing.
pub(super) fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}
