-- What is used and said with a procedure, beside its drugs.

alter table procedure_order
    -- Materials as `model::orders::UsedMaterial`.
    add column materials jsonb not null default '[]',
    -- Comments as `model::comment::RecordedComment`.
    add column comments jsonb not null default '[]';
