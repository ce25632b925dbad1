//! What the fields of a paper share: its draft, what is wrong with it, and how one of the three forms is read and written.

use crate::{
    chart::draft::{Draft, Saved, Written, merge_part},
    ui::mend,
};
use leptos::prelude::*;
use model::{AppError, paper::*};
use std::collections::BTreeSet;

/// One of the three forms within the paper's form.
pub(super) trait FormOf: 'static {
    /// The form, if the paper is of this kind.
    fn of(form: &PaperForm) -> Option<&Self>;
    /// The form to be written in.
    fn of_mut(form: &mut PaperForm) -> Option<&mut Self>;
}

macro_rules! forms {
    ($($form:ident of $kind:ident),+) => {$(
        impl FormOf for $form {
            fn of(form: &PaperForm) -> Option<&Self> {
                if let PaperForm::$kind(form) = form { Some(form) } else { None }
            }
            fn of_mut(form: &mut PaperForm) -> Option<&mut Self> {
                if let PaperForm::$kind(form) = form { Some(form) } else { None }
            }
        }
    )+};
}

forms! { CarePlanForm of CarePlan, CheckupForm of Checkup, DischargeForm of Discharge }

/// A part of a form in a field.
#[derive(Clone, Copy)]
pub(super) struct Bound {
    /// The field's name in the form, where its flaws are.
    pub field: StoredValue<String>,
    /// What stands there.
    pub read: Memo<String>,
    /// Writes what was typed.
    pub write: Callback<String>,
    /// What is wrong with it.
    pub flaw: Signal<Option<String>>,
}

impl Bound {
    /// The id of the element: `answers.9N0…` → `paper-answers-9N0…`.
    pub fn id(&self) -> String {
        let field = self.field.get_value();
        format!("paper-{}", field.replace(['.', '_'], "-"))
    }
}

/// The draft on the desk, and what was found wrong when it was to be issued.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// The draft.
    pub draft: Draft<PaperForm>,
    /// What is wrong.
    pub error: RwSignal<Option<AppError>>,
}

impl Desk {
    /// What is wrong with a field.
    pub fn flaw(self, field: impl Into<String>) -> Signal<Option<String>> {
        let field = field.into();
        Signal::derive(move || self.error.with(|error| error.as_ref().and_then(|error| error.at(&field))))
    }

    /// Something that is read off one of the forms.
    pub fn read<F: FormOf, T: Default + PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&F) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.draft.text.with(|form| F::of(form).map(&read)).unwrap_or_default())
    }

    /// Changes one of the forms as somebody did in a field; what was wrong there is no longer said.
    pub fn write<F: FormOf>(self, field: &str, change: impl FnOnce(&mut F)) {
        self.draft.write(|form| {
            if let Some(form) = F::of_mut(form) {
                change(form);
            }
        });
        mend(self.error, field);
    }

    /// A part of one of the forms for a field.
    pub fn bind<F: FormOf>(
        self,
        field: impl Into<String>,
        read: impl Fn(&F) -> String + Send + Sync + 'static,
        write: impl Fn(&mut F, String) + Send + Sync + 'static,
    ) -> Bound {
        let field = field.into();
        let name = field.clone();
        Bound {
            read: self.read(read),
            write: Callback::new(move |text: String| self.write(&name, |form: &mut F| write(form, text))),
            flaw: self.flaw(field.clone()),
            field: StoredValue::new(field),
        }
    }
}

/// What the server has of a paper.
pub(super) fn saved(paper: &Paper) -> Saved<PaperForm> {
    Saved { text: paper.form.clone(), version: paper.version, at: Some(paper.saved_at), by: paper.author.name.clone() }
}

