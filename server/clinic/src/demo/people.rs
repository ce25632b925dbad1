//! Made-up people: name, birth, address, and the insurance cards that go with an age.

use super::{calendar::*, dice::Dice, names};
use chrono::{Datelike, NaiveDate};
use model::{date, insurance::*, patient::*};
use std::collections::HashSet;

/// Which clinic's neighbourhood somebody lives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Neighbourhood {
    /// Around Aoba clinic, prefecture 13.
    Aoba,
    /// Around Minato clinic, prefecture 14.
    Minato,
}

impl Neighbourhood {
    fn prefecture(self) -> &'static str {
        match self {
            Self::Aoba => "13",
            Self::Minato => "14",
        }
    }
}

/// A person.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// Registration with the oldest card.
    pub form: PatientForm,
    /// The cards that followed it.
    pub later_cards: Vec<InsuranceForm>,
    /// Birth date.
    pub birth: NaiveDate,
    /// Sex.
    pub sex: Sex,
}

/// A subsidy: law number, and the patient's share and monthly cap as the certificate names them.
pub(super) type Certificate = (&'static str, &'static str, &'static str);

/// What is asked of a person.
pub(super) struct Wanted {
    /// Where they live.
    pub home: Neighbourhood,
    /// Youngest and oldest age today.
    pub ages: (i64, i64),
    /// Sex, if it matters.
    pub sex: Option<Sex>,
    /// First day a card must cover.
    pub since: NaiveDate,
    /// Subsidy, if any.
    pub subsidy: Option<Certificate>,
}

/// Makes people and gives no name twice.
#[derive(Default)]
pub(super) struct Register {
    taken: HashSet<String>,
}

impl Register {
    pub(super) fn person(&mut self, dice: &mut Dice, today: NaiveDate, wanted: &Wanted) -> Person {
        let age = dice.between(wanted.ages.0, wanted.ages.1);
        let birth = before(today, age * 365 + age / 4 + 1 + dice.between(0, 363));
        let sex = wanted.sex.unwrap_or(if dice.chance(54) { Sex::Female } else { Sex::Male });
        let name = self.name(dice, birth, sex);
        let mut cards = cards(dice, wanted, birth, today).into_iter();
        let form = PatientForm {
            family: name.family,
            given: name.given,
            family_kana: name.family_kana,
            given_kana: name.given_kana,
            sex: if sex == Sex::Male { "male" } else { "female" }.into(),
            birth_date: birth.to_string(),
            postal_code: format!("000{:04}", dice.between(1, 299)),
            address: address(dice, wanted.home),
            phone: phone(dice, wanted.home, age),
            insurance: cards.next().unwrap_or_default(),
            subsidy: wanted.subsidy.map(|law| subsidy(dice, wanted, law)).unwrap_or_default(),
        };
        Person { form, later_cards: cards.collect(), birth, sex }
    }

    fn name(&mut self, dice: &mut Dice, birth: NaiveDate, sex: Sex) -> PersonName {
        let era = match birth.year() {
            ..1950 => 0,
            1950..1975 => 1,
            1975..2000 => 2,
            _ => 3,
        };
        let given = if sex == Sex::Male { &names::MEN[era] } else { &names::WOMEN[era] };
        loop {
            let (family, family_kana) = names::FAMILIES[dice.index(names::FAMILIES.len())];
            let (given, given_kana) = given[dice.index(given.len())];
            let person = PersonName {
                family: family.into(),
                given: given.into(),
                family_kana: family_kana.into(),
                given_kana: given_kana.into(),
            };
            if self.taken.insert(person.full()) {
                return person;
            }
        }
    }
}

fn address(dice: &mut Dice, home: Neighbourhood) -> String {
    let town = match home {
        Neighbourhood::Aoba => dice.pick(&names::AOBA_TOWNS),
        Neighbourhood::Minato => dice.pick(&names::MINATO_TOWNS),
    };
    let block = format!("{town}{}-{}-{}", dice.between(1, 5), dice.between(1, 28), dice.between(1, 19));
    match dice.chance(35) {
        true => format!("{block} {}{}0{}号室", dice.pick(&names::HOUSES), dice.between(1, 6), dice.between(1, 8)),
        false => block,
    }
}

fn phone(dice: &mut Dice, home: Neighbourhood, age: i64) -> String {
    let last = dice.between(100, 9_999);
    match home {
        _ if dice.chance(if age < 60 { 90 } else { 45 }) => format!("090-0000-{last:04}"),
        Neighbourhood::Aoba => format!("03-0000-{last:04}"),
        Neighbourhood::Minato => format!("045-000-{last:04}"),
    }
}

fn with_check(body: &str) -> String {
    format!("{body}{}", check_digit(body).expect("only digits"))
}

/// Last two digits of the three that name an insurer; with a nine before them they are nobody's in the demo.
fn insurer(law: &str, home: Neighbourhood, serial: i64) -> String {
    with_check(&format!("{law}{}9{serial:02}", home.prefecture()))
}

fn subsidy(dice: &mut Dice, wanted: &Wanted, (law, share, cap): (&str, &str, &str)) -> SubsidyForm {
    SubsidyForm {
        payer: insurer(law, wanted.home, dice.between(1, 20)),
        recipient: with_check(&format!("9{:05}", dice.between(1, 99_999))),
        share: share.into(),
        monthly_cap: cap.into(),
        visit_cap: String::new(),
        charged_visits: String::new(),
        valid_from: wanted.since.to_string(),
        valid_to: String::new(),
    }
}

/// The patient's share by age: 20 % before school, 30 %, 20 % from 70 on; from 75 on 10, 20 or 30 % by income.
fn cards(dice: &mut Dice, wanted: &Wanted, birth: NaiveDate, today: NaiveDate) -> Vec<InsuranceForm> {
    // 生活保護 without insurance: the subsidy bears everything.
    if wanted.subsidy.is_some_and(|(law, ..)| law == "12") {
        return Vec::new();
    }
    let age = date::age_on(birth, today);
    let rich = dice.chance(8);
    let middle = dice.chance(25);
    let employee = match age {
        0..20 => dice.chance(75),
        20..62 => dice.chance(78),
        _ => dice.chance(18),
    };
    let insured = age >= 22 && (!employee || dice.chance(72));
    let (symbol, number) = (dice.between(1, 9_999), dice.between(1, 9_999_999));
    let (serial, elderly_number) = (dice.between(1, 30), dice.between(1, 99_999));
    let branch = if insured { 0 } else { dice.between(1, 3) };

    let school = birthday(birth, 6).map(|six| first_april_from(after(six, 1)));
    let seventy = birthday(birth, 70).map(|day| if day.day() == 1 { day } else { first_of_next_month(day) });
    let seventy_five = birthday(birth, 75);
    let mut starts = vec![wanted.since];
    starts.extend([school, seventy, seventy_five].into_iter().flatten().filter(|day| *day > wanted.since && *day <= today));
    let reached = |mark: Option<NaiveDate>, on: NaiveDate| mark.is_some_and(|day| day <= on);
    let mut cards: Vec<InsuranceForm> = Vec::new();
    for start in starts {
        if let Some(last) = cards.last_mut() {
            last.valid_to = before(start, 1).to_string();
        }
        let late = reached(seventy_five, start);
        let share = match () {
            () if rich && reached(seventy, start) => "30",
            () if late && !middle => "10",
            () if reached(seventy, start) || !reached(school, start) => "20",
            () => "30",
        };
        cards.push(InsuranceForm {
            insurer: match (late, employee) {
                (true, _) => insurer("39", wanted.home, 1 + serial % 8),
                (_, true) => insurer(if serial % 3 == 0 { "01" } else { "06" }, wanted.home, serial),
                (_, false) => insurer("", wanted.home, 1 + serial % 8),
            },
            symbol: if late { String::new() } else { format!("{symbol:04}") },
            number: if late { format!("900{elderly_number:05}") } else { number.to_string() },
            branch: if late { String::new() } else { format!("{branch:02}") },
            relation: if late || insured { "insured" } else { "dependent" }.into(),
            share: share.into(),
            limit_class: String::new(),
            many_times: String::new(),
            long_term_cap: String::new(),
            valid_from: start.to_string(),
            valid_to: String::new(),
        });
    }
    cards
}

/// The birthday on which somebody completes so many years.
fn birthday(birth: NaiveDate, years: i32) -> Option<NaiveDate> {
    let year = birth.year() + years;
    birth.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
}

fn first_april_from(day: NaiveDate) -> NaiveDate {
    day.iter_days().find(|day| (day.month(), day.day()) == (4, 1)).expect("April comes every year")
}

fn first_of_next_month(day: NaiveDate) -> NaiveDate {
    day.iter_days().skip(1).find(|day| day.day() == 1).expect("months begin")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(ages: (i64, i64)) -> Wanted {
        let since = NaiveDate::from_ymd_opt(2021, 4, 1).expect("a day");
        Wanted { home: Neighbourhood::Aoba, ages, sex: None, since, subsidy: Some(("54", "20", "10000")) }
    }

    #[test]
    fn everybody_can_be_registered_with_every_card() {
        let today = NaiveDate::from_ymd_opt(2026, 7, 10).expect("a day");
        let mut register = Register::default();
        for stream in 0..400 {
            let mut dice = Dice::new(7, stream);
            let person = register.person(&mut dice, today, &wanted((i64::try_from(stream).expect("small") % 96, 96)));
            person.form.parse(today).expect("no flaw");
            for card in &person.later_cards {
                card.parse().expect("no flaw");
            }
        }
    }

    #[test]
    fn at_seventy_five_the_card_changes() {
        let today = NaiveDate::from_ymd_opt(2026, 7, 10).expect("a day");
        let mut dice = Dice::new(7, 1);
        let birth = NaiveDate::from_ymd_opt(1950, 2, 1).expect("a day");
        let cards = cards(&mut dice, &wanted((76, 76)), birth, today);
        assert_eq!(cards.len(), 2);
        assert_eq!(cards[0].valid_to, "2025-01-31");
        assert_eq!((&cards[1].insurer[..2], cards[1].valid_from.as_str()), ("39", "2025-02-01"));
    }
}
