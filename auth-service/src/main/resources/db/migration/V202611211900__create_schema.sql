set lock_timeout = '10s';

create table tenant (
    id text primary key check (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    name text not null,
    integrator text,
    support_email text,
    support_hours text,
    support_url text,
    colour text,
    logo_url text,
    sender_name text,
    sender_address text,
    return_urls text[] not null default '{}',
    locales text[] not null default '{}',
    created_at timestamptz not null,
    updated_at timestamptz not null
);
comment on table tenant is 'Customers of the integrator with their brand; owned by the tenant capability';

create table tenant_key (
    id uuid primary key,
    owner text not null,
    key_encryption_key text not null,
    wrapped bytea not null,
    is_primary boolean not null,
    created_at timestamptz not null
);
create unique index tenant_key_primary on tenant_key (owner) where is_primary;
create index tenant_key_by_kek on tenant_key (key_encryption_key);
comment on table tenant_key is 'Keys that wrap data keys, one primary per tenant (owner * = secrets of the platform); wrapped by a key-encryption key that lives in a file';

create table app (
    id uuid primary key,
    name text not null unique,
    provider text not null check (provider in ('AMAZON_SELLER', 'AMAZON_VENDOR', 'AMAZON_ADS')),
    client_id text not null,
    tenant_key_id uuid not null references tenant_key,
    data_key bytea not null,
    sealed_client_secret bytea not null,
    secret_version integer not null default 1,
    application_id text not null,
    draft boolean not null,
    is_private boolean not null,
    is_default boolean not null,
    redirect_uri text not null,
    authorization_endpoint text,
    token_endpoint text not null,
    api_na text not null,
    api_eu text not null,
    api_fe text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    created_by text not null,
    idempotency_key text,
    request_hash text
);
create unique index app_default on app (provider) where is_default;
create unique index app_idempotency on app (created_by, idempotency_key) where idempotency_key is not null;

create table connection (
    id uuid primary key,
    tenant_id text not null references tenant,
    external_id text not null,
    reference text not null unique,
    provider text not null check (provider in ('AMAZON_SELLER', 'AMAZON_VENDOR', 'AMAZON_ADS')),
    region text not null check (region in ('NA', 'EU', 'FE')),
    app_id uuid not null references app,
    label text not null,
    contacts text not null check (contacts is json array),
    marketplaces text[] not null,
    expected_account_id text,
    state text not null check (state in
        ('PENDING', 'ACTIVE', 'SUSPECT', 'OVERDUE', 'EXPIRED', 'REVOKED', 'DISCONNECTED')),
    generation integer not null default 0 check (generation >= 0),
    sequence bigint not null default 0,
    account_id text,
    account_name text,
    account_marketplaces text[] not null default '{}',
    authorized_at timestamptz,
    renewed_at timestamptz,
    ends_at timestamptz,
    ends_at_source text check (ends_at_source in ('RULE', 'OPERATOR', 'ESTIMATE')),
    suspect_since timestamptz,
    last_refused_at timestamptz,
    last_probe_at timestamptz,
    last_probe_result text,
    next_probe_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    created_by text not null,
    idempotency_key text,
    request_hash text,
    check ((generation = 0) = (account_id is null)),
    check ((state = 'PENDING') <= (generation = 0))
);
create unique index connection_external_id on connection (tenant_id, external_id) where state <> 'DISCONNECTED';
-- The duplicate guard: one account is held by one connection of a tenant.
create unique index connection_account on connection (tenant_id, provider, region, app_id, account_id)
    where account_id is not null and state <> 'DISCONNECTED';
create unique index connection_idempotency on connection (created_by, idempotency_key)
    where idempotency_key is not null;
create index connection_due_probe on connection (next_probe_at) where next_probe_at is not null;
create index connection_by_tenant on connection (tenant_id, id);
create index connection_by_end on connection (ends_at) where ends_at is not null;
create index connection_suspects on connection (suspect_since) where suspect_since is not null;
comment on column connection.sequence is 'Of the last published event; grows under the row lock';
comment on column connection.account_marketplaces is 'Where the account took part when it last consented: evidence for the account guard';

create table grant_record (
    id uuid primary key,
    tenant_id text not null,
    connection_id uuid not null references connection,
    generation integer not null check (generation > 0),
    status text not null check (status in ('CANDIDATE', 'CURRENT', 'SUPERSEDED', 'QUARANTINED', 'DESTROYED')),
    account_id text not null,
    granted_at timestamptz not null,
    tenant_key_id uuid references tenant_key,
    data_key bytea,
    sealed_refresh_token bytea,
    sealed_access_token bytea,
    access_expires_at timestamptz,
    lease_owner text,
    lease_epoch bigint not null default 0,
    lease_until timestamptz,
    keep_until timestamptz,
    -- Without its data key nothing sealed can be opened again.
    check ((status in ('SUPERSEDED', 'DESTROYED')) = (data_key is null)),
    check ((data_key is null) = (sealed_refresh_token is null))
);
create unique index grant_current on grant_record (connection_id) where status = 'CURRENT';
create index grant_by_connection on grant_record (connection_id);
create index grant_quarantined on grant_record (keep_until) where status = 'QUARANTINED';
comment on column grant_record.lease_until is 'Machine time: who may ask for an access token; lease_epoch fences a holder that lost it';

create table consent_link (
    id uuid primary key,
    token_hash bytea not null unique,
    tenant_id text not null references tenant,
    return_url text,
    sealed_token bytea,
    tenant_key_id uuid references tenant_key,
    data_key bytea,
    created_at timestamptz not null,
    created_by text not null,
    idempotency_key text,
    request_hash text
);
create unique index consent_link_idempotency on consent_link (created_by, idempotency_key)
    where idempotency_key is not null;
comment on column consent_link.sealed_token is 'Only where an idempotency key was given, so that a repeated call gets the same answer';

create table consent_link_connection (
    link_id uuid not null references consent_link on delete cascade,
    position integer not null,
    connection_id uuid not null references connection,
    generation integer not null,
    primary key (link_id, connection_id)
);
create index consent_link_connection_by_connection on consent_link_connection (connection_id, generation);

create table authorization_request (
    id uuid primary key,
    state_hash bytea not null unique,
    browser_hash bytea not null,
    link_id uuid references consent_link on delete set null,
    tenant_id text not null,
    connection_id uuid not null references connection,
    generation integer not null,
    region text not null,
    app_id uuid not null references app,
    locale text not null,
    status text not null check (status in
        ('STARTED', 'EXCHANGING', 'CHECKING', 'AWAITING_CONFIRMATION', 'COMPLETED', 'WRONG_ACCOUNT', 'DUPLICATE',
         'DENIED', 'FAILED', 'UNKNOWN', 'SUPERSEDED', 'ABANDONED')),
    started_at timestamptz not null,
    expires_at timestamptz not null,
    claimed_at timestamptz,
    grant_id uuid references grant_record,
    account_id text,
    account_name text,
    account_marketplaces text[] not null default '{}',
    attempts integer not null default 0,
    next_attempt_at timestamptz
);
create index authorization_request_open on authorization_request (expires_at) where status = 'STARTED';
create index authorization_request_exchanging on authorization_request (claimed_at) where status = 'EXCHANGING';
create index authorization_request_due on authorization_request (next_attempt_at) where next_attempt_at is not null;
create index authorization_request_by_connection on authorization_request (connection_id, started_at);
comment on column authorization_request.claimed_at is 'Machine time of the claim: tells a crash during the exchange from a slow answer';

create table audit_entry (
    id bigint generated always as identity primary key,
    tenant_id text,
    connection_id uuid,
    generation integer,
    kind text not null,
    actor text not null,
    from_state text,
    to_state text,
    reason text,
    occurred_at timestamptz not null
);
create index audit_entry_by_connection on audit_entry (connection_id, id);
create index audit_entry_by_kind on audit_entry (kind, occurred_at);
comment on table audit_entry is 'Append-only; never holds a token, code, state, link or mail address';

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'audit_entry is append-only';
end
$$;
create trigger audit_entry_append_only before update or delete on audit_entry
    for each statement execute function refuse_change();
