//! Colours per category: the pictures are the only colourful things in the app.

/// Four tones of one colour, darkest first, and one bright note beside them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tones {
    pub(super) dark: &'static str,
    pub(super) bright: &'static str,
    pub(super) soft: &'static str,
    pub(super) pale: &'static str,
    pub(super) note: &'static str,
}

const TONES: [Tones; 12] = [
    Tones { dark: "#7A2E12", bright: "#C4541F", soft: "#F0A878", pale: "#FFE8D6", note: "#FFC53D" },
    Tones { dark: "#5B1F7A", bright: "#8E44AD", soft: "#CFA2E2", pale: "#F3E6FA", note: "#FF9EB5" },
    Tones { dark: "#0B5148", bright: "#12806F", soft: "#7CC9B8", pale: "#DCF3EC", note: "#FFC53D" },
    Tones { dark: "#123E6B", bright: "#1F6DB5", soft: "#8BBCE8", pale: "#E0EFFC", note: "#FFB04D" },
    Tones { dark: "#2B2A7D", bright: "#4A49C4", soft: "#A6A5EE", pale: "#E7E7FF", note: "#6FE0D0" },
    Tones { dark: "#1D3F8F", bright: "#2F66D6", soft: "#93B6F5", pale: "#E2ECFF", note: "#FFD166" },
    Tones { dark: "#7A1B4B", bright: "#BF3374", soft: "#EB9DC1", pale: "#FCE5F0", note: "#FFC53D" },
    Tones { dark: "#0E5A66", bright: "#2A8798", soft: "#8ACBD6", pale: "#DDF2F5", note: "#FFB04D" },
    Tones { dark: "#8A1F1A", bright: "#CF3D32", soft: "#F2A59C", pale: "#FEE6E2", note: "#FFD166" },
    Tones { dark: "#5E1A5C", bright: "#A0328F", soft: "#DE98D2", pale: "#F9E5F6", note: "#FFC53D" },
    Tones { dark: "#6B4A12", bright: "#A9761B", soft: "#E2BE74", pale: "#FBF0D6", note: "#4FB3BF" },
    Tones { dark: "#2A5A24", bright: "#45903B", soft: "#9BD08C", pale: "#E5F5DE", note: "#FFC53D" },
];

/// The tones of the category at `index`.
pub(super) fn of(index: usize) -> &'static Tones {
    &TONES[index % TONES.len()]
}
