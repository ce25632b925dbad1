-- The clinic's own layer over the national masters: what it adopted, prefers and hides, its order sets, and its items outside
-- of insurance. National rows are referred to by code and never by key: the layer stands whatever edition is loaded.

create table inhouse_item (
    clinic_id uuid not null references clinic,
    kind text not null check (kind in ('disease', 'modifier', 'procedure', 'drug', 'material', 'comment', 'allergen', 'lab')),
    code text not null,
    -- By which the audit trail knows it.
    id uuid not null,
    -- Name, unit and 12-character code (YJ) of the national row, as last known: what is said of it when the row is gone.
    name text not null,
    unit text not null default '',
    yj text not null default '',
    own_name text not null default '',
    own_reading text not null default '',
    adopted boolean not null default false,
    favourite boolean not null default false,
    hidden boolean not null default false,
    -- How a drug is usually prescribed here.
    amount numeric check (amount > 0),
    route text check (route in ('internal', 'prn', 'external')),
    usage text not null default '',
    count integer not null default 0 check (count >= 0),
    removed_at timestamptz,
    version bigint not null default 1,
    primary key (clinic_id, kind, code),
    check ((amount is null) = (route is null))
);
call protect('inhouse_item');

create table order_set (
    clinic_id uuid not null references clinic,
    id uuid not null,
    name text not null,
    reading text not null default '',
    -- `model::orders::Rp` and `model::orders::ProcedureOrder`, whose ids mean nothing.
    prescriptions jsonb not null default '[]',
    procedures jsonb not null default '[]',
    -- Pairs of the id of a `self_paid_item` and a quantity.
    self_paid jsonb not null default '[]',
    removed_at timestamptz,
    version bigint not null default 1,
    primary key (clinic_id, id)
);
call protect('order_set');
create unique index order_set_name_taken on order_set (clinic_id, name) where removed_at is null;

create table self_paid_item (
    clinic_id uuid not null references clinic,
    id uuid not null,
    name text not null,
    reading text not null default '',
    -- Yen of one, and the consumption tax in percent, as the clinic states them.
    price bigint not null check (price >= 0),
    tax_percent smallint not null check (tax_percent between 0 and 99),
    tax_included boolean not null,
    -- A visit with nothing else ordered is no insured one.
    no_visit_fee boolean not null,
    active boolean not null,
    version bigint not null default 1,
    primary key (clinic_id, id)
);
call protect('self_paid_item');
create unique index self_paid_item_name_taken on self_paid_item (clinic_id, name) where active;

-- An item in a visit: name, price and tax of that day, whatever becomes of the item.
create table self_paid_line (
    clinic_id uuid not null,
    id uuid not null,
    visit_id uuid not null,
    item_id uuid not null,
    -- In which order they were put there.
    number bigint generated always as identity,
    name text not null,
    quantity integer not null check (quantity > 0),
    total bigint not null check (total >= 0),
    tax bigint not null check (tax between 0 and total),
    tax_percent smallint not null,
    no_visit_fee boolean not null,
    primary key (clinic_id, id),
    constraint self_paid_line_once unique (clinic_id, visit_id, item_id),
    foreign key (clinic_id, visit_id) references visit,
    foreign key (clinic_id, item_id) references self_paid_item
);
call protect('self_paid_line');
grant delete on self_paid_line to karte_app;
