set lock_timeout = '10s';

-- Two secrets of an application are good while the provider knows both: the newest and the one before it.
create table app_secret (
    id uuid primary key,
    app_id uuid not null references app,
    version integer not null check (version > 0),
    tenant_key_id uuid not null references tenant_key,
    data_key bytea not null,
    sealed bytea not null,
    added_at timestamptz not null,
    added_by text not null,
    expires_at timestamptz not null,
    announced_stage integer,
    idempotency_key text,
    request_hash text,
    unique (app_id, version)
);
create unique index app_secret_idempotency on app_secret (added_by, idempotency_key) where idempotency_key is not null;
create index app_secret_ending on app_secret (expires_at);
comment on table app_secret is 'Client secrets, sealed; the provider does not tell when one ends, so it is recorded';
comment on column app_secret.announced_stage is 'Days before the end of which operators were last told';

insert into app_secret (id, app_id, version, tenant_key_id, data_key, sealed, added_at, added_by, expires_at)
select gen_random_uuid(), id, secret_version, tenant_key_id, data_key, sealed_client_secret, updated_at, created_by,
       updated_at + interval '180 days'
  from app;

alter table app
    drop column tenant_key_id,
    drop column data_key,
    drop column sealed_client_secret,
    drop column secret_version,
    add column suspended_at timestamptz,
    add column suspended_by text,
    add column event_sequence bigint not null default 0,
    add column probe_tokens double precision not null default 0,
    add column probe_refilled_at timestamptz not null default clock_timestamp();
comment on column app.suspended_at is 'Since then nothing of it is used: no token is given out or asked for';
comment on column app.event_sequence is 'Of the last published event about it; grows under the row lock';
comment on column app.probe_tokens is 'Budget of probes: a token bucket on the machine clock';
