//! Allergies in the chart.
