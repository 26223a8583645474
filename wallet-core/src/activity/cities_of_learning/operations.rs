//! What is asked of a Cities of Learning server, and in which tier. Names are those of its own front end of 2020; the composition is ours.

use super::query::{Field, Operation, Selection, core, extended, key, on, part, permission};

const POINT: Selection = on("LatLng", &[key("lat"), key("lng")]);
static PLACE: Selection = POINT;
static NAMED_CATEGORY: Selection = on("Category", &[key("id"), key("name")]);
static NAMED_SKILL: Selection = on("Skill", &[key("id"), key("name")]);
static COVER: Selection = on("PictureMeta", &[extended("dominantColor")]);
static ELSEWHERE: Selection = on("Site", &[core("siteUrl")]);
static DURATION: Selection = on("Duration", &[extended("seconds")]);
static PERMISSION: Selection = on("Perm", &[permission("value")]);
static PROJECT_PERMISSIONS: Selection = on("ProjectPerms", &[permission("view").of(&PERMISSION)]);
static CONTACT: Selection = on("Contact", &[extended("name"), extended("value")]);
static MATERIAL: Selection = on("Material", &[extended("url"), extended("label")]);
static VIDEO: Selection = on("Video", &[extended("input"), extended("type")]);
static CO_HOST: Selection = on("CoHost", &[extended("name")]);
static ID_OF_PROJECT: Selection = on("Project", &[key("id")]);
static PLAYLISTS: Selection = on("ProjectList", &[extended("list").of(&ID_OF_PROJECT)]);
static REQUIRED: Selection = on("BadgeClass", &[key("id"), key("name")]);

static PART_BADGE: Selection = on("BadgeClass", &[key("id"), key("name")]);
static PART_ORGANISER: Selection = on("Organisation", &[key("name")]);
/// Of a part, what progress needs where its own activity is not here: it may live in a city that is not the learner's.
static PART_PROJECT: Selection = on(
    "Project",
    &[
        key("id"),
        key("name"),
        extended("duration").of(&DURATION),
        core("site").with(&[("excludeCurrent", "true")]).of(&ELSEWHERE),
        part("eventStart"),
        part("eventEnd"),
        part("tz"),
        part("organisation").of(&PART_ORGANISER),
        part("completeBadgeClass").of(&PART_BADGE),
    ],
);
static PART: Selection = on("PlaylistActivity", &[key("id"), extended("mandatory"), extended("project").of(&PART_PROJECT)]);

/// Of a badge, what suggestions and cards need.
static CARD_BADGE: Selection =
    on("BadgeClass", &[key("id"), key("name"), core("picture"), extended("depsCount"), extended("depsExplicit").of(&REQUIRED)]);
static CRITERION: Selection = on("Criterion", &[extended("no"), extended("description"), extended("checkType")]);
static BADGE_ISSUER: Selection = on("Organisation", &[key("name")]);
static BADGE: Selection = on(
    "BadgeClass",
    &[
        key("id"),
        key("name"),
        core("picture"),
        extended("description"),
        extended("status"),
        extended("organisation").of(&BADGE_ISSUER),
        extended("evidenceRequired"),
        extended("minTasksRequired"),
        extended("criteria").of(&CRITERION),
        extended("depsCount"),
        extended("depsExplicit").of(&REQUIRED),
    ],
);
static BADGES: Selection = on("BadgeClassList", &[extended("list").of(&BADGE)]);

static CARD_ORGANISER: Selection = on("Organisation", &[key("id"), key("name"), extended("language")]);
static ORGANISER: Selection = on(
    "Organisation",
    &[
        key("id"),
        key("name"),
        extended("language"),
        extended("description"),
        extended("picture"),
        extended("verified"),
        extended("verifyStatus"),
        extended("address"),
        extended("website"),
        extended("contacts").of(&CONTACT),
    ],
);

const SKILLS: Field = extended("skills").with(&[("lang", "$lang")]).of(&NAMED_SKILL);
const SITE_OF_PROJECT: Field = core("site").with(&[("excludeCurrent", "true")]).of(&ELSEWHERE);

/// A project, as lists and pages ask for it: the organiser and the badge as each shows them, and what else.
macro_rules! project {
    ($organiser:ident, $badge:ident $(, $more:expr)* $(,)?) => {
        on(
            "Project",
            &[
                key("id"),
                key("name"),
                core("contexts"),
                core("type"),
                core("description"),
                core("eventStart"),
                core("eventEnd"),
                core("tz"),
                core("address"),
                core("location").of(&PLACE),
                core("organisation").of(&$organiser),
                core("picture"),
                core("coverPicture"),
                SITE_OF_PROJECT,
                extended("coverMeta").of(&COVER),
                extended("color"),
                extended("status"),
                extended("duration").of(&DURATION),
                extended("category").of(&NAMED_CATEGORY),
                SKILLS,
                $($more,)*
                extended("completeBadgeClass").of(&$badge),
                extended("playlistActivitiesOrdered"),
                extended("playlistActivities").of(&PART),
                permission("perms").of(&PROJECT_PERMISSIONS),
            ],
        )
    };
}

