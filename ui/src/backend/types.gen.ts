// Made from wallet-core/src/view.rs and badge-view by tests/tests/types.rs, which also keeps it true.
export type ErrorCode = "not_a_badge" | "picture_without_badge" | "damaged" | "too_large" | "hostile" | "password_protected" | "no_badge_there" | "offline" | "unreachable" | "address_refused" | "no_wallet" | "locked" | "wrong_passphrase" | "weak_passphrase" | "passphrase_needed" | "key_store_empty" | "key_store_locked" | "key_store_denied" | "key_store_absent" | "busy" | "too_new" | "disk_full" | "wallet_damaged" | "not_found" | "not_allowed" | "too_large_for_codes" | "cannot_export_so" | "link_damaged" | "link_too_new" | "no_share_host" | "share_unknown" | "share_ended" | "share_locked" | "passcode_needed" | "wrong_passcode" | "weak_passcode" | "share_too_large" | "host_full" | "host_busy" | "host_odd" | "clock_wrong" | "not_a_city" | "city_odd" | "city_busy" | "sign_in_needed" | "not_a_claim_code" | "usage" | "internal";
export type Language = "nl" | "en";
export type BadgeFace = { 
/**
 * Its name.
 */
name: string, 
/**
 * Who gave it, as it calls itself.
 */
issuer: string, 
/**
 * BCP 47 language of the texts.
 */
language: string | null, 
/**
 * What it is, plain text.
 */
description: string | null, 
/**
 * What it took to earn it.
 */
criteria_html: string | null, 
/**
 * The date it was given.
 */
issued: string | null, 
/**
 * The date it ends.
 */
expires: string | null, 
/**
 * Its picture, when it is in the bytes or was fetched.
 */
picture: string | null, 
/**
 * Skills by name.
 */
skills: Array<AlignmentView>, };
export type AlignmentView = { 
/**
 * The framework (`ESCO`, `EQF` …).
 */
framework: string | null, 
/**
 * The code in it.
 */
code: string | null, 
/**
 * The name.
 */
name: string, 
/**
 * Its address.
 */
url: string | null, };
export type IssuerView = { 
/**
 * DID or https id.
 */
id: string, 
/**
 * The name it gives itself.
 */
name: string | null, 
/**
 * Its site.
 */
url: string | null, 
/**
 * Its e-mail address.
 */
email: string | null, 
/**
 * What it says of itself, plain text.
 */
description: string | null, 
/**
 * How it is known.
 */
known: KnownIssuer, 
/**
 * The proven web host.
 */
domain: string | null, };
export type KnownIssuer = "quality_label" | "registry" | "self_added" | "domain" | "practice" | "unknown";
export type RecipientView = { 
/**
 * Compared with the learner's addresses.
 */
matched: RecipientMatch, 
/**
 * The learner's address that matched, or the plain address in the badge (a proposal).
 */
address: string | null, 
/**
 * Whether the badge holds a hash, so that the person can be asked "Is deze van jou?".
 */
hashed: boolean, 
/**
 * A name in the badge.
 */
name: string | null, };
export type RecipientMatch = "mine" | "not_mine" | "unknown";
export type EvidenceView = { 
/**
 * Its name.
 */
name: string | null, 
/**
 * Its story.
 */
html: string | null, 
/**
 * Its address, opened only by an explicit tap.
 */
url: string | null, 
/**
 * The host of the address.
 */
host: string | null, };
export type EndorsementView = { 
/**
 * Who.
 */
issuer: string, 
/**
 * What they say.
 */
html: string, 
/**
 * Whether it could be checked.
 */
verdict: Verdict, };
export type Fact = { 
/**
 * The label.
 */
label: string, 
/**
 * The value.
 */
value: string, };
export type Verification = { 
/**
 * The verdict.
 */
verdict: Verdict, 
/**
 * The verdict in a few words, for a tile ("Echt en geldig").
 */
label: string, 
/**
 * The first sentence, bold.
 */
title: string, 
/**
 * The second sentence. May be empty.
 */
text: string, 
/**
 * The reasons.
 */
checks: Array<CheckView>, 
/**
 * The time of the oldest fetch that decides, or of the judgement.
 */
checked_at: string, 
/**
 * How the issuer is known.
 */
known: KnownIssuer, 
/**
 * The proven web host.
 */
domain: string | null, 
/**
 * The proof (`eddsa-rdfc-2022`, `vc-jwt ES256`, `hosted` …).
 */
proof: string | null, 
/**
 * Whether fetching could still change a "cannot tell" (offer *Probeer opnieuw*).
 */
retry: boolean, };
export type Verdict = "valid" | "attention" | "cannot_tell" | "invalid";
export type CheckView = { 
/**
 * `format`, `signature`, `issuer`, `recipient`, `validity_period`, `status`, `endorsement`.
 */
kind: string, 
/**
 * `passed`, `warning`, `failed`, `not_checked`.
 */
outcome: string, 
/**
 * A stable code, unless passed.
 */
reason: string | null, 
/**
 * One sentence.
 */
text: string, };
export type CheckedBadge = { 
/**
 * What it says.
 */
badge: BadgeFace, 
/**
 * The verdict.
 */
verification: Verification, 
/**
 * Who gave it.
 */
issuer: IssuerView, 
/**
 * The fixed second line: "Wie dit laat zien, is niet gecontroleerd".
 */
holder_line: string, 
/**
 * The recipient in it, when plain: address or name.
 */
given_to: string | null, 
/**
 * Its content address.
 */
content_id: string, 
/**
 * `open_badge_v3`, `open_badge_v2`, `clr_v2`, `other_credential`.
 */
format: string, };
export type WalletState = "new" | "locked" | "ready" | "too_new";
export type AppState = { 
/**
 * Where the wallet stands.
 */
wallet: WalletState, 
/**
 * Whether the demo wallet is the one that is shown.
 */
demo: boolean, 
/**
 * Whether this device has a key store that works, so that no passphrase is needed.
 */
key_store: boolean, 
/**
 * Whether the wallet has a passphrase slot.
 */
passphrase: boolean, 
/**
 * Why it is locked, when the device's key store is the reason (`key_store_empty` …).
 */
problem: ErrorCode | null, 
/**
 * The chosen language, when one was chosen.
 */
language: Language | null, 
/**
 * The chosen colours, when chosen.
 */
theme: Theme | null, 
/**
 * The app's version.
 */
version: string, 
/**
 * Whether codes can be scanned by a native camera (phones).
 */
native_scanner: boolean, 
/**
 * Where share links live unless the learner sets another place. `None` for an app without one.
 */
share_host_default: string | null, };
export type Theme = "system" | "light" | "dark";
export type Settings = { 
/**
 * The app's language.
 */
language: Language, 
/**
 * Its colours.
 */
theme: Theme, 
/**
 * No network at all, by choice.
 */
offline: boolean, 
/**
 * Where share links live, when the learner chose: an https origin (http on loopback).
 */
share_host: string | null, 
/**
 * Where the map's street tiles come from, when the learner switched them on and named a server: an https address with `{z}`,
 * `{x}` and `{y}` in its path.
 */
tile_server: string | null, 
/**
 * Whether signing in to a city inside the app, an experiment, is offered.
 */
city_sign_in: boolean, };
export type WalletEvent = "badges_changed" | { "rechecked": { 
/**
 * Which badge.
 */
id: string, } } | "opened" | "locked" | "activities_changed" | "claims_changed";
export type NamedFile = { 
/**
 * Its name, without folders.
 */
name: string, 
/**
 * Its bytes (base64 on the wire).
 */
bytes: string, 
/**
 * Its media type, when known.
 */
media_type: string | null, };
export type Input = { "text": string } | { "file": NamedFile };
export type Origin = "person" | "opened";
export type Incoming = { "kind": "badges", 
/**
 * For `save`, `dismiss`.
 */
id: string, 
/**
 * One entry a badge.
 */
badges: Array<BadgePreview>, 
/**
 * Parts of the input that were no badge, each with its own answer.
 */
rejected: Array<Rejected>, 
/**
 * Of what another app or a link opened: the hosts that `continue_incoming` would ask for what decides. Empty when
 * nothing was left unasked.
 */
hosts: Array<string>, } | { "kind": "shown", 
/**
 * One entry a badge.
 */
badges: Array<CheckedBadge>, 
/**
 * Of a share link: what is not the issuers' but its owner's.
 */
shared: SharedBy | null, } | { "kind": "passcode", 
/**
 * For `open_share`, `dismiss`.
 */
id: string, 
/**
 * After a wrong one: how many tries are left.
 */
left: number | null, } | { "kind": "needs_network", 
/**
 * For `continue_incoming`, `dismiss`.
 */
id: string, 
/**
 * The hosts that will be asked.
 */
hosts: Array<string>, } | { "kind": "part", 
/**
 * How far the sequence is, 0.0 to 1.0.
 */
progress: number, } | { "kind": "claim", 
/**
 * The code.
 */
code: string, 
/**
 * Of a claim link: the city that it names, by its address.
 */
city: string | null, 
/**
 * Of a claim link: the host.
 */
host: string | null, } | { "kind": "activity", 
/**
 * For the commands.
 */
id: string, } | { "kind": "city", 
/**
 * For `add_city`.
 */
address: string, 
/**
 * Its name, as it says.
 */
name: string, 
/**
 * Its host.
 */
host: string, } | { "kind": "page", 
/**
 * Its host.
 */
host: string, 
/**
 * Its address.
 */
url: string, };
export type Rejected = { 
/**
 * Which part: a file's name.
 */
name: string, 
/**
 * Why.
 */
code: ErrorCode, 
/**
 * The same in one sentence.
 */
text: string, };
export type BadgePreview = { 
/**
 * For `save`: its place in the preview.
 */
index: number, 
/**
 * Its content address.
 */
content_id: string, 
/**
 * What it says.
 */
badge: BadgeFace, 
/**
 * The verdict.
 */
verification: Verification, 
/**
 * To whom it was given.
 */
recipient: RecipientView, 
/**
 * Whether it is here already.
 */
known: KnownBadge, };
export type KnownBadge = { "kind": "new" } | { "kind": "duplicate", 
/**
 * The stored badge.
 */
id: string, } | { "kind": "newer", 
/**
 * The stored badge, which `save` replaces.
 */
id: string, } | { "kind": "older", 
/**
 * The stored badge.
 */
id: string, };
export type Saved = { 
/**
 * The stored badges' ids, in the order of the choice.
 */
ids: Array<string>, };
export type Sort = "newest" | "name" | "issuer";
export type BadgeFilter = { 
/**
 * Search as you type: every word, by prefix, over name, issuer, description, skills.
 */
search: string | null, 
/**
 * The order.
 */
sort: Sort, 
/**
 * Skip so many.
 */
offset: number, 
/**
 * At most so many (default and cap 60).
 */
limit: number | null, };
export type BadgePage = { 
/**
 * The badges.
 */
badges: Array<BadgeCard>, 
/**
 * How many fit the filter in all.
 */
total: number, 
/**
 * How many there are without the filter.
 */
all: number, };
export type BadgeCard = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Who gave it, as it calls itself.
 */
