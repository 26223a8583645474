//! Against a network that answers from closures.
