//! Numbers over time as a line graph: an SVG without inline styles, and the same numbers as a table for who cannot see it.
//!
//! The reference range (基準範囲) is a band behind the line; a value outside of it is marked by shape as well as colour.

use chrono::NaiveDate;
use leptos::prelude::*;
use rust_decimal::{Decimal, prelude::ToPrimitive};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 42.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 34.0;

/// What a graph is drawn from: the figures of the model turned into positions.
#[derive(Debug, Clone, PartialEq)]
struct Plot {
    dots: Vec<Dot>,
    ticks: Vec<(f64, String)>,
    days: Vec<(f64, String)>,
    band: Option<(f64, f64)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Dot {
    x: f64,
    y: f64,
    label: String,
    outside: bool,
}

/// A step of 1, 2 or 5 times a power of ten that divides `span` into about four.
fn nice_step(span: f64) -> f64 {
    let rough = span / 4.0;
    let power = 10_f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|factor| factor * power >= rough).unwrap_or(10.0);
    factor * power
}

/// Positions for the points, the axes and the band. None without a point.
fn plot(points: &[(NaiveDate, Decimal)], low: Option<Decimal>, high: Option<Decimal>) -> Option<Plot> {
    let (first, last) = (points.first()?.0, points.last()?.0);
    let number = |value: Decimal| value.to_f64().unwrap_or_default();
    let values = points.iter().map(|(_, value)| number(*value)).chain([low, high].into_iter().flatten().map(number));
    let (least, most) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), v| (least.min(v), most.max(v)));
    let span = if most > least { most - least } else { least.abs().max(1.0) * 0.2 };
    let step = nice_step(span);
    let bottom = ((least - span * 0.08) / step).floor() * step;
    let top = ((most + span * 0.08) / step).ceil() * step;
    let y = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (top - value) / (top - bottom);
    let days = (last - first).num_days().max(1) as f64;
    let x = |day: NaiveDate| {
        let share = if last == first { 0.5 } else { (day - first).num_days() as f64 / days };
        LEFT + 8.0 + (WIDTH - LEFT - RIGHT - 16.0) * share
    };
    let decimals = if step >= 1.0 { 0 } else { (-step.log10()).ceil() as usize };
    let count = ((top - bottom) / step).round() as i32;
    let ticks =
        (0..=count).map(|i| bottom + step * f64::from(i)).map(|value| (y(value), format!("{value:.decimals$}"))).collect();
    let outside = |value: Decimal| high.is_some_and(|high| value > high) || low.is_some_and(|low| value < low);
    let dots: Vec<Dot> = points
        .iter()
        .map(|(day, value)| Dot { x: x(*day), y: y(number(*value)), label: format!("{day} {value}"), outside: outside(*value) })
        .collect();
    // As many dates under the axis as fit without touching.
    let mut shown: Vec<(f64, String)> = Vec::new();
    for (day, _) in points.iter().rev() {
        let at = x(*day);
        if shown.last().is_none_or(|(right, _)| right - at >= 78.0) {
            shown.push((at, day.format("%y-%m-%d").to_string()));
        }
    }
    let band = match (low.map(number), high.map(number)) {
        (None, None) => None,
        (low, high) => Some((y(high.unwrap_or(top)), y(low.unwrap_or(bottom)))),
    };
    Some(Plot { dots, ticks, days: shown, band })
}

