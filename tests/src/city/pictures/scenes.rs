//! Covers: calm flat scenes of a city on a canal, a park, or a room, with the thing that one learns on a plate in front.

use super::icons;

/// Something that looks random and is the same every time.
pub(super) struct Dice(pub(super) u32);

impl Dice {
    /// A number below `most`.
    pub(super) fn roll(&mut self, most: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % most
    }
}

/// A cover of 1200 by 628.
pub(super) fn cover(icon: &str, seed: u32) -> String {
    let mut dice = Dice(seed);
    let left = dice.roll(2) == 0;
    let scene = match icon {
        "plant" | "leaf" | "ball" | "shoe" | "sun" | "flask" | "globe" => park(&mut dice),
        "cup" | "pot" | "book" | "screen" | "code" | "needle" | "saw" | "heart" | "mic" => room(&mut dice, left),
        _ => canal(&mut dice),
    };
    let x = if left { 300 } else { 900 };
    let plate = format!(
        r##"<circle cx="{x}" cy="330" r="206" fill="#FFFFFF"/><circle cx="{x}" cy="330" r="188" fill="@P"/><g transform="translate({} 148) scale(3.640)">{}</g>"##,
        x - 182,
        icons::icon(icon)
    );
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 628">{scene}{plate}</svg>"#)
}

