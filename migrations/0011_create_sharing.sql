-- Sharing with the national platform, both ways: what is flagged, where it came from, what waits to be told, what was
-- received, and the papers that become documents.

-- 長期保存・未告知・未提供, and where an entry was taken over from (`model::outside::Origin`).
alter table diagnosis
    add column long_term boolean not null default false,
    add column uninformed boolean not null default false,
    add column undelivered boolean not null default false,
    add column origin jsonb;
alter table allergy
    add column long_term boolean not null default false,
    add column origin jsonb;
-- Uncodable allergens share a dummy code (D9M, D9F, D9N) and are told apart by their words.
drop index allergy_once;
create unique index allergy_once on allergy (clinic_id, patient_id, code, name) where removed_at is null;
alter table lab_report
    -- 中間報告: not shared until it is final.
    add column preliminary boolean not null default false,
    add column long_term boolean not null default false,
    add column origin jsonb;

-- Whether the platform has heard of the patient's consent, or of its being taken back, as it stands here.
alter table patient add column consent_told boolean not null default true;
create index patient_consent_untold on patient (clinic_id) where not consent_told;

-- The client certificate took the secret's place.
alter table clinic drop column platform_token;

-- What leaves the house: documents and cancellations, one after the other for each patient.
alter table outbox
    drop constraint outbox_kind_check,
    add constraint outbox_kind_check
        check (kind in ('allergies', 'diagnoses', 'lab_report', 'referral', 'care_plan', 'checkup', 'discharge')),
    drop constraint outbox_state_check,
    -- 'checking': taken in and not decided yet. 'cancelled': registered once, and taken back since.
    add constraint outbox_state_check check (state in ('waiting', 'checking', 'sent', 'refused', 'superseded', 'cancelled')),
    -- A cancellation carries no bundle; it names identifier and insured person.
    add column action text not null default 'register' check (action in ('register', 'cancel')),
    -- Insured person's identifier as sent; a change of insurance cancels under the old one.
    add column member_id text not null default '',
    -- Institution a letter is addressed to, by name.
    add column addressee text not null default '',
    -- What stood in the way last: `model::share::ProblemKind`.
    add column problem_kind text,
    -- `model::share::Mend`, one for each reason of a refusal; the words alone said too little.
    add column mends jsonb not null default '[]',
    drop column reasons,
    -- When the platform took it; set once.
    add column taken_at timestamptz,
    -- When it ended at the platform: replaced or taken back.
    add column ended_at timestamptz,
    -- When the house a letter is addressed to opened it (受領).
    add column received_at timestamptz,
    -- It left, and nobody knows whether it arrived: it is repeated with its key until it is answered, also where a newer one
    -- stands behind it. Else it might arrive after that one.
    add column unanswered boolean not null default false,
    -- The order in which documents were put in, which is the order in which they leave for each patient.
    add column sequence bigint generated always as identity;
-- The latest of each identity is the one that was put in last, not the one with the latest request.
drop index outbox_latest;
create index outbox_latest on outbox (clinic_id, patient_id, identifier, sequence desc) where state <> 'superseded';
create index outbox_in_order on outbox (clinic_id, patient_id, sequence) where state in ('waiting', 'checking');
create index outbox_checking on outbox (clinic_id, next_attempt_at) where state = 'checking';
create index outbox_open_letters on outbox (clinic_id, updated_at) where kind = 'referral' and state = 'sent';

-- A change that is still to be told to the platform the same day: allergies and diagnoses changed outside of a visit or
-- before its confirmation, and reports that became final while a visit was open.
create table share_due (
    clinic_id uuid not null references clinic,
    patient_id uuid not null,
    kind text not null check (kind in ('allergies', 'diagnoses', 'lab_report')),
    due_at timestamptz not null,
    -- Who changed it last: the document goes out in that name.
    staff_id uuid not null,
    primary key (clinic_id, patient_id, kind),
    foreign key (clinic_id, patient_id) references patient,
    foreign key (clinic_id, staff_id) references staff
);
call protect('share_due');
grant delete on share_due to karte_app;
create index share_due_by_time on share_due (clinic_id, due_at);

-- A document of another house as it was received, whole, also one that is broken.
create table received (
    clinic_id uuid not null references clinic,
    id uuid not null,
    -- Our patient; unknown for a letter until somebody says whom it is about.
    patient_id uuid,
    -- Number by which the platform hands it out.
    receipt text not null,
    -- `Bundle.identifier.value`; empty where it could not be read.
    identifier text not null default '',
    kind text,
    -- Whether it is a letter addressed to us.
    is_letter boolean not null default false,
    institution_number text not null default '',
    institution text not null default '',
    department text not null default '',
    doctor text not null default '',
    -- `model::outside::NamedPatient`.
    about jsonb not null,
    purpose text not null default '',
    made_on date not null,
    shared_at timestamptz not null,
    fetched_at timestamptz not null,
    content bytea not null,
    -- Why it was refused whole; empty for what could be read.
    refused text[] not null default '{}',
    -- When somebody here opened it first (受領), and when the platform was told.
    opened_at timestamptz,
    opened_by uuid,
    told_at timestamptz,
    -- When its sender took it back or replaced it.
    gone_at timestamptz,
    -- Insured person's identifier it was last listed under; empty for a letter out of the mailbox.
    listed_under text not null default '',
    -- Identifier of the letter of ours that it answers (返書).
    answers text not null default '',
    -- That letter's id, where the identifier ends in one.
    answers_letter uuid,
    version bigint not null default 1,
    primary key (clinic_id, id),
    constraint received_once unique (clinic_id, receipt),
    foreign key (clinic_id, patient_id) references patient,
    foreign key (clinic_id, opened_by) references staff
);
call protect('received');
create index received_by_patient on received (clinic_id, patient_id, made_on desc);
create index received_letters on received (clinic_id, made_on desc) where is_letter;
create index received_by_identifier on received (clinic_id, identifier);

