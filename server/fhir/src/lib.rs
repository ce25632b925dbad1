//! Documents of the national platform (電子カルテ情報共有サービス): made from the chart, checked, and read back.
//!
//! * [`build`]: domain → `JP_Bundle_CLINS` (傷病名, アレルギー, 検査), `JP_Bundle_eReferral` (診療情報提供書), `JP_Bundle_ePCS`
//!   (患者サマリー), `JP_Bundle_eDischargeSummary` (退院時サマリー), `JP_Bundle_eCheckupGeneral` (健診結果報告書);
//! * [`validate`]: our own validator, driven by a table of facts taken from the official StructureDefinitions;
//! * [`read`]: what a receiver shows of a document; [`import`]: its typed parts, for taking over;
//! * [`cli`]: the body of `karte fhir validate`.
//!
//! Pure: no clock, no randomness, no network. The instant and the source of UUIDs are parameters. Written against JP-CLINS
//! 1.5.2 (電子カルテ情報共有サービス 2文書5情報+患者サマリー FHIR記述仕様 v1.5.2) with the later changes that are public
//! (history up to 1.11).

pub mod build;
pub mod cli;
pub mod context;
pub mod domain;
pub mod import;
pub mod member;
pub mod read;
pub mod text;
pub mod uri;
pub mod validate;
mod version;

pub use context::{BundleId, Context, Department, Doctor, Flags, Gap, Institution, VisitRef};
pub use version::{UnknownVersion, Version};