issuer: string, 
/**
 * BCP 47 language of the name.
 */
language: string | null, 
/**
 * The date it was given.
 */
issued: string | null, 
/**
 * The stored verdict, with the dates looked at anew.
 */
verdict: Verdict, 
/**
 * The verdict in a few words ("Echt en geldig", "Verlopen").
 */
label: string, 
/**
 * When what decides was fetched.
 */
checked_at: string, 
/**
 * A small picture.
 */
picture: string | null, };
export type BadgeDetail = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its front.
 */
badge: BadgeFace, 
/**
 * The verdict.
 */
verification: Verification, 
/**
 * To whom.
 */
recipient: RecipientView, 
/**
 * Who gave it.
 */
issuer: IssuerView, 
/**
 * Who made the achievement, when another.
 */
creator: IssuerView | null, 
/**
 * A page about the criteria.
 */
criteria_url: string | null, 
/**
 * Proof of work.
 */
evidence: Array<EvidenceView>, 
/**
 * Recommendations.
 */
endorsements: Array<EndorsementView>, 
/**
 * Results, fields of study, credits: label (already in the app's language where known) and value.
 */
facts: Array<Fact>, 
/**
 * Free tags.
 */
tags: Array<string>, 
/**
 * When it was kept.
 */
added_at: string, 
/**
 * Technical details, copyable: label and value.
 */
