create table connection_view (
    connection_id  uuid primary key,
    tenant_id      text not null,
    external_id    text not null,
    provider       text not null,
    region         text not null,
    generation     integer not null,
    marketplaces   text[] not null default '{}',
    state          text not null
        check (state in ('PENDING', 'ACTIVE', 'EXPIRED', 'REVOKED', 'DISCONNECTED')),
    account_id     text,
    seen_sequence  bigint not null,
    event_sequence bigint not null default 0,
    next_daily_at  timestamptz,
    covered_until  timestamptz
);
create index connection_view_tenant on connection_view (tenant_id, connection_id);
create index connection_view_daily on connection_view (next_daily_at) where next_daily_at is not null;
create index connection_view_covered on connection_view (covered_until) where state = 'ACTIVE';

comment on table connection_view is 'Connections as the events of auth-service tell them; states that have no event (SUSPECT, OVERDUE) show as ACTIVE';
comment on column connection_view.seen_sequence is 'Sequence of the last event of this generation; an older one of the same generation has no effect';
comment on column connection_view.event_sequence is 'Sequence of the last event that this service wrote for the connection; its row lock orders them';
comment on column connection_view.next_daily_at is 'Domain clock; null while nothing may be fetched';
comment on column connection_view.covered_until is 'Earliest watermark of its marketplaces, for the metric of the lag';

create table coverage (
    connection_id  uuid not null,
    marketplace_id text not null,
    origin         timestamptz not null,
    read           tstzmultirange not null default '{}',
    primary key (connection_id, marketplace_id)
);
comment on table coverage is 'Update times that were read completely. Grows only; marketplace * stands for all of a connection that names none';
comment on column coverage.origin is 'From where on nothing may be missing: the watermark is the end of the run that begins here';

create table quota_bucket (
    app_id     text not null,
    account_id text not null,
    region     text not null,
    operation  text not null,
    burst      integer not null check (burst > 0),
    spacing    interval not null check (spacing > interval '0'),
    full_at    timestamptz not null,
    primary key (app_id, account_id, region, operation)
);
comment on table quota_bucket is 'What is left of a seller''s quota. A bucket without a row was never used: full';
comment on column quota_bucket.full_at is 'Domain clock: when the bucket is full again. It holds burst - (full_at - now) / spacing requests';

create table fetch_job (
    id               uuid primary key,
    connection_id    uuid not null references connection_view,
    tenant_id        text not null,
    reason           text not null check (reason in ('FIRST_LOAD', 'RENEWAL_GAP', 'DAILY', 'MANUAL')),
    state            text not null
        check (state in ('WAITING', 'RUNNING', 'COMPLETED', 'FAILED', 'PARKED', 'CANCELLED')),
    marketplaces     text[] not null,
    window_from      timestamptz not null,
    window_to        timestamptz not null,
    answered_to      timestamptz,
    page_token       text,
    seen_tokens      bigint[] not null default '{}',
    empty_pages      integer not null default 0,
    restarts         integer not null default 0,
    pages            integer not null default 0,
    orders_new       integer not null default 0,
    orders_updated   integer not null default 0,
    orders_unchanged integer not null default 0,
    orders_set_aside integer not null default 0,
    attempts         integer not null default 0,
    code             text,
    message          text,
    caused_at        timestamptz not null,
    requested_at     timestamptz not null,
    started_at       timestamptz,
    completed_at     timestamptz,
    next_attempt_at  timestamptz,
    lease_epoch      bigint not null default 0,
    lease_owner      uuid,
    lease_until      timestamptz,
    check (window_from < window_to),
    check ((state in ('WAITING', 'RUNNING')) = (next_attempt_at is not null))
);
create index fetch_job_due on fetch_job (next_attempt_at) where next_attempt_at is not null;
create index fetch_job_open on fetch_job (connection_id) where state in ('WAITING', 'RUNNING', 'PARKED');
create index fetch_job_connection on fetch_job (connection_id, id);
create index fetch_job_tenant on fetch_job (tenant_id, id);

comment on table fetch_job is 'One fetch: a window of update time of one connection, read page by page';
comment on column fetch_job.page_token is 'Belongs to the query of marketplaces, window_from and window_to, which stay as they are while it stands';
comment on column fetch_job.answered_to is 'Up to where Amazon says it answered (lastUpdatedBefore of the first page): coverage grows to here';
comment on column fetch_job.seen_tokens is 'Hashes of the page tokens of this query: a token that comes twice is a loop';
comment on column fetch_job.restarts is 'How often the query began again because its page token was refused or looped';
comment on column fetch_job.attempts is 'Failed attempts in a row';
comment on column fetch_job.next_attempt_at is 'Domain clock';
comment on column fetch_job.caused_at is 'Domain clock: when the consent, renewal or request happened that caused the fetch';
comment on column fetch_job.lease_until is 'Machine clock; whoever holds the lease writes with its epoch';

create table fetch_request (
    created_by      text not null,
    idempotency_key text not null,
    request_hash    text not null,
    fetch_ids       uuid[] not null,
    created_at      timestamptz not null,
    primary key (created_by, idempotency_key)
);
comment on table fetch_request is 'Answers to creating requests that carried an Idempotency-Key; one request may have planned many fetches';

create table order_digest (
    connection_id uuid not null,
    order_id      text not null,
    digest        uuid not null,
    updated_at    timestamptz not null,
    primary key (connection_id, order_id)
);
comment on table order_digest is 'What was last published of an order: 128 bits of SHA-256 over the published fields';

create table order_set_aside (
    id            bigint generated always as identity primary key,
    connection_id uuid not null,
    fetch_id      uuid not null,
    order_id      text,
    reason        text not null,
    set_aside_at  timestamptz not null,
    unique nulls not distinct (fetch_id, order_id, reason)
);
comment on table order_set_aside is 'Orders that could not be read, without their content; order_id only where it has the form of one';

create table load_month (
    connection_id uuid not null,
    month         date not null,
    orders        integer[] not null,
    primary key (connection_id, month)
);
comment on table load_month is 'Orders published per day of their update time (UTC): element n is day n of the month';
