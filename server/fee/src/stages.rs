//! The rules in their order: each stage reads what the ones before it left on the desk.

use crate::{
    FeeError, anaesthesia, basic, beside,
    containers::{self, Owner},
    exclusions, facility, follow, hints,
    home::{self, HomeVisit},
    imaging, labs, limits, missed,
    orders::{self, Ordered},
    physiology, prescribing, sites, tables_counts, tables_pairs, therapy, treatment,
    work::Work,
};

/// What of the orders may be billed, and the fees that change the visit.
pub(crate) struct Admitted<'a> {
    pub orders: Vec<Ordered<'a>>,
    home: Option<HomeVisit>,
    owner: Option<Owner>,
}

/// Lets the orders through that may be billed; the others stand in `omitted`.
///
/// # Errors
/// [`FeeError`] with the path of the first ordered code that no master holds.
pub(crate) fn admit<'a>(work: &mut Work<'a>) -> Result<Admitted<'a>, FeeError> {
    work.moment = basic::moment(work);
    let ordered = orders::resolve(work)?;
    let mut allowed = Vec::new();
    for order in ordered {
        if let Some(reason) = work.withheld.get(order.row.code.as_str()).cloned() {
            work.omit_code(order.row.code.as_str(), &order.row.name, reason);
            continue;
        }
        if orders::allowed(work, &order) {
            allowed.push(order);
        }
    }
    // The tables first: what they say, the sentences of the law need not.
    tables_counts::keep(work, &mut allowed);
    tables_pairs::keep(work, &mut allowed);
    crate::guidance::keep(work, &mut allowed);
    limits::keep(work, &mut allowed);
    exclusions::keep(work, &mut allowed);
    beside::keep(work, &mut allowed);
    sites::keep(work, &mut allowed);
    treatment::contained(work, &mut allowed);
    physiology::urgent(work, &mut allowed);
    therapy::first_visits(work, &mut allowed);
    let home = home::visit(work, &mut allowed);
    let owner = containers::owner(work, &allowed);
    let owner = if home.is_none() { containers::child_outpatient(work, &allowed, owner) } else { owner };
    if let Some(owner) = owner {
        allowed.retain(|ordered| match owner.contains(work, ordered) {
            Some(reason) => {
                work.omit_code(ordered.row.code.as_str(), &ordered.row.name, reason);
                false
            }
            None => true,
        });
    }
    Ok(Admitted { orders: allowed, home, owner })
}

/// Writes the lines, omissions and hints of the request on the desk.
///
/// # Errors
/// [`FeeError`] with the path of the first code that no master holds or value that cannot be.
pub(crate) fn run(work: &mut Work) -> Result<(), FeeError> {
    let Admitted { orders: allowed, home, owner } = admit(work)?;
    let containing = owner.filter(|owner| owner.contains_visit());
    let replacing = crate::contained::replacing(work, &allowed);
    match (home, containing, replacing) {
        (Some(_), ..) => home::beside(work),
        (None, Some(owner), _) => containers::visit(work, owner),
        (None, None, Some(by)) => crate::contained::visit(work, by),
        (None, None, None) => {
            basic::visit(work);
            facility::add_ons(work);
        }
    }
    let (tests, others): (Vec<_>, Vec<_>) = allowed.iter().partition(|ordered| labs::is_test(ordered.row));
    orders::procedures(work, &others)?;
    let before = work.lines.len();
    imaging::follow(work, &allowed);
    treatment::follow(work, &allowed);
    physiology::follow(work, &allowed);
    anaesthesia::follow(work, &allowed);
    follow::related(work, &allowed);
    // The order of ordering shall not show.
    work.lines[before..].sort_by(|a, b| (&a.code, &a.reason, a.points).cmp(&(&b.code, &b.reason, b.points)));
    labs::tests(work, &tests, &allowed)?;
    labs::judgements(work, &allowed);
    therapy::hints(work, &allowed);
    prescribing::prescriptions(work)?;
    if home.is_none() && containing.is_none() && replacing.is_none() {
        basic::outpatient_management(work);
    }
    if let Some(owner) = owner {
        containers::sweep(work, owner);
    }
    facility::wages_and_prices(work, owner, home);
    tables_counts::lines(work);
    tables_pairs::lines(work);
    missed::hints(work);
    hints::cuts(work);
    crate::advice::hints(work, owner);
    facility::unread(work);
    Ok(())
}
