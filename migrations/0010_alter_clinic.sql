-- What the clinic says of itself (医院の設定), and what a card and a local subsidy say about limits.

alter table insurance
    -- 多数回該当, and the monthly cap of マル長 in yen (健康保険法施行令 42条9項).
    add column many_times boolean not null default false,
    add column long_term_cap bigint check (long_term_cap in (10000, 20000));

alter table subsidy
    -- 1回の上限 in yen, and how many visits of a month are paid for.
    add column visit_cap bigint check (visit_cap >= 0),
    add column charged_visits smallint check (charged_visits > 0);

-- The hours the clinic displays (表示する診療時間), from Monday: `model::clinic::Week`. All empty: not told.
alter table clinic
    add column week jsonb not null default '[[],[],[],[],[],[],[]]',
    -- Whether holidays are worked like their weekday.
    add column open_on_holidays boolean not null default false;
grant update (week, open_on_holidays) on clinic to karte_app;

-- Days that differ from the week: the clinic's own closed days, and the national holidays it keeps.
create table clinic_day (
    clinic_id uuid not null references clinic,
    day date not null,
    kind text not null check (kind in ('closed', 'holiday')),
    name text not null default '',
    primary key (clinic_id, kind, day)
);
call protect('clinic_day');
grant delete on clinic_day to karte_app;
