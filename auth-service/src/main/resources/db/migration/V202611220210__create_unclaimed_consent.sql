set lock_timeout = '10s';

create table unclaimed_consent (
    id uuid primary key,
    reference text not null unique,
    state_hash bytea not null unique,
    browser_hash bytea not null,
    app_id uuid not null references app,
    provider text not null check (provider in ('AMAZON_SELLER', 'AMAZON_VENDOR')),
    region text not null check (region in ('NA', 'EU', 'FE')),
    account_id text not null,
    account_name text,
    account_marketplaces text[] not null default '{}',
    locale text not null,
    status text not null check (status in ('STARTED', 'EXCHANGING', 'WAITING', 'CLAIMED', 'ENDED')),
    started_at timestamptz not null,
    expires_at timestamptz not null,
    exchanging_since timestamptz,
    granted_at timestamptz,
    claim_until timestamptz,
    connection_id uuid references connection,
    tenant_key_id uuid references tenant_key,
    data_key bytea,
    sealed_refresh_token bytea,
    sealed_access_token bytea,
    access_expires_at timestamptz,
    check ((status = 'WAITING') = (data_key is not null)),
    check ((data_key is null) = (sealed_refresh_token is null))
);
create unique index unclaimed_consent_account on unclaimed_consent (app_id, region, account_id)
    where status = 'WAITING';
create index unclaimed_consent_open on unclaimed_consent (expires_at) where status = 'STARTED';
create index unclaimed_consent_waiting on unclaimed_consent (claim_until) where status = 'WAITING';
create index unclaimed_consent_exchanging on unclaimed_consent (exchanging_since) where status = 'EXCHANGING';
create index unclaimed_consent_browser on unclaimed_consent (browser_hash) where status = 'WAITING';
comment on table unclaimed_consent is 'Consents of merchants whom no connection knows; sealed, used for nothing, destroyed unless claimed in time';
comment on column unclaimed_consent.exchanging_since is 'Machine time: tells a crash during the exchange from a slow answer';

-- The Login URI tells nothing but the account.
create index connection_by_account on connection (account_id, app_id)
    where account_id is not null and state <> 'DISCONNECTED';