technical: Array<Fact>, 
/**
 * The credential as indented JSON, for reading and copying.
 */
json: string, 
/**
 * The forms it can be exported in.
 */
exports: Array<ExportFormat>, };
export type ExportFormat = "original" | "json" | "jwt" | "png" | "svg";
export type Freshness = "stored" | "now";
export type Presentation = { 
/**
 * One SVG per code: one, or a sequence to be shown in turn (about 8 a second), then over again.
 */
codes: Array<string>, 
/**
 * The text way: the same content as one text to copy.
 */
text: string, 
/**
 * The names of the badges in it.
 */
names: Array<string>, };
export type SharedBy = { 
/**
 * The title.
 */
title: string, 
/**
 * The words.
 */
words: string, 
/**
 * The place that the link came from.
 */
host: string, 
/**
 * When the link ends. Never a badge's own end.
 */
ends_at: string | null, };
export type ShareShow = "front" | "whole";
export type ShareEnd = "now" | "day" | "month" | "year" | "open";
export type ShareChoice = { 
/**
 * The badge.
 */
id: string, 
/**
 * How much is seen at first.
 */
show: ShareShow, 
/**
 * For a hashed recipient: the address that the learner adds, which the page compares with the hash.
 */
address: string | null, };
export type NewShare = { 
/**
 * The badges, in their order.
 */
badges: Array<ShareChoice>, 
/**
 * A title, 80 characters. May be empty.
 */
title: string, 
/**
 * Own words, 400 characters. May be empty.
 */
words: string, 
/**
 * How long.
 */
ends: ShareEnd, 
/**
 * A passcode of 6 characters or more.
 */
passcode: string | null, 
/**
 * For whom; only the learner sees it.
 */
label: string, 
/**
 * Whether the share host is asked to witness what the verdicts rest on. The hosts in [`ShareDraft::asks`] are then asked.
 */
witness: boolean, 
/**
 * Where, instead of the place that was set: an https origin (http on loopback). A link stays where it was made.
 */
host: string | null, };
export type ShareDraft = { 
/**
 * The badges as the other sees them.
 */
badges: Array<CheckedBadge>, 
/**
 * The title as it is sent.
 */
title: string, 
/**
 * The words as they are sent.
 */
words: string, 
/**
 * What whoever has the link can read about the learner.
 */
readable: Array<ShareReadable>, 
/**
 * Where the link will live; `None` when there is no place yet.
 */
host: string | null, 
/**
 * The hosts that witnessing would ask.
 */
asks: Array<string>, 
/**
 * The size of what is sent, in bytes.
 */
bytes: number, };
export type ShareReadable = { 
/**
 * Which badge: its content address.
 */
badge: string, 
/**
 * `address`, `name`, `id`, `hash`, `evidence`.
 */
kind: string, 
/**
 * The thing itself.
 */
text: string, 
/**
 * Of a hash: the learner's own address that it is of, which may be added.
 */
proposal: string | null, };
export type ShareState = "draft" | "sending" | "open" | "stopping" | "stopped" | "ended" | "altered";
export type ShareView = { 
/**
 * Its id.
 */
id: string, 
/**
 * For whom.
 */
label: string, 
/**
 * Its title.
 */
title: string, 
/**
 * Its words.
 */
words: string, 
/**
 * Whether the host was asked to witness.
 */
witness: boolean, 
/**
 * The link itself, with its key. Empty for a draft, and once it is stopped or ended.
 */
address: string, 
/**
 * The link as a QR code: an SVG.
 */
code: string, 
/**
 * The host's name.
 */
host: string, 
/**
 * When it was made.
 */
created_at: string, 
/**
 * When it ends; `None` for until it is stopped.
 */
ends_at: string | null, 
/**
 * How it stands.
 */
state: ShareState, 
/**
 * Whether it has a passcode.
 */
passcode: boolean, 
/**
 * Whether ten wrong passcodes closed it, until `reopen_share`.
 */
locked: boolean, 
/**
 * The badges in it.
 */
badges: Array<ShareBadge>, 
/**
 * Whether it is a link for now.
 */
for_now: boolean, };
export type ShareBadge = { 
/**
 * Its id, while it is in the wallet.
 */
id: string | null, 
/**
 * Its name then.
 */
name: string, 
/**
 * A small picture.
 */
picture: string | null, 
/**
 * How much is seen at first.
 */
show: ShareShow, 
/**
 * The address that was added.
 */
address: string | null, };
export type Identity = { 
/**
 * The e-mail address.
 */
address: string, 
/**
 * When it was added.
 */
added_at: string, 
/**
 * How many badges match it.
 */
badges: number, };
export type TrustedIssuer = { 
/**
 * DID or https id.
 */
id: string, 
/**
 * The name that the learner sees on the list.
 */
name: string | null, 
/**
 * When it was added.
 */
added_at: string, };
export type HistoryEntry = { 
/**
 * When.
 */
at: string, 
/**
 * What: `added`, `shown`, `removed`, `restored`, `exported`, `checked`, `shared`, `changed`, `stopped`.
 */
action: string, 
/**
 * The badge's id, when it is still here.
 */
badge: string | null, 
/**
 * The badge's name then.
 */
name: string, };
export type CitySource = "cities_of_learning" | "feed" | "edubadges";
export type Place = { 
/**
 * Latitude.
 */
lat: number, 
/**
 * Longitude.
 */
lng: number, };
export type CityView = { 
/**
 * For the commands: its origin (`https://dutch.cityoflearning.eu`).
 */
id: string, 
/**
 * Its name, as it says.
 */
name: string, 
/**
 * Its host, as it is shown.
 */
host: string, 
/**
 * What it speaks.
 */
source: CitySource, 
/**
 * Whether it says of itself that it is made up.
 */
fictitious: boolean, 
/**
 * How many activities are here, each counted once over all cities.
 */
activities: number, 
/**
 * How many playlists are here.
 */
playlists: number, 
/**
 * When it last answered; `None` before it ever did.
 */
refreshed_at: string | null, 
/**
 * Why it could not be read the last time. What is here stays.
 */
problem: ErrorCode | null, 
/**
 * Its middle.
 */
centre: Place | null, 
/**
 * Whether claim codes can be used there.
 */
claims: boolean, 
/**
 * Who is signed in there (an experiment), as the city calls them.
 */
signed_in: string | null, };
export type KnownCity = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its origin.
 */
