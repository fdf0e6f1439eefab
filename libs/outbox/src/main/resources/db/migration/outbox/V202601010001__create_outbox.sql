-- hashtext is stable within a major version of PostgreSQL. Rows live for moments, so a slot that moves with an
-- upgrade matters only to rows that were waiting across it.
create function outbox_slot(message_key text) returns smallint
    language sql immutable strict parallel safe
    return (hashtext(message_key) & 63)::smallint;

create table outbox (
    id          bigint generated always as identity primary key,
    slot        smallint not null generated always as (outbox_slot(message_key)) stored,
    topic       text not null,
    message_key text not null,
    event_id    uuid not null,
    event_type  text not null,
    source      text not null,
    subject     text not null,
    event_time  timestamptz not null,
    sequence    bigint not null,
    traceparent text,
    data        text,
    created_at  timestamptz not null default clock_timestamp()
) with (
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = 20000,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 20000,
    autovacuum_vacuum_cost_delay = 0
);

create index outbox_slot_id on outbox (slot, id);

comment on table outbox is 'Events that wait to be published: inserted with the change they tell of, deleted once Kafka has them, never updated';
comment on column outbox.id is 'Order within a slot. Ids commit out of order, so nothing may read "beyond the last id"';
comment on column outbox.slot is 'Which relay may publish the row; rows of one key share a slot';
comment on column outbox.event_type is 'CloudEvents type, for example io.perennial.TokenRenewed.v1';
comment on column outbox.data is 'JSON of the event; null publishes a tombstone';
comment on column outbox.created_at is 'Machine clock: measures how long the row waits';

create table outbox_dead (
    id          bigint primary key,
    topic       text not null,
    message_key text not null,
    event_id    uuid not null,
    event_type  text not null,
    source      text not null,
    subject     text not null,
    event_time  timestamptz not null,
    sequence    bigint not null,
    traceparent text,
    data        text,
    created_at  timestamptz not null,
    reason      text not null,
    died_at     timestamptz not null default clock_timestamp()
);

comment on table outbox_dead is 'Rows that Kafka can never take, with the reason; later rows of the key went on';

create table outbox_lease (
    slot_group smallint primary key,
    owner      text,
    epoch      bigint not null default 0,
    expires_at timestamptz
);

comment on table outbox_lease is 'Who publishes a group of slots; machine clock';
comment on column outbox_lease.epoch is 'Grows with every new owner: an older owner recognises that it lost the group';

create table outbox_relay (
    relay       text primary key,
    slot_groups smallint not null,
    seen_at     timestamptz not null
);

comment on table outbox_relay is 'Relays that are alive, so that each takes its fair share of the groups; machine clock';