/// Canal houses with the tower behind them, and their colours in the water.
fn canal(dice: &mut Dice) -> String {
    let sun = 180 + dice.roll(840);
    let tower = 420 + dice.roll(360);
    let mut drawn = format!(
        r#"<rect width="1200" height="628" fill="@P"/><circle cx="{sun}" cy="150" r="84" fill="@N"/>
        <g fill="@S"><rect x="{tower}" y="120" width="70" height="330"/><rect x="{}" y="60" width="46" height="70"/><path d="m{} 62 23-52 23 52Z"/><path d="M{tower} 128 h70 l-12-18h-46Z"/></g>
        <path d="M{} 150v60m26-60v60m-26 40v60m26-60v60" stroke="@P" stroke-width="9" stroke-linecap="round"/>"#,
        tower + 12,
        tower + 12,
        tower + 22
    );
    let mut x = -30;
    while x < 1200 {
        let width = 96 + i64::from(dice.roll(54));
        let height = 170 + i64::from(dice.roll(120));
        let top = 470 - height;
        let colour = ["@B", "@D", "@S", "@B"][dice.roll(4) as usize];
        let gable = match dice.roll(3) {
            0 => format!("M{x} {top}v-2l{} -52 {} 52Z", width / 2, width / 2),
            1 => format!("M{x} {top}h{} v-22h-{} v-22h-{} v22h-{} v22Z", width, width / 4, width / 2, width / 4 - 1),
            _ => format!("M{x} {top}c0-30 {} -56 {} -56s{} 26 {} 56Z", width / 5, width / 2, width / 2, width / 2),
        };
        drawn += &format!(
            r#"<g fill="{colour}"><rect x="{x}" y="{top}" width="{width}" height="{height}"/><path d="{gable}"/><rect x="{x}" y="{}" width="{width}" height="4"/></g>"#,
            top - 3
        );
        let lit = if dice.roll(3) == 0 { "@N" } else { "@P" };
        for row in 0..(height - 40) / 62 {
            for column in 0..2 {
                let fill = if dice.roll(5) == 0 { lit } else { "@P" };
                drawn += &format!(
                    r#"<rect x="{}" y="{}" width="24" height="36" rx="3" fill="{fill}"/>"#,
                    x + width / 4 - 6 + column * (width / 2 - 12),
                    top + 26 + row * 62
                );
            }
        }
        x += width + 4;
    }
    drawn += r#"<rect y="462" width="1200" height="18" fill="@D"/><rect y="480" width="1200" height="148" fill="@S"/>"#;
    for _ in 0..9 {
        let (x, y, width) = (dice.roll(1100), 502 + dice.roll(108), 70 + dice.roll(140));
        drawn += &format!(r#"<path d="M{x} {y}h{width}" stroke="@P" stroke-width="7" stroke-linecap="round"/>"#);
    }
    drawn
}

/// Hills, trees and a path.
fn park(dice: &mut Dice) -> String {
    let sun = 180 + dice.roll(840);
    let mut drawn = format!(
        r#"<rect width="1200" height="628" fill="@P"/><circle cx="{sun}" cy="150" r="92" fill="@N"/>
        <path d="M0 400c180-120 340-120 520-30s420 20 680-70v328H0Z" fill="@S"/>"#
    );
    for _ in 0..7 {
        let (x, y, size) = (i64::from(dice.roll(1160)), 352 + i64::from(dice.roll(60)), 44 + i64::from(dice.roll(44)));
        let fill = ["@B", "@D"][dice.roll(2) as usize];
        drawn +=
            &format!(r#"<path d="M{x} {}v{}" stroke="@D" stroke-width="11" stroke-linecap="round"/>"#, y - size / 2, size + 40);
        drawn += &if dice.roll(2) == 0 {
            format!(r#"<circle cx="{x}" cy="{}" r="{size}" fill="{fill}"/>"#, y - size)
        } else {
            format!(r#"<path d="M{} {y}l{size} -{} {size} {}Z" fill="{fill}"/>"#, x - size, size * 2 + 30, size * 2 + 30)
        };
    }
    drawn += r#"<path d="M0 470c260-80 520 10 720 20s360-50 480-80v218H0Z" fill="@B"/><path d="M520 628c40-70 130-90 120-138 60 60 0 90 20 138Z" fill="@P"/>"#;
    for _ in 0..16 {
        let (x, y) = (dice.roll(1180), 520 + dice.roll(96));
        drawn += &format!(r#"<circle cx="{x}" cy="{y}" r="7" fill="@N"/>"#);
    }
    drawn
}

/// A room with a window on the city, a lamp, and a table with things on it.
fn room(dice: &mut Dice, left: bool) -> String {
    // The plate is on the other side.
    let window = if left { 660 } else { 90 };
    let mut drawn = format!(
        r##"<rect width="1200" height="628" fill="@S"/><rect x="{window}" y="56" width="450" height="320" rx="14" fill="#FFFFFF"/>
        <rect x="{}" y="74" width="414" height="284" fill="@P"/><circle cx="{}" cy="150" r="46" fill="@N"/>
        <path d="M{} 358v-74l48-36 48 36v-40h76v30l44-28 44 28v-70h66v90l88-30v94Z" fill="@B"/>
        <path d="M{} 74v284M{window} 216h450" stroke="#FFFFFF" stroke-width="16"/>"##,
        window + 18,
        window + 90 + dice.roll(220),
        window + 18,
        window + 225
    );
    let mut x = window + dice.roll(40);
    while x < window + 400 {
        let (width, height) = (26 + dice.roll(30), 40 + dice.roll(60));
        let fill = ["@B", "@P", "@N", "@D"][dice.roll(4) as usize];
        drawn += &match dice.roll(4) {
            0 => format!(r#"<circle cx="{}" cy="{}" r="{}" fill="{fill}"/>"#, x + width / 2, 486 - width / 2 - 4, width / 2 + 4),
            _ => format!(r#"<rect x="{x}" y="{}" width="{width}" height="{height}" rx="5" fill="{fill}"/>"#, 486 - height),
        };
        x += width + 8 + dice.roll(3) * 24;
    }
    let lamp = if left { 590 } else { 610 };
    drawn += &format!(
        r#"<path d="M{lamp} 0v72" stroke="@D" stroke-width="8"/><path d="M{} 132c0-42 24-64 50-64s50 22 50 64Z" fill="@N"/>"#,
        lamp - 50
    );
    drawn + r#"<rect y="484" width="1200" height="144" fill="@D"/><rect y="484" width="1200" height="20" fill="@B"/>"#
}
