-- Statements and payments, referral letters, and the outbox to the national platform.

-- A payment and the statement it was taken for, frozen. Undone payments stay.
create table receipt (
    clinic_id uuid not null,
    number bigint not null,
    visit_id uuid not null,
    at timestamptz not null,
    staff_id uuid not null,
    due bigint not null,
    tendered bigint not null,
    change bigint not null,
    -- `model::fee::Statement` as it was charged.
    statement jsonb not null,
    undone_at timestamptz,
    undone_by uuid,
    primary key (clinic_id, number),
    foreign key (clinic_id, visit_id) references visit,
    foreign key (clinic_id, staff_id) references staff,
    foreign key (clinic_id, undone_by) references staff
);
call protect('receipt');
revoke update on receipt from karte_app;
grant update (undone_at, undone_by) on receipt to karte_app;
create unique index receipt_once on receipt (clinic_id, visit_id) where undone_at is null;

create table letter (
    clinic_id uuid not null,
    id uuid not null,
    patient_id uuid not null,
    -- `model::letter::LetterForm`.
    form jsonb not null,
    author_id uuid not null,
    saved_at timestamptz not null,
    saved_by uuid not null,
    issued_at timestamptz,
    version bigint not null default 1,
    primary key (clinic_id, id),
    foreign key (clinic_id, patient_id) references patient,
    foreign key (clinic_id, author_id) references staff,
    foreign key (clinic_id, saved_by) references staff
);
call protect('letter');
grant delete on letter to karte_app;
create index letter_by_patient on letter (clinic_id, patient_id, saved_at desc);

-- An issued letter stands: it is neither changed nor thrown away.
create function letter_stays_issued() returns trigger
    language plpgsql
    as $$
begin
    if old.issued_at is not null then
        raise exception 'an issued letter is immutable' using constraint = 'letter_issued';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger letter_stays_issued before update or delete on letter
    for each row execute function letter_stays_issued();

-- What leaves the house. Written in the transaction of its cause; a worker sends it.
create table outbox (
    clinic_id uuid not null,
    id uuid not null,
    patient_id uuid not null,
    kind text not null check (kind in ('allergies', 'diagnoses', 'lab_report', 'referral')),
    -- The report or letter it carries; absent for the lists of allergies and diagnoses.
    subject_id uuid,
    title text not null,
    -- Last part of the Bundle identifier: the same subject keeps it, so that a new version overwrites the old.
    identifier text not null,
    bundle jsonb not null,
    state text not null check (state in ('waiting', 'sent', 'refused', 'superseded')),
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    -- Until then a sender has it in hand; nothing else of the patient leaves meanwhile.
    leased_until timestamptz,
    receipt text,
    reasons text[] not null default '{}',
    last_problem text not null default '',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version bigint not null default 1,
    primary key (clinic_id, id),
    foreign key (clinic_id, patient_id) references patient
);
call protect('outbox');
create index outbox_by_patient on outbox (clinic_id, patient_id, created_at desc);
-- The latest document of each subject, for the chart.
create index outbox_latest on outbox (clinic_id, patient_id, identifier, created_at desc, id desc) where state <> 'superseded';
create index outbox_by_identifier on outbox (clinic_id, identifier, created_at);
create index outbox_by_subject on outbox (clinic_id, subject_id, created_at desc) where subject_id is not null;
create index outbox_waiting on outbox (clinic_id, next_attempt_at) where state = 'waiting';
