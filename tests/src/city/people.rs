//! Who came by: fictitious people, what they signed in as, joined, claimed and earned, and what organisers made.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::Value;

use super::catalogue::{Catalogue, Row};

/// A person who does not exist.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) id: &'static str,
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    /// It protects nothing: the page for signing in says the first person's.
    pub(super) password: &'static str,
}

/// Everybody who can sign in: two who have a story, and enough others for a class that practises.
pub(super) static PEOPLE: [Person; 14] = [
    Person { id: "5001", key: "noor", name: "Noor (verzonnen)", email: "noor@voorbeeld.example", password: "domtoren" },
    Person { id: "5002", key: "sam", name: "Sam (verzonnen)", email: "sam@voorbeeld.example", password: "oudegracht" },
    another("5003", "amina", "Amina (verzonnen)", "amina@voorbeeld.example"),
    another("5004", "bram", "Bram (verzonnen)", "bram@voorbeeld.example"),
    another("5005", "daan", "Daan (verzonnen)", "daan@voorbeeld.example"),
    another("5006", "emre", "Emre (verzonnen)", "emre@voorbeeld.example"),
    another("5007", "fenna", "Fenna (verzonnen)", "fenna@voorbeeld.example"),
    another("5008", "hamza", "Hamza (verzonnen)", "hamza@voorbeeld.example"),
    another("5009", "ilse", "Ilse (verzonnen)", "ilse@voorbeeld.example"),
    another("5010", "joost", "Joost (verzonnen)", "joost@voorbeeld.example"),
    another("5011", "lotte", "Lotte (verzonnen)", "lotte@voorbeeld.example"),
    another("5012", "mees", "Mees (verzonnen)", "mees@voorbeeld.example"),
    another("5013", "roos", "Roos (verzonnen)", "roos@voorbeeld.example"),
    another("5014", "yara", "Yara (verzonnen)", "yara@voorbeeld.example"),
];

const fn another(id: &'static str, key: &'static str, name: &'static str, email: &'static str) -> Person {
    Person { id, key, name, email, password: "oefenen" }
}

/// The person with this id.
pub(super) fn person(id: &str) -> &'static Person {
    PEOPLE.iter().find(|person| person.id == id).unwrap_or(&PEOPLE[0])
}

/// How a badge names who it is for. Which of these Badgecraft uses is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recipient {
    Plain,
    Salted,
    Unsalted,
}

/// A badge that somebody holds.
#[derive(Debug, Clone)]
pub(super) struct Issued {
    pub(super) id: String,
    pub(super) class: String,
    pub(super) person: &'static Person,
    pub(super) at: Timestamp,
    pub(super) recipient: Recipient,
    pub(super) revoked: bool,
    pub(super) policy: String,
}

/// What a code is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Goal {
    /// A badge, at once.
    Gain(String),
    /// A badge that asks for more than a code.
    View(String),
    /// Joining a project.
    Join(String),
    /// Joining an organisation.
    JoinOrganisation(String),
}

/// A claim or join code.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) code: String,
    pub(super) goal: Goal,
    pub(super) multi: bool,
    pub(super) used_by: Vec<&'static str>,
}

/// What became of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resolved {
    Gained { badge: String, gained: bool },
    View { class: String, error: Option<&'static str> },
    Joined { project: String, joined: bool },
    JoinedOrganisation { organisation: String, joined: bool },
}

/// An activity of the organiser page.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) row: Row,
    pub(super) code: String,
    pub(super) published: bool,
}

