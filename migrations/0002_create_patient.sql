-- Patients with their insurance cards and subsidies.

create table patient (
    clinic_id uuid not null references clinic,
    id uuid not null,
    number bigint not null,
    family text not null,
    given text not null,
    family_kana text not null,
    given_kana text not null,
    -- Folded for search: kana without blanks, kanji without blanks. A prefix is searched as a range.
    kana_folded text not null,
    name_folded text not null,
    sex text not null check (sex in ('male', 'female')),
    birth_date date not null,
    postal_code text not null default '',
    address text not null,
    phone text not null default '',
    phone_digits text not null default '',
    consent_on date,
    registered_at timestamptz not null,
    version bigint not null default 1,
    primary key (clinic_id, id),
    constraint patient_number_taken unique (clinic_id, number)
);
call protect('patient');
create index patient_by_kana on patient (clinic_id, kana_folded text_pattern_ops);
create index patient_by_name on patient (clinic_id, name_folded text_pattern_ops);
create index patient_by_given_kana on patient (clinic_id, given_kana text_pattern_ops);
create index patient_by_given on patient (clinic_id, given text_pattern_ops);
create index patient_by_birth on patient (clinic_id, birth_date);
create index patient_by_phone on patient (clinic_id, phone_digits text_pattern_ops);

create table insurance (
    clinic_id uuid not null,
    id uuid not null,
    patient_id uuid not null,
    insurer text not null,
    symbol text not null default '',
    number text not null,
    branch text,
    relation text not null check (relation in ('insured', 'dependent')),
    share smallint not null check (share in (0, 10, 20, 30)),
    limit_class text,
    valid_from date not null,
    valid_to date,
    version bigint not null default 1,
    primary key (clinic_id, id),
    foreign key (clinic_id, patient_id) references patient,
    check (valid_to is null or valid_to >= valid_from)
);
call protect('insurance');
create index insurance_by_card on insurance (clinic_id, insurer, number);
create index insurance_by_patient on insurance (clinic_id, patient_id, valid_from desc);

create table subsidy (
    clinic_id uuid not null,
    id uuid not null,
    patient_id uuid not null,
    payer text not null,
    recipient text not null,
    share smallint,
    monthly_cap bigint,
    valid_from date not null,
    valid_to date,
    version bigint not null default 1,
    primary key (clinic_id, id),
    foreign key (clinic_id, patient_id) references patient,
    check (valid_to is null or valid_to >= valid_from)
);
call protect('subsidy');
create index subsidy_by_patient on subsidy (clinic_id, patient_id, valid_from desc);
