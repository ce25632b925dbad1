//! The clinic's own layer over the national masters (院内マスター): adopted drugs, favourites, own names, order sets
//! (約束処方・検査セット) and items outside of insurance (自費).

pub mod api;
