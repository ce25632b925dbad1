-- Visits with their event log, notes and orders.

create table visit (
    clinic_id uuid not null,
    id uuid not null,
    patient_id uuid not null,
    visit_date date not null,
    received_at timestamptz not null,
    state text not null check (state in ('received', 'in_consultation', 'awaiting_payment', 'done', 'cancelled')),
    since timestamptz not null,
    kind text not null check (kind in ('first', 'return', 'telephone', 'online')),
    department text not null,
    doctor_id uuid,
    remark text not null default '',
    -- From the confirmation on: what was done, as `model::fee::Statement`, and what the patient pays for it. A receipt
    -- keeps the statement it was written for, whatever is calculated later.
    fee jsonb,
    payable bigint,
    version bigint not null default 1,
    primary key (clinic_id, id),
    foreign key (clinic_id, patient_id) references patient,
    foreign key (clinic_id, doctor_id) references staff
);
call protect('visit');
create index visit_by_day on visit (clinic_id, visit_date, received_at);
-- Holds what counting and paging through a long history need, without a look at the rows.
create index visit_by_patient on visit (clinic_id, patient_id, visit_date desc, received_at desc, id desc)
    where state <> 'cancelled';
-- One visit a patient and day that is still to be seen; the one before may be waiting for payment.
create unique index visit_open_once on visit (clinic_id, patient_id, visit_date)
    where state in ('received', 'in_consultation');

-- The log the board is a projection of. Rows are only ever added.
create table visit_event (
    clinic_id uuid not null,
    visit_id uuid not null,
    number bigint generated always as identity,
    state text not null,
    at timestamptz not null,
    staff_id uuid,
    primary key (clinic_id, visit_id, number),
    foreign key (clinic_id, visit_id) references visit
);
call protect('visit_event');
revoke update on visit_event from karte_app;

create table note (
    clinic_id uuid not null,
    id uuid not null,
    visit_id uuid not null,
    patient_id uuid not null,
    subjective text not null default '',
    objective text not null default '',
    assessment text not null default '',
    plan text not null default '',
    author_id uuid not null,
    saved_at timestamptz not null,
    saved_by uuid not null,
    confirmed_at timestamptz,
    confirmed_by uuid,
    version bigint not null default 1,
    primary key (clinic_id, id),
    constraint note_once_a_visit unique (clinic_id, visit_id),
    foreign key (clinic_id, visit_id) references visit,
    foreign key (clinic_id, patient_id) references patient,
    foreign key (clinic_id, author_id) references staff,
    foreign key (clinic_id, saved_by) references staff,
    foreign key (clinic_id, confirmed_by) references staff
);
call protect('note');
create index note_by_patient on note (clinic_id, patient_id);

-- Earlier texts of confirmed notes. Rows are only ever added.
create table note_revision (
    clinic_id uuid not null,
    note_id uuid not null,
    number bigint generated always as identity,
    subjective text not null,
    objective text not null,
    assessment text not null,
    plan text not null,
    replaced_at timestamptz not null,
    replaced_by uuid not null,
    reason text not null,
    primary key (clinic_id, note_id, number),
    foreign key (clinic_id, note_id) references note,
    foreign key (clinic_id, replaced_by) references staff
);
call protect('note_revision');
revoke update on note_revision from karte_app;

-- A confirmed note stands: its text changes only together with a revision that keeps the old text.
create function note_stays_confirmed() returns trigger
    language plpgsql
    as $$
begin
    if old.confirmed_at is not null
        and (new.confirmed_at is distinct from old.confirmed_at
            or (new.subjective, new.objective, new.assessment, new.plan)
                is distinct from (old.subjective, old.objective, old.assessment, old.plan)
            and not exists (
                select 1 from note_revision r
                where r.clinic_id = old.clinic_id and r.note_id = old.id
                    and (r.subjective, r.objective, r.assessment, r.plan)
                        = (old.subjective, old.objective, old.assessment, old.plan)))
    then
        raise exception 'a confirmed note is immutable' using constraint = 'note_confirmed';
    end if;
    return new;
end
$$;
create trigger note_stays_confirmed before update on note
    for each row execute function note_stays_confirmed();

create table rp (
    clinic_id uuid not null,
    id uuid not null,
    visit_id uuid not null,
    position integer not null,
    route text not null check (route in ('internal', 'prn', 'external')),
    dispensing text not null check (dispensing in ('in_house', 'pharmacy')),
    usage text not null,
    usage_code text,
    times_per_day smallint not null,
    count integer not null check (count > 0),
    -- The drugs as `model::orders::RpItem`, in the order written.
    items jsonb not null,
    version bigint not null default 1,
    primary key (clinic_id, id),
    foreign key (clinic_id, visit_id) references visit
);
call protect('rp');
grant delete on rp to karte_app;
create index rp_by_visit on rp (clinic_id, visit_id, position);

create table procedure_order (
    clinic_id uuid not null,
    id uuid not null,
    visit_id uuid not null,
    position integer not null,
    code text not null,
    name text not null,
    quantity numeric not null check (quantity > 0),
    unit text not null,
    -- Drugs used with it as `model::orders::RpItem`.
    drugs jsonb not null default '[]',
    version bigint not null default 1,
    primary key (clinic_id, id),
    foreign key (clinic_id, visit_id) references visit
);
call protect('procedure_order');
grant delete on procedure_order to karte_app;
create index procedure_order_by_visit on procedure_order (clinic_id, visit_id, position);
