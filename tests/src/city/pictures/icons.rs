//! One simple, concrete thing per icon, on a field of 100 by 100. `@D` is the dark tone, `@B` the bright one, `@S` the soft one,
//! `@P` the pale one, `@N` the note, and `@L` the style of a line.

const LINE: &str = r#"fill="none" stroke="@D" stroke-width="4" stroke-linecap="round" stroke-linejoin="round""#;

const ICONS: [(&str, &str); 26] = [
    (
        "cup",
        r#"<path d="M29 44h36v15a18 18 0 0 1-36 0Z" fill="@B"/><path d="M29 44h36v6H29Z" fill="@D"/><path d="M65 48h4a8 8 0 0 1 0 16h-6" @L/><path d="M40 37c-4-5 4-7 0-12M53 37c-4-5 4-7 0-12" @L/><path d="M25 80h46" @L/>"#,
    ),
    (
        "bicycle",
        r#"<circle cx="31" cy="61" r="14" fill="@S"/><circle cx="69" cy="61" r="14" fill="@S"/><g @L><circle cx="31" cy="61" r="14"/><circle cx="69" cy="61" r="14"/><path d="m31 61 10-21h18l10 21M41 40l11 21 10-16M31 61h21M36 37h10M60 34h8"/></g><circle cx="52" cy="61" r="4" fill="@N"/>"#,
    ),
    (
        "book",
        r#"<path d="M50 34c-8-6-18-7-28-6v42c10-1 20 0 28 6 8-6 18-7 28-6V28c-10-1-20 0-28 6Z" fill="@S"/><path d="M50 34c-8-6-18-7-28-6v42c10-1 20 0 28 6 8-6 18-7 28-6V28c-10-1-20 0-28 6ZM50 34v42" @L/><path d="M31 40c4 0 8 1 11 3M31 51c4 0 8 1 11 3" @L/><path d="M60 28h10v20l-5-5-5 5Z" fill="@N"/>"#,
    ),
    (
        "plant",
        r#"<path d="M50 66V38" @L/><path d="M50 52c-1-13-9-20-23-20 0 13 8 21 23 20Z" fill="@B"/><path d="M50 44c0-12 8-19 22-20 0 13-7 21-22 20Z" fill="@B"/><path d="M34 62h32l-4 19H38Z" fill="@D"/><path d="M32 60h36v7H32Z" fill="@N"/>"#,
    ),
    (
        "hammer",
        r#"<path d="M46 44 27 73a5 5 0 0 0 8 6l20-28Z" fill="@N"/><path d="M46 44 27 73a5 5 0 0 0 8 6l20-28" @L/><path d="M38 30c8-7 18-8 28-3l8 6-6 9-7-3-8 12-15-10 6-9Z" fill="@B"/><path d="M38 30c8-7 18-8 28-3l8 6-6 9-7-3-8 12-15-10 6-9Z" @L/>"#,
    ),
    (
        "screen",
        r#"<rect x="24" y="28" width="52" height="36" rx="5" fill="@B"/><rect x="29" y="33" width="42" height="26" rx="2" fill="@P"/><path d="m40 46 7 7 13-14" @L/><path d="M50 64v10M38 76h24" @L/>"#,
    ),
    (
        "bubble",
        r#"<path d="M28 28h32a6 6 0 0 1 6 6v13a6 6 0 0 1-6 6H44l-9 9v-9h-7a6 6 0 0 1-6-6V34a6 6 0 0 1 6-6Z" fill="@B"/><path d="M56 59h14a6 6 0 0 0 6-6v-8a6 6 0 0 0-4-6" @L/><path d="M70 59v9l-9-9" @L/><path d="M33 37h22M33 44h14" fill="none" stroke="@P" stroke-width="4" stroke-linecap="round"/>"#,
    ),
    (
        "ball",
        r#"<circle cx="50" cy="50" r="25" fill="@P"/><path d="m50 38 11 8-4 13H43l-4-13Z" fill="@D"/><circle cx="50" cy="50" r="25" @L/><path d="M50 38V26M61 46l12-5M57 59l8 10M43 59l-8 10M39 46l-12-5" @L/>"#,
    ),
    (
        "note",
        r#"<path d="M40 66V32l30-7v34" @L/><path d="M40 32l30-7v9l-30 7Z" fill="@D"/><ellipse cx="33" cy="67" rx="9" ry="7" fill="@B" stroke="@D" stroke-width="4"/><ellipse cx="63" cy="60" rx="9" ry="7" fill="@N" stroke="@D" stroke-width="4"/>"#,
    ),
    (
        "heart",
        r#"<path d="M50 76C32 63 24 54 24 43c0-9 6-15 14-15 5 0 9 3 12 7 3-4 7-7 12-7 8 0 14 6 14 15 0 11-8 20-26 33Z" fill="@B"/><path d="M50 40v20M40 50h20" fill="none" stroke="@P" stroke-width="7" stroke-linecap="round"/>"#,
    ),
    (
        "sun",
        r#"<circle cx="64" cy="33" r="10" fill="@N"/><path d="M64 16v3M64 47v3M47 33h3M78 33h3M52 21l2 2M74 43l2 2M76 21l-2 2" stroke="@N" stroke-width="4" stroke-linecap="round"/><path d="M32 50h44l-10 24H22Z" fill="@B"/><path d="M32 50h44l-10 24H22ZM27 62h44M47 50l-8 24M61 50l-8 24" @L/>"#,
    ),
    (
        "needle",
        r#"<path d="M72 26 40 62l-10 12 4-14 32-38a4 4 0 0 1 6 4Z" fill="@B"/><path d="M66 30c-14-8-34-6-38 6-3 10 10 14 20 10" @L/><circle cx="62" cy="68" r="11" fill="@N"/><circle cx="62" cy="68" r="11" @L/><circle cx="59" cy="66" r="2" fill="@D"/><circle cx="65" cy="66" r="2" fill="@D"/><circle cx="59" cy="71" r="2" fill="@D"/><circle cx="65" cy="71" r="2" fill="@D"/>"#,
    ),
    (
        "pot",
        r#"<path d="M27 46h46v15a15 15 0 0 1-15 15H42a15 15 0 0 1-15-15Z" fill="@B"/><path d="M22 46h56" @L/><path d="M44 38h12M50 38v-5M20 54h6M74 54h6" @L/><path d="M34 56a8 8 0 0 0 8 10" fill="none" stroke="@P" stroke-width="4" stroke-linecap="round"/>"#,
    ),
    (
        "mic",
        r#"<rect x="40" y="22" width="20" height="34" rx="10" fill="@B"/><path d="M44 34h12M44 42h12" stroke="@P" stroke-width="3.500" stroke-linecap="round"/><path d="M31 47a19 19 0 0 0 38 0M50 66v10M38 78h24" @L/><circle cx="74" cy="28" r="5" fill="@N"/>"#,
    ),
    (
        "house",
        r#"<path d="M30 48v28h40V48L50 29Z" fill="@S"/><path d="M24 52 50 27l26 25" @L/><path d="M30 48v28h40V48" @L/><path d="M44 76V60h12v16Z" fill="@D"/><circle cx="50" cy="46" r="5" fill="@N"/>"#,
    ),
    (
        "code",
        r#"<rect x="22" y="26" width="56" height="48" rx="6" fill="@B"/><path d="M22 32a6 6 0 0 1 6-6h44a6 6 0 0 1 6 6v6H22Z" fill="@D"/><path d="m40 48-8 8 8 8M60 48l8 8-8 8M54 45l-8 22" fill="none" stroke="@P" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/><circle cx="30" cy="32" r="2.500" fill="@N"/>"#,
    ),
    (
        "camera",
        r#"<path d="M24 38a5 5 0 0 1 5-5h8l4-7h18l4 7h8a5 5 0 0 1 5 5v30a5 5 0 0 1-5 5H29a5 5 0 0 1-5-5Z" fill="@B"/><circle cx="50" cy="52" r="13" fill="@P" stroke="@D" stroke-width="4"/><circle cx="50" cy="52" r="6" fill="@D"/><circle cx="68" cy="41" r="3" fill="@N"/>"#,
    ),
    (
        "brush",
        r#"<path d="M74 24 50 52l-7-6 24-27a5 5 0 0 1 7 5Z" fill="@N"/><path d="M74 24 50 52l-7-6 24-27a5 5 0 0 1 7 5Z" @L/><path d="M40 49c-11 0-9 14-17 19 10 8 29 4 27-12Z" fill="@B"/><path d="M58 74c6 4 14 2 18-4" @L/>"#,
    ),
    (
        "globe",
        r#"<circle cx="50" cy="48" r="25" fill="@S"/><path d="M34 30c8 2 6 10 13 11s7 9 1 12-4 12-9 16c-10-6-14-12-14-21 0-7 3-13 9-18ZM60 26c8 4 13 10 15 18-6 2-12-2-13 5s6 8 3 18" fill="@B"/><circle cx="50" cy="48" r="25" @L/><path d="M36 80h28" @L/>"#,
    ),
    (
        "shoe",
        r#"<path d="M24 42c6 3 10 1 14-6l18 18c6 5 20 4 20 14v4H24Z" fill="@B"/><path d="M22 72h56v6H22Z" fill="@D"/><path d="m42 48 7-5M48 54l7-5M54 59l6-5" fill="none" stroke="@P" stroke-width="3.500" stroke-linecap="round"/><path d="M64 32h12M70 42h8" stroke="@N" stroke-width="4" stroke-linecap="round"/>"#,
    ),
    (
        "star",
        r#"<path d="m50 22 8.500 18 19.500 2.500-14.300 13.600 3.600 19.400L50 66l-17.300 9.500 3.600-19.400L22 42.500 41.500 40Z" fill="@N"/><path d="m50 22 8.500 18 19.500 2.500-14.300 13.600 3.600 19.400L50 66l-17.300 9.500 3.600-19.400L22 42.500 41.500 40Z" @L/>"#,
    ),
    (
        "leaf",
        r#"<path d="M28 72C22 44 38 26 76 26c2 36-16 54-42 48Z" fill="@B"/><path d="M24 80c8-20 20-32 38-42" @L/><path d="M44 56l-2-12M54 47l12 1" @L/>"#,
    ),
    (
        "flask",
        r#"<path d="M43 24v20L27 70a6 6 0 0 0 5 9h36a6 6 0 0 0 5-9L57 44V24Z" fill="@P"/><path d="M36 56h28l9 14a6 6 0 0 1-5 9H32a6 6 0 0 1-5-9Z" fill="@B"/><path d="M43 24v20L27 70a6 6 0 0 0 5 9h36a6 6 0 0 0 5-9L57 44V24M39 24h22" @L/><circle cx="45" cy="67" r="4" fill="@N"/><circle cx="57" cy="71" r="3" fill="@P"/>"#,
    ),
    (
        "coin",
        r#"<ellipse cx="42" cy="66" rx="18" ry="8" fill="@B"/><path d="M24 56v10c0 5 8 8 18 8s18-3 18-8V56" fill="@B"/><path d="M24 56v10c0 5 8 8 18 8s18-3 18-8V56" @L/><ellipse cx="42" cy="56" rx="18" ry="8" fill="@S" stroke="@D" stroke-width="4"/><circle cx="62" cy="36" r="15" fill="@N"/><circle cx="62" cy="36" r="15" @L/><path d="M67 30a7 7 0 1 0 0 12M54 34h8M54 38h8" fill="none" stroke="@D" stroke-width="3" stroke-linecap="round"/>"#,
    ),
    (
        "saw",
        r#"<path d="M18 45 58 35v30l-6-4-4 4-6-6-4 4-6-6-4 4-6-6-4 1Z" fill="@S"/><path d="M18 45 58 35v30l-6-4-4 4-6-6-4 4-6-6-4 4-6-6-4 1Z" @L/><path d="M58 31h13a8 8 0 0 1 8 8v23a8 8 0 0 1-8 8H58Z" fill="@N"/><path d="M58 31h13a8 8 0 0 1 8 8v23a8 8 0 0 1-8 8H58Z" @L/><rect x="65" y="42" width="7" height="17" rx="3.500" fill="@D"/>"#,
    ),
    (
        "hands",
        r#"<circle cx="34" cy="36" r="9" fill="@B"/><circle cx="66" cy="36" r="9" fill="@N"/><path d="M18 72c0-14 7-22 16-22s16 8 16 22Z" fill="@B"/><path d="M50 72c0-14 7-22 16-22s16 8 16 22Z" fill="@N"/><path d="M18 72c0-14 7-22 16-22 6 0 11 4 16 10 5-6 10-10 16-10 9 0 16 8 16 22Z" @L/><circle cx="34" cy="36" r="9" @L/><circle cx="66" cy="36" r="9" @L/>"#,
    ),
];

/// The drawing of `name`, still with tones by name.
pub(super) fn icon(name: &str) -> String {
    let (_, drawing) = ICONS.iter().find(|(known, _)| *known == name).unwrap_or(&ICONS[20]);
    drawing.replace("@L", LINE)
}
