//! Diagnoses (傷病名) in the chart.
