//! What was shared with the national platform, and what others shared.