/// A line graph with its reference band and, folded under it, the numbers as a table.
#[component]
pub fn LineGraph(
    /// Id, unique on the page.
    #[prop(into)]
    id: String,
    /// What is drawn, e.g. `HbA1c`.
    #[prop(into)]
    title: String,
    /// Unit of the values.
    #[prop(into)]
    unit: String,
    /// Lower limit of the reference range.
    low: Option<Decimal>,
    /// Upper limit of the reference range.
    high: Option<Decimal>,
    /// Day and value, oldest first.
    points: Vec<(NaiveDate, Decimal)>,
) -> impl IntoView {
    let Some(plot) = plot(&points, low, high) else {
        return view! { <p class="empty">"まだ数値がありません。"</p> }.into_any();
    };
    let title_id = format!("{id}-title");
    let text_id = format!("{id}-desc");
    let labelled = format!("{title_id} {text_id}");
    let words = {
        let (first, last) = (&points[0], &points[points.len() - 1]);
        format!("{}回の測定。最初 {} {}{unit}、最新 {} {}{unit}。", points.len(), first.0, first.1, last.0, last.1)
    };
    let line = plot.dots.iter().map(|dot| format!("{:.1},{:.1}", dot.x, dot.y)).collect::<Vec<_>>().join(" ");
    let range = match (low, high) {
        (Some(low), Some(high)) => format!("基準範囲 {low}–{high} {unit}"),
        (None, Some(high)) => format!("基準範囲 {high} {unit} 以下"),
        (Some(low), None) => format!("基準範囲 {low} {unit} 以上"),
        (None, None) => String::new(),
    };
    view! {
        <figure class="graph">
            <figcaption class="graph-caption">
                <strong>{title.clone()}</strong>
                <span class="muted small">{unit.clone()}</span>
                <span class="muted small">{range}</span>
            </figcaption>
            <svg
                class="graph-svg"
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                role="img"
                aria-labelledby=labelled
            >
                <title id=title_id>{format!("{title}の推移")}</title>
                <desc id=text_id>{words}</desc>
                {plot.band.map(|(from, to)| view! {
                    <rect class="graph-band" x=LEFT y=from width=WIDTH - LEFT - RIGHT height=(to - from).max(1.0) />
                })}
                {plot.ticks.into_iter().map(|(y, label)| view! {
                    <g>
                        <line class="graph-grid" x1=LEFT x2=WIDTH - RIGHT y1=y y2=y />
                        <text class="graph-text" x=LEFT - 6.0 y=y + 5.0 text-anchor="end">{label}</text>
                    </g>
                }).collect_view()}
                {plot.days.into_iter().map(|(x, label)| view! {
                    <text class="graph-text" x=x y=HEIGHT - 10.0 text-anchor="middle">{label}</text>
                }).collect_view()}
                <polyline class="graph-line" points=line />
                {plot.dots.into_iter().map(|dot| {
                    if dot.outside {
                        let (x, y) = (dot.x, dot.y);
                        view! {
                            <rect class="graph-dot graph-dot-out" x=x - 5.0 y=y - 5.0 width=10.0 height=10.0
                                transform=format!("rotate(45 {x} {y})")>
                                <title>{dot.label}"（範囲外）"</title>
                            </rect>
                        }.into_any()
                    } else {
                        view! {
                            <circle class="graph-dot" cx=dot.x cy=dot.y r=4.5>
                                <title>{dot.label}</title>
                            </circle>
                        }.into_any()
                    }
                }).collect_view()}
            </svg>
            <details class="fold">
                <summary>"数値の一覧"</summary>
                <table class="table small">
                    <thead>
                        <tr>
                            <th scope="col">"採取日"</th>
                            <th scope="col" class="num">"値"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {points.into_iter().rev().map(|(day, value)| view! {
                            <tr>
                                <td>{day.to_string()}</td>
                                <td class="num">{value.to_string()} " " {unit.clone()}</td>
                            </tr>
                        }).collect_view()}
                    </tbody>
                </table>
            </details>
        </figure>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(offset: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day") + chrono::Days::new(offset)
    }

    #[test]
    fn a_higher_value_stands_higher_and_a_later_day_further_right() {
        let points = [(day(0), Decimal::new(65, 1)), (day(30), Decimal::new(72, 1))];
        let plot = plot(&points, None, Some(Decimal::new(65, 1))).expect("two points");
        assert!(plot.dots[1].y < plot.dots[0].y && plot.dots[1].x > plot.dots[0].x);
        assert!(!plot.dots[0].outside && plot.dots[1].outside);
    }

    #[test]
    fn nothing_to_draw_without_points() {
        assert_eq!(plot(&[], None, None), None);
    }

    #[test]
    fn everything_stays_inside_of_the_picture() {
        for scale in 0..5 {
            for count in 1..40_u64 {
                let points: Vec<_> =
                    (0..count).map(|i| (day(i * 11), Decimal::new((i as i64 * 7_919) % 20_011 - 3_000, scale))).collect();
                let plot = plot(&points, Some(Decimal::new(5, 0)), Some(Decimal::new(50, 0))).expect("points");
                for dot in plot.dots {
                    assert!((LEFT..=WIDTH - RIGHT).contains(&dot.x));
                    assert!((TOP - 0.01..=HEIGHT - BOTTOM + 0.01).contains(&dot.y));
                }
                assert!(plot.ticks.len() <= 12);
            }
        }
    }
}
