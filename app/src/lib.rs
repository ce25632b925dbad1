//! Everything a person sees.
