create table connection (
    connection_id  uuid primary key,
    tenant_id      text        not null,
    external_id    text        not null,
    provider       text        not null,
    region         text        not null,
    generation     integer     not null check (generation >= 0),
    disconnected   boolean     not null default false,
    event_sequence bigint      not null default 0,
    seen_at        timestamptz not null
);

comment on table connection is 'What events told about connections: enough to judge whether an event is late, and to filter by tenant.';
comment on column connection.generation is 'Highest generation seen; events of lower ones have no effect.';
comment on column connection.event_sequence is 'Sequence of the last event of ours with this key; taken under the row''s lock.';

create table reminder (
    id               uuid primary key,
    connection_id    uuid        not null references connection,
    tenant_id        text        not null,
    generation       integer     not null check (generation >= 0),
    kind             text        not null check (kind in ('EXPIRING', 'EXPIRED', 'OVERDUE', 'REVOKED', 'RECONNECTED', 'LINK')),
    stage            integer     not null check (stage >= 0),
    orders_caught_up integer     not null default 0,
    state            text        not null check (state in ('PENDING', 'SENDING', 'SENT', 'FAILED', 'SUPPRESSED', 'AMBIGUOUS')),
    code             text,
    contact_id       uuid,
    due_at           timestamptz not null,
    next_attempt_at  timestamptz not null,
    attempts         integer     not null default 0,
    unanswered       integer     not null default 0,
    first_attempt_at timestamptz,
    claim            uuid,
    lease_until      timestamptz,
    created_at       timestamptz not null,
    finished_at      timestamptz,
    created_by       text,
    idempotency_key  text,
    request_hash     text,
    constraint reminder_once unique (connection_id, generation, kind, stage),
    constraint reminder_claimed check ((state = 'SENDING') = (claim is not null and lease_until is not null)),
    constraint reminder_finished check ((state in ('PENDING', 'SENDING')) = (finished_at is null))
);

comment on table reminder is 'One mail to one merchant about one stage of one generation; at most one ever leaves.';
comment on column reminder.stage is 'EXPIRING: days before the end; OVERDUE: weeks after it; LINK: counts; else 0.';
comment on column reminder.code is 'Why it is FAILED or SUPPRESSED, or what the last attempt met.';
comment on column reminder.contact_id is 'Set in the transaction before the mail server is spoken to. SENDING without it: surely not sent.';
comment on column reminder.lease_until is 'Machine clock; all other instants are the domain''s.';
comment on column reminder.unanswered is 'How often in a row auth-service gave no links.';

create index reminder_due on reminder (next_attempt_at, id) where state = 'PENDING';
create index reminder_leased on reminder (lease_until) where state = 'SENDING';
create index reminder_waiting_by_connection on reminder (connection_id) where state = 'PENDING';
create index reminder_by_connection on reminder (connection_id, created_at desc, id desc);
create index reminder_by_tenant on reminder (tenant_id, created_at desc, id desc);
create index reminder_newest on reminder (created_at desc, id desc);
create unique index reminder_idempotency on reminder (created_by, idempotency_key) where idempotency_key is not null;
