-- Diagnoses, allergies and laboratory results of a patient.

create table diagnosis (
    clinic_id uuid not null,
    id uuid not null,
    patient_id uuid not null,
    code text not null,
    base_name text not null,
    management text not null,
    exchange text not null default '',
    icd10 text not null default '',
    -- `model::chart::ModifierRef` in the order written.
    modifiers jsonb not null default '[]',
    name text not null,
    suspected boolean not null,
    principal boolean not null,
    started_on date not null,
    ended_on date,
    outcome text check (outcome in ('cured', 'died', 'stopped', 'replaced')),
    removed_at timestamptz,
    version bigint not null default 1,
    primary key (clinic_id, id),
    foreign key (clinic_id, patient_id) references patient,
    check ((ended_on is null) = (outcome is null)),
    check (ended_on is null or ended_on >= started_on)
);
call protect('diagnosis');
create index diagnosis_by_patient on diagnosis (clinic_id, patient_id, started_on desc);

create table allergy (
    clinic_id uuid not null,
    id uuid not null,
    patient_id uuid not null,
    code text not null,
    name text not null,
    category text not null check (category in ('medication', 'food', 'environment')),
    severe boolean not null,
    reaction text not null default '',
    recorded_on date not null,
    removed_at timestamptz,
    version bigint not null default 1,
    primary key (clinic_id, id),
    foreign key (clinic_id, patient_id) references patient
);
call protect('allergy');
create index allergy_by_patient on allergy (clinic_id, patient_id);
create unique index allergy_once on allergy (clinic_id, patient_id, code) where removed_at is null;

create table lab_report (
    clinic_id uuid not null,
    id uuid not null,
    patient_id uuid not null,
    visit_id uuid,
    collected_at timestamptz not null,
    entered_by uuid not null,
    entered_at timestamptz not null,
    version bigint not null default 1,
    primary key (clinic_id, id),
    foreign key (clinic_id, patient_id) references patient,
    foreign key (clinic_id, visit_id) references visit,
    foreign key (clinic_id, entered_by) references staff
);
call protect('lab_report');
create index lab_report_by_patient on lab_report (clinic_id, patient_id, collected_at desc);

create table lab_result (
    clinic_id uuid not null,
    report_id uuid not null,
    position integer not null,
    patient_id uuid not null,
    collected_at timestamptz not null,
    local_code text not null,
    name text not null,
    jlac10 text,
    fhir_name text,
    infection boolean not null,
    specimen text not null,
    number numeric,
    words text,
    unit text not null default '',
    low numeric,
    high numeric,
    primary key (clinic_id, report_id, position),
    foreign key (clinic_id, report_id) references lab_report,
    foreign key (clinic_id, patient_id) references patient,
    check ((number is null) <> (words is null))
);
call protect('lab_result');
revoke update on lab_result from karte_app;
create index lab_result_by_code on lab_result (clinic_id, local_code, collected_at desc);
create index lab_result_by_item on lab_result (clinic_id, patient_id, local_code, collected_at);
-- The reference range the clinic printed last for an item.
create index lab_result_with_range on lab_result (clinic_id, local_code, collected_at desc)
    where low is not null or high is not null;
