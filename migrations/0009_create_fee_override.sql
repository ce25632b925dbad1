-- What people decide against the fee calculation, and receipts that take the place of others.

-- A decision for one code of one visit. It is withdrawn, never changed nor deleted: what stood when stays readable.
create table fee_override (
    clinic_id uuid not null,
    id uuid not null,
    visit_id uuid not null,
    code text not null check (code ~ '^[0-9]{9}$'),
    -- Name of the item on the day of the visit.
    name text not null,
    -- `model::fee::Change`.
    change jsonb not null,
    reason text not null check (char_length(reason) between 1 and 200),
    at timestamptz not null,
    staff_id uuid not null,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    primary key (clinic_id, id),
    foreign key (clinic_id, visit_id) references visit,
    foreign key (clinic_id, staff_id) references staff,
    foreign key (clinic_id, withdrawn_by) references staff,
    check ((withdrawn_at is null) = (withdrawn_by is null))
);
call protect('fee_override');
revoke update on fee_override from karte_app;
grant update (withdrawn_at, withdrawn_by) on fee_override to karte_app;
-- One that holds for each visit and code.
create unique index fee_override_once on fee_override (clinic_id, visit_id, code) where withdrawn_at is null;

-- Where a difference was settled later (差額の精算): the receipt this one takes the place of. That one is marked undone.
alter table receipt add column settles bigint;
alter table receipt add foreign key (clinic_id, settles) references receipt (clinic_id, number);
-- A receipt is settled by one other at most.
create unique index receipt_settled_once on receipt (clinic_id, settles) where settles is not null;
