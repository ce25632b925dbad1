//! JSON in, JSON out: what `karte fee` and `karte fee copay` do, without the command line around it.
//!
//! The input holds one or many JSON values one after another; each gives one line of output or one error, in order.

use crate::{Calculator, FeeError, Request, copay, mirror};
use chrono::NaiveDate;
use model::{fee::Statement, master::Tables};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// One line for each visit in the input: the statement as JSON, or why there is none. A visit with `as_of` is calculated by
/// [`mirror::under`] and says what the other edition does not have.
pub fn fee_lines(input: &str, calculator: &dyn Calculator, tables: &dyn Tables) -> Vec<Result<String, FeeError>> {
    fee_lines_as_of(input, calculator, tables, None)
}

/// The same under the edition of another day, for every visit that does not name one itself.
pub fn fee_lines_as_of(
    input: &str,
    calculator: &dyn Calculator,
    tables: &dyn Tables,
    day: Option<NaiveDate>,
) -> Vec<Result<String, FeeError>> {
    each(input, |request: Request| match request.as_of.or(day) {
        None => calculator.calculate(tables, &request).map(Answer::Statement),
        Some(day) => mirror::under(calculator, tables, &request, day).map(Answer::from),
    })
}

/// What is written for a visit.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Statement(Statement),
    Mirrored {
        #[serde(flatten)]
        statement: Statement,
        missing: Vec<Missing>,
    },
}

/// A code that the other edition does not have.
#[derive(Serialize)]
struct Missing {
    code: String,
    name: String,
}

impl From<mirror::Mirrored> for Answer {
    fn from(mirrored: mirror::Mirrored) -> Self {
        let missing = mirrored.missing.into_iter().map(|(code, name)| Missing { code, name }).collect();
        Self::Mirrored { statement: mirrored.statement, missing }
    }
}

/// One line for each month in the input: the settlement as JSON, or why there is none.
pub fn copay_lines(input: &str) -> Vec<Result<String, FeeError>> {
    each(input, |month: copay::Month| copay::settle(&month))
}

/// Reads one request.
///
/// # Errors
/// [`FeeError::Malformed`] with the path of the first field that does not fit.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, FeeError> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| FeeError::Malformed { path: error.path().to_string(), detail: error.inner().to_string() })
}

fn each<T: DeserializeOwned, A: Serialize>(
    input: &str,
    answer: impl Fn(T) -> Result<A, FeeError>,
) -> Vec<Result<String, FeeError>> {
    let mut lines = Vec::new();
    for value in serde_json::Deserializer::from_str(input).into_iter::<Value>() {
        // Text that is no JSON ends the input: there is no telling where the next value begins.
        let value = match value {
            Ok(value) => value,
            Err(error) => {
                lines.push(Err(FeeError::Malformed { path: ".".into(), detail: error.to_string() }));
                break;
            }
        };
        lines.push(read(value).and_then(&answer).map(|answer| {
            serde_json::to_string(&answer).expect("statements and settlements have string keys only and serialise")
        }));
    }
    lines
}
