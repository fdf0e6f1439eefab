set lock_timeout = '10s';

create table import_run (
    id uuid primary key,
    name text,
    dry_run boolean not null,
    state text not null check (state in ('RUNNING', 'COMPLETED')),
    lines bigint not null default 0,
    imported bigint not null default 0,
    unchanged bigint not null default 0,
    failed bigint not null default 0,
    ends_unknown bigint not null default 0,
    fingerprint bytea not null default '',
    epoch bigint not null default 1,
    lease_until timestamptz not null,
    started_at timestamptz not null,
    updated_at timestamptz not null,
    completed_at timestamptz,
    created_by text not null,
    tenants text[],
    idempotency_key text,
    request_hash text,
    check (lines >= imported + unchanged + failed),
    check ((state = 'COMPLETED') = (completed_at is not null))
);
create unique index import_run_idempotency on import_run (created_by, idempotency_key)
    where idempotency_key is not null;
create index import_run_by_creator on import_run (created_by, id);
comment on table import_run is 'Imports of existing authorizations with their progress; a line is counted in the transaction that writes what it brought';
comment on column import_run.lines is 'Number of the last line that is done, blank ones included: where a repeated request goes on';
comment on column import_run.fingerprint is 'Chained hash of the lines that are done: a repeated request must begin with the same ones';
comment on column import_run.tenants is 'For whom its creator may act; null: for all. Who may act for fewer does not see the import';
comment on column import_run.epoch is 'Grows when another request goes on with the import: fences the one before';
comment on column import_run.lease_until is 'Machine time: until when the request that sends the lines counts as alive';

create table import_fault (
    import_id uuid not null references import_run on delete cascade,
    line bigint not null,
    position integer not null,
    tenant_id text,
    external_id text,
    field text not null,
    message text not null,
    primary key (import_id, line, position)
);
comment on table import_fault is 'What is wrong with a line: the field and what it must be, never what it held';
