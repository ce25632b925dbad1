//! What a source is, seen from its content, and whether every cell that a typed reader will need is in order. All of it
//! is checked here, when a file is handed in, so that loading what was taken never fails.

use crate::{
    MasterError,
    official::{further, history::EVER, layout::*, ssk, text::*},
};
use model::{
    edition::FileKind,
    master::{MasterKind, Validity},
};

/// The layout of a kind that is one of the six basic masters.
pub(crate) fn layout(kind: FileKind) -> Option<&'static Layout> {
    kind.master().and_then(Layout::of)
}

/// The kind of a source, none when it is no master that is known. Judged by the first lines, whatever the name says; only
/// the four 背反テーブル, which look alike, are told apart by their name.
pub(crate) fn recognise(source: &SourceFile, inside: &str) -> Result<Option<FileKind>, MasterError> {
    let head: Vec<Line<'_>> = source.lines().take(3).filter_map(Result::ok).collect();
    let master = |line: &&Line<'_>| matches!(line.cell(1), "0" | "1" | "2" | "3" | "5" | "9");
    // A first line that is broken does not make the file another one.
    if let Some(layout) = head.iter().filter(master).find_map(|line| Layout::by_letter(line.cell(2))) {
        return Ok(Some(layout.kind.into()));
    }
    let foreign = [("R", "労災診療行為"), ("U", "労災特定器材"), ("D", "労災コメント")];
    let letter = head.iter().find(master).map(|line| line.cell(2)).unwrap_or_default();
    if let Some((_, name)) = foreign.iter().find(|(foreign, _)| *foreign == letter) {
        return Err(MasterError::Kind {
            file: source.name.clone(),
            expected: format!("{name}マスターは取り込めません。健康保険のマスター"),
        });
    }
    further::recognise(source, inside)
}

/// What the name of an edition begins with; its scope and day follow.
pub(crate) fn label(kind: FileKind) -> &'static str {
    match (layout(kind), kind) {
        (Some(layout), _) => layout.letter,
        (None, FileKind::Allergen) => "J-FAGY",
        (None, FileKind::Lab) => "CLINS",
        (None, kind) => kind.label(),
    }
}

/// Checks every cell of a row of a basic master that its typed reader needs. Cells that a sparse row leaves empty pass.
pub(crate) fn check(kind: MasterKind, line: &Line<'_>) -> Result<(), MasterError> {
    let when = || Validity { from: EVER, to: None, edition: String::new() };
    match kind {
        MasterKind::Disease => ssk::disease(line, when()).map(drop),
        MasterKind::Modifier => ssk::modifier(line, when()).map(drop),
        MasterKind::Procedure => ssk::procedure(line, when()).map(drop),
        MasterKind::Drug => ssk::drug(line, when()).map(drop),
        MasterKind::Material => ssk::material(line, when()).map(drop),
        MasterKind::Comment => ssk::comment(line, when()).map(drop),
        MasterKind::Allergen | MasterKind::Lab => Ok(()),
    }
}
