-- The tenant, its staff and their sessions.
-- Every tenant table: key and foreign keys begin with clinic_id; row-level security is forced; the role `karte_app` the
-- server works as owns nothing. `app.clinic_id` unset is an error, not an empty answer.

do $$
begin
    create role karte_app nologin;
exception
    when duplicate_object or unique_violation then null;
end
$$;
grant karte_app to current_user;
grant usage on schema public to karte_app;
-- What is written stays: a table whose rows may be deleted says so.
alter default privileges in schema public grant select, insert, update on tables to karte_app;
-- The server asks which migrations have run before it calls itself ready.
grant select on _sqlx_migrations to karte_app;

-- The clinic whose rows the present transaction may see.
create function current_clinic() returns uuid
    language sql stable parallel safe
    as $$ select current_setting('app.clinic_id')::uuid $$;

-- Turns a table into a tenant table.
create procedure protect(tenant_table regclass)
    language plpgsql
    as $$
begin
    execute format('alter table %s enable row level security', tenant_table);
    execute format('alter table %s force row level security', tenant_table);
    execute format('create policy tenant on %s using (clinic_id = current_clinic()) with check (clinic_id = current_clinic())', tenant_table);
end
$$;

-- Which short name belongs to which clinic: the one thing known before anybody is signed in. Holds no patient data.
create table clinic_directory (
    slug text primary key check (slug ~ '^[a-z0-9-]{2,40}$'),
    clinic_id uuid not null unique
);
revoke update on clinic_directory from karte_app;

create table clinic (
    clinic_id uuid primary key,
    name text not null,
    institution_number text not null check (institution_number ~ '^[0-4][0-9][1-3][0-9]{7}$'),
    postal_code text not null default '',
    address text not null,
    phone text not null,
    -- Facility standards (施設基準) the clinic has notified, by their names in the fee module.
    standards text[] not null default '{}',
    -- Secret by which the national platform knows the clinic; a client certificate will take its place.
    platform_token text not null,
    next_patient_number bigint not null default 1,
    next_receipt_number bigint not null default 1,
    version bigint not null default 1
);
call protect('clinic');

create table staff (
    clinic_id uuid not null references clinic,
    id uuid not null,
    login text not null,
    name text not null,
    name_kana text not null default '',
    role text not null check (role in ('doctor', 'nurse', 'reception', 'administrator')),
    password_hash text not null,
    active boolean not null default true,
    version bigint not null default 1,
    primary key (clinic_id, id),
    constraint staff_login_taken unique (clinic_id, login)
);
call protect('staff');

-- A session is known by the SHA-256 of its token; the token itself is only in the browser.
create table session (
    clinic_id uuid not null references clinic,
    token_hash bytea not null,
    staff_id uuid not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (clinic_id, token_hash),
    foreign key (clinic_id, staff_id) references staff
);
call protect('session');
grant delete on session to karte_app;

-- Attempts to sign in that have not succeeded, counted by clinic and staff name.
create table sign_in_failure (
    clinic_id uuid not null references clinic,
    login text not null,
    failures integer not null,
    last_at timestamptz not null,
    primary key (clinic_id, login)
);
call protect('sign_in_failure');
grant delete on sign_in_failure to karte_app;

-- Who did what to whose record. Rows are only ever added.
create table audit (
    clinic_id uuid not null references clinic,
    id bigint generated always as identity,
    at timestamptz not null,
    staff_id uuid,
    action text not null,
    patient_id uuid,
    subject_id uuid,
    detail text not null default '',
    request_id text not null default '',
    primary key (clinic_id, id)
);
call protect('audit');
revoke update on audit from karte_app;
create index audit_by_time on audit (clinic_id, at desc);
create index audit_by_patient on audit (clinic_id, patient_id, at desc);
create index audit_by_subject on audit (clinic_id, subject_id, at desc) where subject_id is not null;

-- Takes back a clinic that was founded and never used: whatever refers to it or to its staff forbids it. The application's
-- role may delete none of this by itself.
create function withdraw_clinic(founded uuid) returns void
    language sql security definer set search_path = public
    as $$
    delete from staff where clinic_id = founded;
    delete from clinic where clinic_id = founded;
    delete from clinic_directory where clinic_id = founded;
$$;
revoke execute on function withdraw_clinic(uuid) from public;
grant execute on function withdraw_clinic(uuid) to karte_app;