impl Written for PaperForm {
    fn parts(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::CarePlan(form) => {
                let parts = form.parts().map(|(_, heading, text)| (heading, text.to_owned()));
                let head = [("開始日", form.from.clone()), ("終了日", form.until.clone())];
                head.into_iter().chain([("傷病名", count(form.diagnoses.len()))]).chain(parts).collect()
            }
            Self::Checkup(form) => {
                let head = [
                    ("健診の種類", form.programme.label().to_owned()),
                    ("実施日", form.done_on.clone()),
                    ("判定した医師", form.judged_by.clone()),
                    ("受診券", form.ticket.clone()),
                    ("保険者番号", form.insurer.clone()),
                ];
                // Two versions may be of two programmes: every item, so that the parts of both stand side by side.
                let items = items::ITEMS.iter().map(|item| {
                    let answer = form.answer(item.key());
                    (item.label, if answer.is_blank() { String::new() } else { answer.show(item) })
                });
                head.into_iter().chain(items).collect()
            }
            Self::Discharge(form) => {
                let head = [
                    ("入院日", format!("{} {}", form.admitted_on, form.admitted_time)),
                    ("退院日", format!("{} {}", form.discharged_on, form.discharged_time)),
                    ("入院時診断", count(form.diagnoses_in.len())),
                    ("退院時診断", count(form.diagnoses_out.len())),
                    ("薬", count(form.drugs_in.len() + form.drugs_out.len())),
                ];
                head.into_iter().chain(form.parts().map(|(_, heading, _, text)| (heading, text.to_owned()))).collect()
            }
        }
    }

    fn merged(yours: &Self, theirs: &Self, by: &str) -> Self {
        match (yours, theirs) {
            (Self::CarePlan(a), Self::CarePlan(b)) => {
                let mut both = a.clone();
                for part in &super::care_plan::PARTS {
                    *(part.write)(&mut both) = merge_part((part.read)(a), (part.read)(b), by);
                }
                line(&mut both.from, &b.from);
                line(&mut both.until, &b.until);
                both.diagnoses = union(&a.diagnoses, &b.diagnoses);
                Self::CarePlan(both)
            }
            (Self::Checkup(a), Self::Checkup(b)) => {
                let mut both = a.clone();
                let lines = [
                    (&mut both.done_on, &b.done_on),
                    (&mut both.judged_by, &b.judged_by),
                    (&mut both.ticket, &b.ticket),
                    (&mut both.ticket_until, &b.ticket_until),
                    (&mut both.insurer, &b.insurer),
                    (&mut both.insurer_name, &b.insurer_name),
                ];
                lines.into_iter().for_each(|(yours, theirs)| line(yours, theirs));
                both.fill(&b.answers);
                Self::Checkup(both)
            }
            (Self::Discharge(a), Self::Discharge(b)) => {
                let mut both = a.clone();
                for part in &super::discharge::PARTS {
                    *(part.write)(&mut both) = merge_part((part.read)(a), (part.read)(b), by);
                }
                let lines = [
                    (&mut both.admitted_on, &b.admitted_on),
                    (&mut both.admitted_time, &b.admitted_time),
                    (&mut both.discharged_on, &b.discharged_on),
                    (&mut both.discharged_time, &b.discharged_time),
                    (&mut both.admission, &b.admission),
                    (&mut both.disposition, &b.disposition),
                ];
                lines.into_iter().for_each(|(yours, theirs)| line(yours, theirs));
                both.diagnoses_in = union(&a.diagnoses_in, &b.diagnoses_in);
                both.diagnoses_out = union(&a.diagnoses_out, &b.diagnoses_out);
                both.drugs_in = union(&a.drugs_in, &b.drugs_in);
                both.drugs_out = union(&a.drugs_out, &b.drugs_out);
                Self::Discharge(both)
            }
            // A paper stays what it is; the server refuses anything else.
            _ => yours.clone(),
        }
    }
}

fn count(number: usize) -> String {
    if number == 0 { String::new() } else { format!("{number}件") }
}

/// One line has no room for two answers: the one in this editor stays, the other was seen in the dialog.
fn line(yours: &mut String, theirs: &str) {
    if yours.trim().is_empty() {
        yours.clear();
        yours.push_str(theirs);
    }
}

fn union<T: Copy + Ord>(yours: &[T], theirs: &[T]) -> Vec<T> {
    let known: BTreeSet<T> = yours.iter().copied().collect();
    yours.iter().copied().chain(theirs.iter().copied().filter(|one| !known.contains(one))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_versions_of_a_check_are_put_together_item_by_item() {
        let answered = |key: &str, value: &str| {
            let mut form = CheckupForm::default();
            form.put(key, |answer| answer.value = value.into());
            form
        };
        let (height, weight) = ("9N001000000000001", "9N006000000000001");
        let mut theirs = answered(weight, "60");
        theirs.put(height, |answer| answer.value = "161".into());
        let both = PaperForm::merged(&PaperForm::Checkup(answered(height, "160")), &PaperForm::Checkup(theirs), "青葉");
        let PaperForm::Checkup(both) = both else { panic!("stays a check") };
        assert_eq!((both.answer(height).value, both.answer(weight).value), ("160".into(), "60".into()));
        assert_eq!(PaperForm::Checkup(both).parts().len(), PaperForm::Checkup(CheckupForm::default()).parts().len());
    }
}
