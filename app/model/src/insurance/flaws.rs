//! The flaws of a form with several fields, gathered while they are read.

use crate::{FieldError, Flaw, date};
use chrono::NaiveDate;

/// Gathers the flaws of a form while its fields are read.
pub(crate) struct Flaws {
    prefix: &'static str,
    all: Vec<FieldError>,
}

impl Flaws {
    pub(crate) fn new(prefix: &'static str) -> Self {
        Self { prefix, all: Vec::new() }
    }

    pub(crate) fn take<T>(&mut self, field: &str, read: Result<T, Flaw>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(flaw) => {
                let field = if self.prefix.is_empty() { field.to_owned() } else { format!("{}.{field}", self.prefix) };
                self.all.push(FieldError { field, flaw });
                None
            }
        }
    }

    pub(crate) fn period(
        &mut self,
        from: &str,
        from_text: &str,
        to: &str,
        to_text: &str,
    ) -> Option<(NaiveDate, Option<NaiveDate>)> {
        let start = self.take(from, date::parse(from_text));
        let end = match to_text.trim() {
            "" => Some(None),
            text => self.take(to, date::parse(text)).map(Some),
        };
        match (start?, end?) {
            (start, Some(end)) if end < start => {
                self.take::<()>(to, Err(Flaw::EndsBeforeStart));
                None
            }
            period => Some(period),
        }
    }

    pub(crate) fn extend(&mut self, more: Vec<FieldError>) {
        self.all.extend(more);
    }

    pub(crate) fn finish(self) -> Result<(), Vec<FieldError>> {
        if self.all.is_empty() { Ok(()) } else { Err(self.all) }
    }
}