/// Everything that changes while the city runs; it is gone when the city ends.
#[derive(Debug)]
pub(super) struct People {
    pub(super) sessions: HashMap<String, &'static str>,
    pub(super) issued: Vec<Issued>,
    pub(super) codes: Vec<Code>,
    pub(super) joined: BTreeSet<(&'static str, String)>,
    /// What was handed in, by person and task; nothing where only a check was asked for.
    pub(super) evidence: BTreeMap<(&'static str, String), Vec<String>>,
    /// The tasks that were checked.
    pub(super) finished: BTreeSet<(&'static str, String)>,
    pub(super) made: Vec<Made>,
    /// The paths of the files that were sent. The files themselves are not kept.
    pub(super) sent: BTreeSet<String>,
}

/// The join code of an organisation is a UUID.
pub(super) const ORGANISATION_CODE: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

impl People {
    /// The codes on the posters, and what Noor and Sam earned before.
    pub(super) fn new(now: Timestamp) -> Self {
        let code = |code: &str, goal: Goal, multi: bool| Code { code: code.to_owned(), goal, multi, used_by: Vec::new() };
        let [noor, sam, ..] = &PEOPLE;
        let series = (noor.id, "812290".to_owned());
        let earned = |id: &str, class: &str, person: &'static Person, days: i64, recipient: Recipient, revoked: bool| Issued {
            id: id.to_owned(),
            class: class.to_owned(),
            person,
            at: super::dates::moment(now, -days, jiff::civil::time(15, 0, 0, 0)),
            recipient,
            revoked,
            policy: "anyone".to_owned(),
        };
        Self {
            sessions: HashMap::new(),
            issued: vec![
                earned("60001", "81241", noor, 80, Recipient::Plain, false),
                earned("60002", "81231", noor, 41, Recipient::Salted, false),
                earned("60003", "81229", noor, 12, Recipient::Unsalted, false),
                earned("60004", "81101", sam, 100, Recipient::Salted, true),
            ],
            codes: vec![
                code("welkom", Goal::Gain("81254".to_owned()), true),
                code("b4nd1a", Goal::Gain("81001".to_owned()), true),
                code("repair", Goal::Gain("81243".to_owned()), false),
                code("taal02", Goal::View("81002".to_owned()), true),
                code("tafel2", Goal::Gain("81224".to_owned()), true),
                code("w1jk10", Goal::Join("31010".to_owned()), true),
                code(ORGANISATION_CODE, Goal::JoinOrganisation("7001".to_owned()), true),
            ],
            joined: BTreeSet::new(),
            evidence: BTreeMap::from([(series.clone(), vec!["Vijf foto's van de Vecht in de avond.".to_owned()])]),
            finished: BTreeSet::from([series]),
            made: Vec::new(),
            sent: BTreeSet::new(),
        }
    }

    /// A new session of `person`.
    pub(super) fn sign_in(&mut self, person: &'static Person) -> String {
        let token = uuid();
        self.sessions.insert(token.clone(), person.id);
        token
    }

    /// The badge of a class that a person holds.
    pub(super) fn held(&self, person: &str, class: &str) -> Option<&Issued> {
        self.issued.iter().find(|issued| issued.person.id == person && issued.class == class && !issued.revoked)
    }

    /// Whether the badges that `class` depends on are all there.
    pub(super) fn ready(&self, person: &str, class: &Value) -> bool {
        let needed = class["depsExplicit"].as_array().into_iter().flatten().filter_map(Value::as_str);
        needed.into_iter().all(|needed| self.held(person, needed).is_some())
    }

    /// Gives a person a badge, and every playlist badge that this completes. Answers the badge's id and whether it is new.
    pub(super) fn gain(&mut self, catalogue: &Catalogue, who: &'static Person, class: &str, now: Timestamp) -> (String, bool) {
        if let Some(held) = self.held(who.id, class) {
            return (held.id.clone(), false);
        }
        // A badge outlives the city: its address is never that of another badge.
        let id = uuid();
        self.issued.push(Issued {
            id: id.clone(),
            class: class.to_owned(),
            person: who,
            at: now,
            recipient: Recipient::Salted,
            revoked: false,
            policy: "anyone".to_owned(),
        });
        let complete = |playlist: &Value| {
            let deps = playlist["depsExplicit"].as_array().is_some_and(|deps| !deps.is_empty());
            deps && playlist["criteria"].as_array().is_some_and(Vec::is_empty) && self.ready(who.id, playlist)
        };
        let next = catalogue.badge_classes.rows.iter().filter(|row| complete(row)).filter_map(|row| row["id"].as_str());
        for class in next.map(str::to_owned).collect::<Vec<_>>() {
            if self.held(who.id, &class).is_none() {
                self.gain(catalogue, who, &class, now);
            }
        }
        (id, true)
    }

    /// What a code gives a person; nothing when it is wrong, or used up by another. A phone begins what is typed with a capital.
    pub(super) fn resolve(&mut self, catalogue: &Catalogue, who: &'static Person, code: &str, now: Timestamp) -> Option<Resolved> {
        let index = self.codes.iter().position(|known| known.code.eq_ignore_ascii_case(code))?;
        let known = self.codes[index].clone();
        match known.goal {
            Goal::Gain(class) => {
                let row = catalogue.badge_classes.get(&class)?;
                if self.held(who.id, &class).is_none() && !self.ready(who.id, row) {
                    return Some(Resolved::View { class, error: Some("depsNotMet") });
                }
                if !known.multi && !known.used_by.is_empty() && !known.used_by.contains(&who.id) {
                    return None;
                }
                let (badge, gained) = self.gain(catalogue, who, &class, now);
                self.codes[index].used_by.push(who.id);
                Some(Resolved::Gained { badge, gained })
            }
            Goal::View(class) => Some(match self.held(who.id, &class) {
                Some(held) => Resolved::Gained { badge: held.id.clone(), gained: false },
                None => Resolved::View { class, error: None },
            }),
            Goal::Join(project) => {
                let joined = self.joined.insert((who.id, project.clone()));
                Some(Resolved::Joined { project, joined })
            }
            Goal::JoinOrganisation(organisation) => {
                let joined = self.joined.insert((who.id, organisation.clone()));
                Some(Resolved::JoinedOrganisation { organisation, joined })
            }
        }
    }
}

/// Sixteen random bytes as a UUID of version 4.
pub(super) fn uuid() -> String {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).expect("randomness");
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// Six characters that nobody mistakes for one another.
pub(super) fn new_code() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 6];
    SystemRandom::new().fill(&mut bytes).expect("randomness");
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect()
}