address: string, 
/**
 * Whether it is made up, for practice.
 */
fictitious: boolean, };
export type Cities = { 
/**
 * Chosen, in the order in which they were.
 */
chosen: Array<CityView>, 
/**
 * Known and not chosen.
 */
known: Array<KnownCity>, };
export type ActivityKind = "activity" | "playlist" | "badge";
export type Near = { 
/**
 * Latitude.
 */
lat: number, 
/**
 * Longitude.
 */
lng: number, 
/**
 * Kilometres.
 */
km: number, };
export type ActivityQuery = { 
/**
 * Search as you type: every word, by prefix, over title, organiser, skills, badge, text.
 */
search: string | null, 
/**
 * Only this kind.
 */
kind: ActivityKind | null, 
/**
 * Only this city.
 */
city: string | null, 
/**
 * Not over before this moment (RFC 3339); the present when absent.
 */
from: string | null, 
/**
 * Begins before this moment (RFC 3339). Without a date nothing does.
 */
to: string | null, 
/**
 * One of these categories ([`Facet::id`]).
 */
categories: Array<string>, 
/**
 * One of these skills: [`Facet::id`], or the name as it is shown, in capitals or not.
 */
skills: Array<string>, 
/**
 * Near a point: sorted by distance.
 */
near: Near | null, 
/**
 * Only what can be done online.
 */
online: boolean, 
/**
 * Only what the learner plans.
 */
planned: boolean, 
/**
 * Skip so many.
 */
offset: number, 
/**
 * At most so many (default and cap 60).
 */
limit: number | null, };
export type Facet = { 
/**
 * For the query.
 */
id: string, 
/**
 * In the app's language, where the app has the word; otherwise as the city says it.
 */
name: string, 
/**
 * How many activities have it.
 */
count: number, };
export type ActivityPage = { 
/**
 * The activities: those with a date to come by date (what only ends by its end), then those for any time; by distance with
 * `near`. With `planned` also what is over: last, newest first.
 */
activities: Array<ActivityCard>, 
/**
 * How many fit in all.
 */
total: number, 
/**
 * How many there are without filters, past ones left out.
 */
all: number, 
/**
 * The categories that there are.
 */
categories: Array<Facet>, 
/**
 * The most frequent skills, at most 40.
 */
skills: Array<Facet>, 
/**
 * When the city that was read longest ago was: of those that the query asks for, and that ever were.
 */
refreshed_at: string | null, };
export type ActivityCard = { 
/**
 * For the commands: `<id>@<host>`.
 */
id: string, 
/**
 * What it is.
 */
kind: ActivityKind, 
/**
 * Its title.
 */
title: string, 
/**
 * BCP 47 language of its texts, when known.
 */
language: string | null, 
/**
 * When it starts.
 */
start: string | null, 
/**
 * When it ends.
 */
end: string | null, 
/**
 * Its city does not tell this app when: it may have a date, on its page. Otherwise what has no date is for any time.
 */
when_unknown: boolean, 
/**
 * Whether it is over.
 */
past: boolean, 
/**
 * The IANA time zone in which both are meant.
 */
time_zone: string | null, 
/**
 * How long it takes, in minutes.
 */
minutes: number | null, 
/**
 * Whether it is online.
 */
online: boolean, 
/**
 * Where, in words.
 */
address: string | null, 
/**
 * Where, on the map.
 */
place: Place | null, 
/**
 * How far from the point that was asked for, in kilometres.
 */
km: number | null, 
/**
 * Who organises it.
 */
organiser: string | null, 
/**
 * The badge to earn.
 */
badge: string | null, 
/**
 * A small picture: of the badge where there is one, otherwise of the activity.
 */
picture: string | null, 
/**
 * The colour behind it, `#rrggbb`, as the city says.
 */
colour: string | null, 
/**
 * Whether the learner plans it.
 */
planned: boolean, 
/**
 * Of a playlist: how far the learner is, when begun.
 */
progress: Progress | null, 
/**
 * The city's host.
 */
host: string, };
export type Progress = { 
/**
 * How many parts are done.
 */
done: number, 
/**
 * How many parts there are.
 */
total: number, 
/**
 * Whether every part that is mandatory is done; every part where none is.
 */
complete: boolean, 
/**
 * The next part to do, of those that are not over: by date where it has one, otherwise the first that is not done.
 */
next: NextPart | null, };
export type NextPart = { 
/**
 * For the commands, when its activity is here.
 */
id: string | null, 
/**
 * Its title.
 */
title: string, 
/**
 * BCP 47 language of its title, when known.
 */
language: string | null, 
/**
 * When it starts.
 */
start: string | null, 
/**
 * The IANA time zone.
 */
time_zone: string | null, };
export type Mark = { 
/**
 * For the commands.
 */
id: string, 
/**
 * Its title.
 */
title: string, 
/**
 * BCP 47 language of its texts, when known.
 */
language: string | null, 
/**
 * What it is.
 */
kind: ActivityKind, 
/**
 * Where.
 */
place: Place, 
/**
 * Who organises it.
 */
organiser: string | null, 
/**
 * When it starts.
 */
start: string | null, 
/**
 * When it ends.
 */
end: string | null, 
/**
 * As in [`ActivityCard`].
 */
when_unknown: boolean, 
/**
 * Whether it is over.
 */
past: boolean, 
/**
 * The IANA time zone.
 */
time_zone: string | null, };
export type District = { 
/**
 * The name.
 */
name: string, 
/**
 * Where.
 */
place: Place, };
export type ActivityMap = { 
/**
 * Everything with a place that fits the query, at most 5,000: the nearest ones with `near`, else the newest.
 */
marks: Array<Mark>, 
/**
 * How many more that fit have a place.
 */
left_out: number, 
/**
 * Districts that a city names; else parts of addresses.
 */
districts: Array<District>, 
/**
 * Where the map begins.
 */
centre: Place | null, 
/**
 * How many that fit have no place.
 */
without_place: number, 
/**
 * Whether the learner named a server of street tiles.
 */
tiles: boolean, };
export type ActivityDetail = { 
/**
 * Its card.
 */
card: ActivityCard, 
/**
 * A large picture.
 */
cover: string | null, 
/**
 * What it is about.
 */
description_html: string | null, 
/**
 * BCP 47 language of its texts, when known.
 */
language: string | null, 
/**
 * What it costs, when a source says so; otherwise it is unknown, never free.
 */
price: string | null, 
/**
 * For whom, when a source says so.
 */
audience: string | null, 
/**
 * Its kind in the app's language ("Workshop").
 */
form: string | null, 
/**
 * Its category in the app's language.
 */
category: string | null, 
/**
 * Its skills.
 */
skills: Array<string>, 
/**
 * Who organises it.
 */
organiser: OrganiserView | null, 
/**
 * Who helps: names only.
 */
co_hosts: Array<string>, 
/**
 * The badges to earn, that of the activity itself first.
 */
badges: Array<BadgeToEarn>, 
/**
 * Of a playlist: its parts.
 */
parts: Array<PartView>, 
/**
 * Of a playlist: whether its parts go in their order.
 */
ordered: boolean, 
/**
 * The playlists that it is part of and that are here.
 */
playlists: Array<ActivityCard>, 
/**
 * Websites, mail addresses, telephone numbers and material: label and https, mailto or tel address.
 */
links: Array<Fact>, 
/**
 * Its page on its home site, to be opened in the browser.
 */
page: string | null, 
/**
 * The host of that page.
 */
home: string, 
/**
 * Whether it is over.
 */
past: boolean, 
/**
 * When its city last told about it.
 */
seen_at: string, 
/**
 * Whether all of it was ever read; otherwise only the card was.
 */
whole: boolean, 
/**
 * Why it could not be read now. What is here is shown.
 */
problem: ErrorCode | null, };
export type OrganiserView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Whether it is verified: the city's word, to be shown with "volgens {host}". `None` when the city does not say.
 */
