//! Alignments to skills and standards, and the frameworks that are recognised by name or address.

use serde_json::Value;

use crate::{
    Alignment,
    value::{many, name, raw, text, web_address},
};

/// The most alignments that are shown.
const MOST: usize = 100;

/// Reads `alignment` (or a 2.0 issuer's `alignments`) in the 3.0, 2.0 and 1.x spelling.
pub(crate) fn alignments(achievement: &Value) -> Vec<Alignment> {
    let listed = many(achievement.get("alignment")).iter().chain(many(achievement.get("alignments")));
    listed.filter_map(alignment).take(MOST).collect()
}

fn alignment(entry: &Value) -> Option<Alignment> {
    if let Some(url) = entry.as_str() {
        let url = web_address(url)?;
        return Some(Alignment { framework: framework("", &url, ""), name: url.clone(), url: Some(url), ..Alignment::default() });
    }
    let either = |new: &str, old: &str| entry.get(new).or_else(|| entry.get(old)).filter(|value| !value.is_null());
    let url = either("targetUrl", "url").and_then(Value::as_str).and_then(web_address);
    let written = name(entry.get("targetFramework"));
    let kind = raw(entry, "targetType").unwrap_or_default();
    let recognised = framework(written.as_deref().unwrap_or_default(), url.as_deref().unwrap_or_default(), kind);
    let code = name(entry.get("targetCode"));
    Some(Alignment {
        name: name(either("targetName", "name")).or_else(|| code.clone()).or_else(|| url.clone())?,
        framework: recognised.or(written),
        code,
        url,
        description: text(either("targetDescription", "description")),
    })
}

/// The standards fix no terms for frameworks, so they are recognised by whole words in the name, by address, and by the
/// `ext:` types that Dutch issuers write.
fn framework(written: &str, url: &str, kind: &str) -> Option<String> {
    let written = written.to_lowercase();
    let words: Vec<&str> = written.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let url = url.to_lowercase();
    let known = FRAMEWORKS.iter().find(|known| {
        known.words.iter().any(|wanted| words.windows(wanted.len()).any(|window| window == *wanted))
            || known.addresses.iter().any(|address| url.contains(address))
            || kind.eq_ignore_ascii_case(&format!("ext:{}Alignment", known.name))
    })?;
    Some(known.name.to_owned())
}

struct Framework {
    name: &'static str,
    words: &'static [&'static [&'static str]],
    addresses: &'static [&'static str],
}

const FRAMEWORKS: &[Framework] = &[
    Framework { name: "ESCO", words: &[&["esco"]], addresses: &["//data.europa.eu/esco/", "//esco.ec.europa.eu/"] },
    // Before EQF: the Dutch framework is usually named together with the European one.
    Framework { name: "NLQF", words: &[&["nlqf"]], addresses: &["//nlqf.nl/", "//www.nlqf.nl/"] },
    Framework {
        name: "EQF",
        words: &[&["eqf"], &["european", "qualifications", "framework"]],
        addresses: &["//data.europa.eu/snb/eqf/"],
    },
    Framework { name: "CompetentNL", words: &[&["competentnl"], &["competent", "nl"]], addresses: &["competentnl.nl/"] },
    Framework {
        name: "DigComp",
        words: &[&["digcomp"], &["digital", "competence", "framework"], &["digitale", "competenties"]],
        addresses: &["/digcomp"],
    },
    Framework { name: "EntreComp", words: &[&["entrecomp"]], addresses: &["/entrecomp"] },
    Framework { name: "LifeComp", words: &[&["lifecomp"]], addresses: &["/lifecomp"] },
    Framework { name: "GreenComp", words: &[&["greencomp"]], addresses: &["/greencomp"] },
    Framework {
        name: "CEFR",
        words: &[&["cefr"], &["common", "european", "framework", "of", "reference"], &["europees", "referentiekader", "talen"]],
        addresses: &["coe.int/en/web/common-european-framework-reference-languages"],
    },
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn recognised(entry: &Value) -> Option<String> {
        alignments(&json!({ "alignment": entry })).remove(0).framework
    }

    #[test]
    fn frameworks_are_recognised_by_name_address_and_type() {
        assert_eq!(recognised(&json!({"targetName": "x", "targetUrl": "http://data.europa.eu/esco/skill/1"})).unwrap(), "ESCO");
        assert_eq!(recognised(&json!({"targetName": "x", "targetFramework": "NLQF/EQF niveau 4"})).unwrap(), "NLQF");
        assert_eq!(
            recognised(&json!({"targetName": "x", "targetFramework": "The Digital Competence Framework 2.2"})).unwrap(),
            "DigComp"
        );
        assert_eq!(recognised(&json!({"targetName": "x", "targetType": "ext:ESCOAlignment"})).unwrap(), "ESCO");
        assert_eq!(recognised(&json!({"targetName": "x", "targetFramework": "CompetentNL"})).unwrap(), "CompetentNL");
        assert_eq!(recognised(&json!({"targetName": "x", "targetFramework": "Fiesco kader"})).unwrap(), "Fiesco kader");
        assert_eq!(recognised(&json!({"targetName": "x", "targetUrl": "https://evil.example/data.europa.eu"})), None);
    }

    #[test]
    fn old_spellings_and_lone_objects_are_read() {
        let found = alignments(&json!({"alignment": {"name": "Lassen", "url": "https://skills.example/7", "description": "MIG"}}));
        assert_eq!((found[0].name.as_str(), found[0].url.as_deref()), ("Lassen", Some("https://skills.example/7")));
        assert!(alignments(&json!({"alignment": [{}, null, 3, {"targetUrl": "javascript:alert(1)"}]})).is_empty());
        assert_eq!(alignments(&json!({"alignments": [{"targetName": "Boren"}]}))[0].name, "Boren");
    }
}
