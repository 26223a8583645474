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
        "cup" | "pot" | "book" | "screen" | "code" | "needle" | "saw" | "heart" | "mic" => room(&mut dice),
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
        drawn +=
            &format!(r#"<g fill="{colour}"><rect x="{x}" y="{top}" width="{width}" height="{height}"/><path d="{gable}"/></g>"#);
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

/// A room with a window on the city, a shelf, and a table.
fn room(dice: &mut Dice) -> String {
    let window = if dice.roll(2) == 0 { 90 } else { 690 };
    let shelf = if window == 90 { 690 } else { 90 };
    let mut drawn = format!(
        r##"<rect width="1200" height="628" fill="@S"/><rect x="{window}" y="64" width="420" height="330" rx="14" fill="#FFFFFF"/>
        <rect x="{}" y="82" width="384" height="294" fill="@P"/><circle cx="{}" cy="160" r="46" fill="@N"/>
        <path d="M{} 376v-80l44-34 44 34v-40h70v30l40-28 40 28v-70h60v90l86-30v100Z" fill="@B"/>
        <path d="M{} 82v294M{window} 229h420" stroke="#FFFFFF" stroke-width="16"/>"##,
        window + 18,
        window + 90 + dice.roll(200),
        window + 18,
        window + 210
    );
    for level in [170, 300] {
        drawn += &format!(r#"<rect x="{shelf}" y="{level}" width="420" height="14" rx="4" fill="@D"/>"#);
        let mut x = shelf + 16;
        while x < shelf + 370 {
            let (width, height) = (20 + dice.roll(26), 46 + dice.roll(46));
            let fill = ["@B", "@P", "@N", "@D", "@B"][dice.roll(5) as usize];
            drawn += &format!(r#"<rect x="{x}" y="{}" width="{width}" height="{height}" rx="4" fill="{fill}"/>"#, level - height);
            x += width + 6 + dice.roll(3) * 20;
        }
    }
    let lamp = 560 + dice.roll(80);
    drawn += &format!(
        r#"<path d="M{lamp} 0v92" stroke="@D" stroke-width="8"/><path d="M{} 150c0-40 26-62 56-62s56 22 56 62Z" fill="@N"/>"#,
        lamp - 56
    );
    drawn + r#"<rect y="486" width="1200" height="142" fill="@D"/><rect y="486" width="1200" height="20" fill="@B"/>"#
}
