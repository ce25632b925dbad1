//! Laboratory results (検査結果) in the chart.