-- An entry of a received document that stands in our chart now.
create table taken_over (
    clinic_id uuid not null references clinic,
    received_id uuid not null,
    entry integer not null,
    patient_id uuid not null,
    -- What it became: a diagnosis, an allergy, or a result of a report.
    kind text not null check (kind in ('diagnosis', 'allergy', 'result')),
    subject_id uuid not null,
    staff_id uuid not null,
    at timestamptz not null,
    primary key (clinic_id, received_id, entry),
    foreign key (clinic_id, received_id) references received,
    foreign key (clinic_id, patient_id) references patient,
    foreign key (clinic_id, staff_id) references staff
);
call protect('taken_over');
grant delete on taken_over to karte_app;
-- Results that were taken over can be taken back; those of the house itself stay.
grant delete on lab_report, lab_result to karte_app;
create policy own_stays on lab_report as restrictive for delete using (origin is not null);
create policy own_stays on lab_result as restrictive for delete using (
    exists (select 1 from lab_report r where r.clinic_id = lab_result.clinic_id and r.id = report_id and r.origin is not null)
);
create index taken_over_by_subject on taken_over (clinic_id, subject_id);

-- When others' records of a patient were asked for, by whom, what for.
create table outside_asked (
    clinic_id uuid not null references clinic,
    patient_id uuid not null,
    at timestamptz not null,
    staff_id uuid not null,
    purpose text not null check (purpose in ('treatment', 'referral', 'emergency', 'verification')),
    -- `model::outside::Asked`; until there is an answer, that there is none.
    answer jsonb not null,
    primary key (clinic_id, patient_id, at),
    foreign key (clinic_id, patient_id) references patient,
    foreign key (clinic_id, staff_id) references staff
);
call protect('outside_asked');
-- That somebody asked stands; only what came of it is written later.
revoke update on outside_asked from karte_app;
grant update (answer) on outside_asked to karte_app;

-- How the last look into the mailbox went, one row a clinic.
create table inbox_asked (
    clinic_id uuid primary key references clinic,
    at timestamptz not null,
    -- Up to which number the platform's list has been read.
    cursor bigint not null default 0,
    problem_kind text,
    problem text not null default ''
);
call protect('inbox_asked');

-- The letter a letter answers, and files that go along.
alter table letter
    add column replies_to uuid,
    -- `model::letter::Enclosed` as it was when the letter was issued: what a paper copy says does not change later.
    add column enclosed jsonb,
    add foreign key (clinic_id, replies_to) references received;
create index letter_by_answered on letter (clinic_id, replies_to) where replies_to is not null;
create table letter_file (
    clinic_id uuid not null references clinic,
    id uuid not null,
    letter_id uuid not null,
    title text not null,
    content_type text not null,
    content bytea not null,
    added_at timestamptz not null,
    added_by uuid not null,
    primary key (clinic_id, id),
    foreign key (clinic_id, letter_id) references letter on delete cascade,
    foreign key (clinic_id, added_by) references staff
);
call protect('letter_file');
revoke update on letter_file from karte_app;
grant update (title) on letter_file to karte_app;
grant delete on letter_file to karte_app;
create index letter_file_by_letter on letter_file (clinic_id, letter_id, added_at);

-- What goes along with an issued letter stands as the letter does. (A draft that is thrown away takes its files along: by
-- then its row is gone.)
create function letter_file_stays_issued() returns trigger
    language plpgsql
    as $$
declare
    file letter_file := case tg_op when 'DELETE' then old else new end;
begin
    if exists (select 1 from letter l where l.clinic_id = file.clinic_id and l.id = file.letter_id and l.issued_at is not null) then
        raise exception 'the files of an issued letter are immutable' using constraint = 'letter_issued';
    end if;
    return file;
end
$$;
create trigger letter_file_stays_issued before insert or update or delete on letter_file
    for each row execute function letter_file_stays_issued();

-- A paper that becomes a document: 患者サマリー（療養計画書）, 健診結果報告書, 退院時サマリー.
create table paper (
    clinic_id uuid not null references clinic,
    id uuid not null,
    patient_id uuid not null,
    kind text not null check (kind in ('care_plan', 'checkup', 'discharge')),
    -- `model::paper::PaperForm` of the kind.
    form jsonb not null,
    title text not null default '',
    author_id uuid not null,
    saved_at timestamptz not null,
    saved_by uuid not null,
    issued_at timestamptz,
    -- `model::paper::PaperContent` as it was when the paper was issued: what it says does not change with the chart.
    content jsonb,
    version bigint not null default 1,
    primary key (clinic_id, id),
    check ((issued_at is null) = (content is null)),
    foreign key (clinic_id, patient_id) references patient,
    foreign key (clinic_id, author_id) references staff,
    foreign key (clinic_id, saved_by) references staff
);
call protect('paper');
grant delete on paper to karte_app;
create index paper_by_patient on paper (clinic_id, patient_id, saved_at desc);

-- An issued paper stands like an issued letter: one rule for both.
alter function letter_stays_issued() rename to issued_stays;
create or replace function issued_stays() returns trigger
    language plpgsql
    as $$
begin
    if old.issued_at is not null then
        raise exception 'an issued % is immutable', tg_table_name using constraint = tg_table_name || '_issued';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger paper_stays_issued before update or delete on paper
    for each row execute function issued_stays();