static CARD: Selection = project!(CARD_ORGANISER, CARD_BADGE);

static WHOLE: Selection = project!(
    ORGANISER,
    BADGE,
    extended("website"),
    extended("contacts").of(&CONTACT),
    extended("videos").of(&VIDEO),
    extended("material").of(&MATERIAL),
    extended("coHosts").of(&CO_HOST),
    extended("badgeClasses").of(&BADGES),
    extended("usedInPlaylists").of(&PLAYLISTS),
);

static SITE_FIELDS: Selection = on("Site", &[key("id"), core("title"), core("location").of(&PLACE)]);
static SITE_ROOT: Selection = on("Query", &[key("site").with(&[("lang", "$lang")]).of(&SITE_FIELDS)]);
/// What the city is called, and where it is.
pub(super) static SITE: Operation = Operation { name: "ColSite", mutation: false, root: &SITE_ROOT };

static LIST_FIELDS: Selection = on("ProjectList", &[core("total"), core("limit"), core("offset"), key("list").of(&CARD)]);
static LIST_ROOT: Selection = on(
    "Query",
    &[key("projects")
        .with(&[
            ("limit", "$limit"),
            ("offset", "$offset"),
            ("contexts", "[event, playlist]"),
            ("sort", "updatedAt"),
            ("order", "desc"),
            ("siteFilter", "true"),
        ])
        .of(&LIST_FIELDS)],
);
/// A page of cards, the newest changed first. Nothing of a search goes along.
pub(super) static LIST: Operation = Operation { name: "ColList", mutation: false, root: &LIST_ROOT };

static MAYBE_PROJECT: Selection = on("MaybeProject", &[core("error"), key("project").of(&WHOLE)]);
static DETAIL_ROOT: Selection = on("Query", &[key("maybeProject").with(&[("id", "$id")]).of(&MAYBE_PROJECT)]);
/// Everything about one.
pub(super) static DETAIL: Operation = Operation { name: "ColDetail", mutation: false, root: &DETAIL_ROOT };

static AUTHORIZED: Selection = on("AuthorizeResult", &[core("success"), key("token")]);
static SIGN_IN_ROOT: Selection =
    on("Mutation", &[key("passwordAuthorize").with(&[("email", "$email"), ("password", "$password")]).of(&AUTHORIZED)]);
/// A sign-in.
pub(super) static SIGN_IN: Operation = Operation { name: "ColSignIn", mutation: true, root: &SIGN_IN_ROOT };

static ID_OF_CLASS: Selection = on("BadgeClass", &[key("id")]);
static MY_BADGE: Selection = on(
    "Badge",
    &[key("id"), key("name"), core("picture"), extended("badgeClass").of(&ID_OF_CLASS), extended("issuer").of(&BADGE_ISSUER)],
);
static MY_BADGES: Selection = on("BadgeList", &[core("total"), core("limit"), core("offset"), key("list").of(&MY_BADGE)]);
static ME: Selection = on(
    "Viewer",
    &[
        core("displayName"),
        core("name"),
        key("badges").with(&[("offset", "$offset"), ("limit", "$limit"), ("sort", "createdAt"), ("order", "desc")]).of(&MY_BADGES),
    ],
);
static ME_ROOT: Selection = on("Query", &[key("me").of(&ME)]);
/// The badges of who is signed in.
pub(super) static MINE: Operation = Operation { name: "ColMyBadges", mutation: false, root: &ME_ROOT };

static GAINED_BADGE: Selection = on("Badge", &[key("id"), core("name")]);
static GAINED: Selection = on("ResolveCodeBadgeGained", &[core("gained"), core("badge").of(&GAINED_BADGE)]);
static CLASS: Selection = on("BadgeClass", &[key("id"), core("name"), core("projectId")]);
static CLASS_VIEW: Selection = on("ResolveCodeBadgeClassView", &[core("error"), core("badgeClass").of(&CLASS)]);
static PROJECT_NAME: Selection = on("Project", &[key("id"), core("name")]);
static PROJECT_JOIN: Selection = on("ResolveCodeProjectJoin", &[core("joined"), core("project").of(&PROJECT_NAME)]);
static ORGANISATION_NAME: Selection = on("Organisation", &[core("name")]);
static ORGANISATION_JOIN: Selection =
    on("ResolveCodeOrganisationJoin", &[core("joined"), core("organisation").of(&ORGANISATION_NAME)]);
static ARMS: Selection = on(
    "ResolveCodeResult",
    &[
        key("__typename"),
        core("... on ResolveCodeBadgeGained").of(&GAINED),
        core("... on ResolveCodeBadgeClassView").of(&CLASS_VIEW),
        core("... on ResolveCodeProjectJoin").of(&PROJECT_JOIN),
        core("... on ResolveCodeOrganisationJoin").of(&ORGANISATION_JOIN),
    ],
);
static CLAIM_ROOT: Selection = on("Mutation", &[key("resolveCode").with(&[("code", "$code")]).of(&ARMS)]);
/// A claim code.
pub(super) static CLAIM: Operation = Operation { name: "ColClaim", mutation: true, root: &CLAIM_ROOT };
