//! What may stand in an SVG. Everything else is left out.

/// Elements. Not here on purpose: script, style, use, symbol, switch, a, text, image by address, animate…, set, foreignObject,
/// filter, marker, metadata.
pub(super) const ELEMENTS: &[&str] = &[
    "svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "linearGradient",
    "radialGradient", "stop", "clipPath", "mask", "pattern", "image",
];

/// Attributes of geometry and structure.
pub(super) const ATTRIBUTES: &[&str] = &[
    "id", "viewBox", "preserveAspectRatio", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy",
    "fr", "d", "points", "pathLength", "transform", "offset", "gradientUnits", "gradientTransform", "spreadMethod", "clipPathUnits",
    "maskUnits", "maskContentUnits", "patternUnits", "patternContentUnits", "patternTransform",
];

/// Presentation, as attributes or inside a `style` attribute.
pub(super) const PRESENTATION: &[&str] = &[
    "clip-path", "clip-rule", "color", "display", "fill", "fill-opacity", "fill-rule", "image-rendering", "mask", "mask-type",
    "mix-blend-mode", "isolation", "opacity", "overflow", "paint-order", "shape-rendering", "stop-color", "stop-opacity", "stroke",
    "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity",
    "stroke-width", "transform-origin", "vector-effect", "visibility",
];

/// Presentation that makes the drawing program keep a layer of its own: bounded in number.
pub(super) const LAYERS: &[&str] = &["clip-path", "mask", "mix-blend-mode", "isolation", "opacity"];

/// Pictures inside a drawing.
pub(super) const RASTER: &[&str] = &["image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp"];