verified: boolean | null, 
/**
 * The host whose word that is.
 */
according_to: string, 
/**
 * What it says of itself.
 */
description_html: string | null, 
/**
 * Where it is.
 */
address: string | null, 
/**
 * Websites and addresses: label and https, mailto or tel address.
 */
links: Array<Fact>, 
/**
 * A small picture.
 */
picture: string | null, };
export type BadgeToEarn = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it stands for.
 */
description_html: string | null, 
/**
 * A picture.
 */
picture: string | null, 
/**
 * What has to be done.
 */
tasks: Array<BadgeTask>, 
/**
 * How many of these; `None` when the city does not say.
 */
tasks_needed: number | null, 
/**
 * Whether proof of work is asked for.
 */
evidence: boolean | null, 
/**
 * The names of badges that come first.
 */
requires: Array<RequiredBadge>, 
/**
 * How many of those, or of the badges of this activity where none is named; `None` for all.
 */
requires_count: number | null, 
/**
 * Whether the learner has it.
 */
held: Held, };
export type BadgeTask = { 
/**
 * What.
 */
text_html: string, 
/**
 * Who looks at it, in the app's language.
 */
checked_by: string | null, };
export type RequiredBadge = { 
/**
 * Its name.
 */
name: string, 
/**
 * Whether the learner has it.
 */
held: Held, };
export type Held = { "kind": "no" } | { "kind": "yes", 
/**
 * The stored badge.
 */
badge: string, } | { "kind": "alike", 
/**
 * The stored badge.
 */
badge: string, };
export type PartView = { 
/**
 * For `tick_part`.
 */
part: string, 
/**
 * Its activity, when it is here.
 */
id: string | null, 
/**
 * Its title.
 */
title: string, 
/**
 * BCP 47 language of its title, when known.
 */
language: string | null, 
/**
 * Whether it is mandatory.
 */
mandatory: boolean, 
/**
 * Whether it is done: the learner's own tick where there is one, else what the badges say.
 */
done: boolean, 
/**
 * What the badges say.
 */
held: Held, 
/**
 * The learner's own tick.
 */
ticked: boolean | null, 
/**
 * When it starts.
 */
start: string | null, 
/**
 * When it ends.
 */
end: string | null, 
/**
 * Whether it is over.
 */
past: boolean, 
/**
 * The IANA time zone.
 */
time_zone: string | null, 
/**
 * How long it takes, in minutes.
 */
minutes: number | null, 
/**
 * The host where it lives, when that is another.
 */
elsewhere: string | null, 
/**
 * A small picture.
 */
picture: string | null, };
export type Suggestion = { 
/**
 * What.
 */
activity: ActivityCard, 
/**
 * Why: one sentence.
 */
reason: string, 
/**
 * Why: `begun`, `prerequisites`, `shared_skill`, `related_skill`.
 */
because: string, };
export type ClaimOutcome = { "kind": "queued" } | { "kind": "browser", 
/**
 * The page.
 */
url: string, } | { "kind": "gained", 
/**
 * Its name; empty where the city does not say which badge it is.
 */
name: string, 
/**
 * Whether it was given now, or before, as far as the city says.
 */
now: boolean | null, 
/**
 * Its page on the city's site.
 */
url: string | null, 
/**
 * Whether it is in this wallet.
 */
kept: boolean, } | { "kind": "more", 
/**
 * The badge's name.
 */
name: string, 
/**
 * Its page on the city's site.
 */
url: string | null, } | { "kind": "joined_activity", 
/**
 * Its name.
 */
name: string, 
/**
 * Whether the learner joined now, or before, as far as the city says.
 */
now: boolean | null, 
/**
 * Its page on the city's site.
 */
url: string | null, } | { "kind": "joined_organisation", 
/**
 * Its name.
 */
name: string, 
/**
 * As in `joined_activity`.
 */
now: boolean | null, } | { "kind": "unknown" };
export type ClaimState = "queued" | "browser" | "done" | "failed";
export type ClaimView = { 
/**
 * For the commands.
 */
id: string, 
/**
 * The code.
 */
code: string, 
/**
 * The city's name.
 */
city: string, 
/**
 * The city's host.
 */
host: string, 
/**
 * When it was scanned or typed.
 */
at: string, 
/**
 * Where it stands.
 */
state: ClaimState, 
/**
 * What came of it, once tried.
 */
outcome: ClaimOutcome | null, 
/**
 * Why it could not be tried, the last time.
 */
problem: ErrorCode | null, };
export type PlatformBadge = { 
/**
 * The server's id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * A small picture.
 */
picture: string | null, 
/**
 * Its page on the city's site, where it can be fetched.
 */
page: string, 
/**
 * Whether it is in this wallet already.
 */
held: Held, };
