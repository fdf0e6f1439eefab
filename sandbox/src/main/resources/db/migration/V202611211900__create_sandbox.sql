set lock_timeout = '10s';

create table mail (
    id bigint generated always as identity primary key,
    message_id text,
    sender text,
    recipients text not null,
    subject text not null,
    text_body text,
    html_body text,
    received_at timestamptz not null
);

create table application (
    application_id text primary key,
    client_id text not null unique,
    client_secret text not null,
    name text not null,
    redirect_uris text[] not null,
    login_uri text,
    published boolean not null,
    created_at timestamptz not null
);
comment on column application.client_secret is 'Plain on purpose: the sandbox shows it at /sandbox/apps.';

create table authorization_given (
    id bigint generated always as identity primary key,
    seller_id text not null,
    application_id text not null references application,
    authorized_at timestamptz not null,
    expires_at timestamptz not null,
    disabled_at timestamptz,
    unique (seller_id, application_id)
);

create table authorization_code (
    code_hash text primary key,
    authorization_id bigint not null references authorization_given,
    redirect_uri text not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

create table refresh_token (
    token_hash text primary key,
    authorization_id bigint not null references authorization_given,
    issued_at timestamptz not null,
    withdrawn_at timestamptz
);
create index refresh_token_authorization on refresh_token (authorization_id);

create table access_token (
    token_hash text primary key,
    application_id text not null references application,
    authorization_id bigint references authorization_given,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    withdrawn_at timestamptz
);
create index access_token_authorization on access_token (authorization_id);
create index access_token_expiry on access_token (expires_at);
comment on column access_token.authorization_id is 'Absent for grantless tokens (client_credentials).';

create table central_session (
    session_hash text primary key,
    email text not null,
    form_token text not null
);

create table login_leg (
    state_hash text primary key,
    seller_id text not null,
    application_id text not null references application,
    expires_at timestamptz not null,
    used_at timestamptz
);
comment on table login_leg is 'A renewal that Amazon started: it waits for the application''s Login URI to come back with amazon_state.';

create table page_token (
    token_hash text primary key,
    seller_id text not null,
    application_id text not null,
    query text not null,
    upper_bound timestamptz not null,
    position_at timestamptz not null,
    position_order_id text not null,
    expires_at timestamptz not null
);
create index page_token_expiry on page_token (expires_at);

create table quota (
    seller_id text not null,
    application_id text not null,
    region text not null,
    operation text not null,
    tokens double precision not null,
    refilled_at timestamptz not null,
    primary key (seller_id, application_id, region, operation)
);

create table injected_orders (
    id bigint generated always as identity primary key,
    seller_id text not null,
    quantity integer not null check (quantity between 1 and 1000000),
    placed_from timestamptz not null,
    placed_to timestamptz not null,
    check (placed_from <= placed_to)
);
create index injected_orders_seller on injected_orders (seller_id);

create table fault (
    id bigint generated always as identity primary key,
    operation text not null,
    kind text not null,
    probability double precision not null check (probability between 0 and 1),
    seed bigint not null,
    until_at timestamptz,
    latency_ms bigint,
    rate double precision,
    burst integer,
    calls bigint not null default 0
);

create table behaviour (
    only_row boolean primary key default true check (only_row),
    old_refresh_token text not null,
    late_renewal text not null
);
comment on table behaviour is 'Answers to what Amazon does not document; one row.';

create table call_log (
    sequence bigint generated always as identity primary key,
    domain_time timestamptz not null,
    operation text not null,
    grant_type text,
    seller_id text,
    status integer not null,
    fault text
);
