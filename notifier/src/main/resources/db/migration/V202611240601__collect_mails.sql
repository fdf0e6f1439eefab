set lock_timeout = '10s';

alter table reminder
    add column place     integer not null default 0 check (place >= 0),
    add column mailbox   uuid,
    add column opens_at  timestamptz;

alter table reminder drop constraint reminder_once;
alter table reminder add constraint reminder_once unique (connection_id, generation, kind, stage, place);

comment on table reminder is 'One mail to one contact about one stage of one generation, maybe together with others in one mail; at most one ever leaves.';
comment on column reminder.place is 'Which contact by order, counted from 0; 1 only where the mail escalates.';
comment on column reminder.mailbox is 'Keyed hash of tenant and address; null until auth-service was asked for contacts. Waiting rows of one mailbox leave in one mail.';
comment on column reminder.opens_at is 'Before it the mail waits for the morning of its contact; domain clock.';

create index reminder_waiting_by_mailbox on reminder (mailbox, next_attempt_at) where state = 'PENDING';

create table operator_concern (
    id            bigint generated always as identity primary key,
    connection_id uuid        not null references connection,
    generation    integer     not null,
    kind          text        not null,
    stage         integer     not null,
    opens_at      timestamptz not null,
    created_at    timestamptz not null,
    constraint operator_concern_once unique (connection_id, generation, kind, stage)
);

comment on table operator_concern is 'A connection that operators shall hear of in their next mail; the row goes with it.';

create index operator_concern_open on operator_concern (opens_at, id);

create table suppression (
    id            uuid primary key,
    tenant_id     text        not null,
    mailbox       uuid        not null,
    reason        text        not null check (reason in ('UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED')),
    code          text,
    connection_id uuid        not null references connection,
    contact_id    uuid,
    created_at    timestamptz not null,
    created_by    text        not null,
    lifted_at     timestamptz,
    lifted_by     text,
    constraint suppression_lifted check ((lifted_at is null) = (lifted_by is null))
);

comment on table suppression is 'Who is not written to, and why; a lifted row stays as the record of who lifted it.';
comment on column suppression.mailbox is 'Keyed hash of tenant and address; the address itself is nowhere here.';
comment on column suppression.connection_id is 'The connection whose mail it was learnt from.';

create unique index suppression_active on suppression (mailbox) where lifted_at is null;
create index suppression_by_tenant on suppression (tenant_id, id desc);

create table mailbox_key (
    only_one    boolean primary key default true check (only_one),
    fingerprint text not null
);

comment on table mailbox_key is 'Tells whether the key of the hashes is still the one that suppressions were written with.';
