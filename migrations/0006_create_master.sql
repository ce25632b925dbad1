-- The national masters (マスター): files as published, the rows they make, and files that wait to be applied.
-- What is in force is a function of the set of applied files. The rows are derived from it and kept so that a server starts
-- quickly and SQL can look; nobody edits them.

-- A clinic that keeps the masters of the installation: its administrators import, all others see. The first clinic does.
alter table clinic add column keeps_masters boolean not null default false;
-- Nobody who works as the application makes itself the keeper.
revoke update on clinic from karte_app;
grant update (name, institution_number, postal_code, address, phone, standards, platform_token, next_patient_number,
    next_receipt_number, version) on clinic to karte_app;

-- Whatever an insert says, the first clinic of an installation keeps the masters and no later one does.
create function first_clinic_keeps_masters() returns trigger
    language plpgsql
    as $$
begin
    perform pg_advisory_xact_lock(hashtext('first clinic'));
    new.keeps_masters := not exists (select from clinic_directory where clinic_id <> new.clinic_id);
    return new;
end
$$;
create trigger first_clinic_keeps_masters before insert on clinic
    for each row execute function first_clinic_keeps_masters();

-- Clinics founded before: ids sort by the time they were made.
do $$
declare
    first uuid := (select clinic_id from clinic_directory order by clinic_id limit 1);
begin
    if first is not null then
        perform set_config('app.clinic_id', first::text, true);
        update clinic set keeps_masters = true where clinic_id = first;
    end if;
end
$$;

-- Whether the present transaction works for the clinic that keeps the masters. Without a clinic it is an error.
create function keeps_masters() returns boolean
    language sql stable
    as $$ select coalesce((select keeps_masters from clinic where clinic_id = current_clinic()), false) $$;

-- Turns a table into one that belongs to no clinic: everybody reads, the keeper writes. The schema's owner, as which the
-- command line works, is not held back.
create procedure protect_national(national_table regclass)
    language plpgsql
    as $$
begin
    execute format('alter table %s enable row level security', national_table);
    execute format('create policy readers on %s for select using (true)', national_table);
    execute format('create policy keeper_adds on %s for insert with check ((select keeps_masters()))', national_table);
    execute format('create policy keeper_changes on %s for update using ((select keeps_masters())) with check ((select keeps_masters()))', national_table);
    execute format('create policy keeper_deletes on %s for delete using ((select keeps_masters()))', national_table);
end
$$;

-- A file that was applied, as published. Withdrawing it keeps it for the record.
create table master_file (
    id uuid primary key,
    file text not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    content bytea not null,
    -- `model::edition::FileTable`s found in it.
    tables jsonb not null,
    -- Added as history (過去の版): older than what was in force then.
    past boolean not null default false,
    applied_at timestamptz not null,
    applied_by text not null,
    -- Who applied it; absent from the command line. No foreign key: a file belongs to no clinic.
    applied_clinic_id uuid,
    applied_staff_id uuid,
    withdrawn_at timestamptz,
    withdrawn_by text,
    check ((withdrawn_at is null) = (withdrawn_by is null))
);
call protect_national('master_file');
revoke update on master_file from karte_app;
grant update (withdrawn_at, withdrawn_by) on master_file to karte_app;
create unique index master_file_once on master_file (sha256) where withdrawn_at is null;
comment on column master_file.content is 'The bytes as published (zip, csv or xlsx); their SHA-256 is in sha256.';
comment on column master_file.tables is 'The tables found in the file: kind, edition, date, full, rows.';

-- Rows in the meaning of the specifications: all states of a code, each with its days.
create table master_row (
    kind text not null,
    code text not null,
    valid_from date not null,
    valid_to date,
    edition text not null,
    file_id uuid not null references master_file,
    line integer not null,
    cells text[] not null,
    -- Of all of the above, so that an import writes nothing but what differs.
    digest bytea not null check (length(digest) = 16),
    primary key (kind, digest)
);
call protect_national('master_row');
revoke update on master_row from karte_app;
grant delete on master_row to karte_app;
create index master_row_by_code on master_row (kind, code, valid_from);
create index master_row_by_file on master_row (file_id);
-- Rows are read whole and often: compressing the wide ones would cost more than the room it saves.
alter table master_row set (toast_tuple_target = 8160);
comment on table master_row is 'National masters, row by row. Derived from master_file; never edited. The one in force on a day: valid_from <= day and (valid_to is null or day <= valid_to).';
comment on column master_row.kind is 'What the table is: disease, modifier, procedure, drug, material, comment, allergen, lab, points_*, comment_relation, general_name, drug_price_*, ...';
comment on column master_row.code is 'Claim code, or what else the rows of the kind are known by.';
comment on column master_row.valid_from is 'First day in force.';
comment on column master_row.valid_to is 'Last day in force; null when open.';
comment on column master_row.edition is 'The edition the row came from, e.g. C 2026-06-26.';
comment on column master_row.file_id is 'The file it came from.';
comment on column master_row.line is 'Line of that file, from 1; of a workbook the row of its sheet.';
comment on column master_row.cells is 'All cells as text: cells[n] is column n of the published specification (レセプト電算処理システム マスターファイル仕様説明書), so cells[12] of a procedure holds its points and cells[5] its name.';

-- How often the set of applied files has changed. Servers compare it with what they hold in memory.
create table master_state (
    one boolean primary key default true check (one),
    number bigint not null
);
insert into master_state (number) values (0);
call protect_national('master_state');
revoke insert on master_state from karte_app;

-- A file that was handed in and waits for preview and apply.
create table master_upload (
    clinic_id uuid not null references clinic,
    id uuid not null,
    file text not null,
    sha256 text not null,
    -- Bytes as handed in; of a refused file only this number is kept.
    size bigint not null,
    content bytea not null,
    tables jsonb not null,
    -- `model::edition::Refusal`, where it cannot be applied.
    refusal jsonb,
    at timestamptz not null,
    staff_id uuid not null,
    primary key (clinic_id, id),
    foreign key (clinic_id, staff_id) references staff
);
call protect('master_upload');
revoke update on master_upload from karte_app;
grant delete on master_upload to karte_app;
create index master_upload_by_time on master_upload (clinic_id, at);
