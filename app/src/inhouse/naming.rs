//! How the clinic calls a national row: in every list its own short name comes first, the national name right behind it.

use crate::{
    masters::search_masters,
    ui::combobox::{Choice, Search},
};
use model::master::{MasterHit, MasterKind};

/// A line of a search list.
fn line(hit: MasterHit) -> Choice<MasterHit> {
    let national = hit.whole_name();
    if hit.own_name.is_empty() {
        return Choice { name: national, ..Choice::from(hit) };
    }
    let own = MasterHit { name: hit.own_name.clone(), ..hit.clone() }.whole_name();
    let detail =
        [national.as_str(), hit.detail.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    Choice { name: own, detail, ..Choice::from(hit) }
}

/// Rows of one master as they stand today, by the clinic's names; what nobody typed for is answered with what the clinic
/// uses most.
pub(crate) fn search(kind: MasterKind) -> Search<MasterHit> {
    Search::ask(move |query| async move { Ok(search_masters(kind, query, None).await?.into_iter().map(line).collect()) })
}

/// Rows of several masters in one list, those that begin with what is typed of every master first.
pub(crate) fn search_all(kinds: &'static [MasterKind]) -> Search<MasterHit> {
    Search::ask(move |query| async move {
        let mut lists = Vec::new();
        for kind in kinds {
            lists.push(search_masters(*kind, query.clone(), None).await?);
        }
        // One of each in turn: the best of every master stays in sight.
        let longest = lists.iter().map(Vec::len).max().unwrap_or_default();
        let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
        let mut all = Vec::new();
        for _ in 0..longest {
            all.extend(lists.iter_mut().filter_map(Iterator::next).map(line));
        }
        Ok(all)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::chart::ModifierRef;

    fn hit(own_name: &str) -> MasterHit {
        MasterHit {
            kind: MasterKind::Disease,
            code: "8833421".into(),
            name: "高血圧症".into(),
            detail: "コウケツアツショウ I10".into(),
            figure: String::new(),
            unit: String::new(),
            estimated: false,
            modifiers: vec![ModifierRef {
                code: "8002".into(), name: "の疑い".into(), management: String::new(), suffix: true
            }],
            warning: String::new(),
            choices: Vec::new(),
            disease: None,
            own_name: own_name.into(),
            preferred: false,
            usual: None,
        }
    }

    #[test]
    fn the_own_name_comes_first_and_the_national_name_behind_it() {
        assert_eq!(line(hit("")).name, "高血圧症の疑い");
        let own = line(hit("HT"));
        assert_eq!((own.name.as_str(), own.detail.as_str()), ("HTの疑い", "高血圧症の疑い コウケツアツショウ I10"));
    }
}
