//! Orders (処方・診療行為) in the chart.
