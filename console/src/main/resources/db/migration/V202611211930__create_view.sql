-- Everything here is derived from events and can be rebuilt from them.

create table connection (
    connection_id uuid primary key,
    tenant_id     text not null,
    external_id   text not null,
    provider      text not null,
    region        text not null,
    label         text not null,
    marketplaces  text not null,
    account_id    text,
    account_name  text,
    state         text not null,
    generation    integer not null check (generation >= 0),
    authorized_at timestamptz,
    renewed_at    timestamptz,
    ends_at       timestamptz,
    ends_at_source text,
    sequence      bigint not null,
    search_text   text not null,
    search        tsvector generated always as (array_to_tsvector(array_remove(string_to_array(search_text, ' '), ''))) stored,
    sort_at       timestamptz generated always as (coalesce(ends_at, 'infinity')) stored
);

create index connection_by_end on connection (sort_at, connection_id);
create index connection_by_tenant on connection (tenant_id, sort_at, connection_id);
create index connection_by_state on connection (state, sort_at, connection_id);
create index connection_search on connection using gin (search);

comment on table connection is 'Current state of each connection, from perennial.connection-state.v1';
comment on column connection.sequence is 'Sequence of the last state taken; an older one changes nothing';
comment on column connection.search_text is 'Lower-case words of label, ids and account, parted by spaces';
comment on column connection.sort_at is 'Order of the list: what ends first comes first';

create table trouble (
    connection_id uuid not null,
    kind          text not null,
    tenant_id     text not null,
    generation    integer not null,
    occurred_at   timestamptz not null,
    code          text,
    detail        text,
    primary key (connection_id, kind)
);

comment on table trouble is 'Last thing that went wrong per connection and kind; void once the connection has a higher generation';
comment on column trouble.code is 'Null when it is mended';

create table history (
    event_id      uuid primary key,
    connection_id uuid not null,
    tenant_id     text not null,
    type          text not null,
    occurred_at   timestamptz not null,
    data          text not null
);

create index history_of_connection on history (connection_id, occurred_at desc, event_id desc);

comment on table history is 'What happened to a connection; data is the JSON of the event';

create table fetch_job (
    fetch_id         uuid primary key,
    connection_id    uuid not null,
    tenant_id        text not null,
    generation       integer not null,
    reason           text not null,
    state            text not null,
    from_at          timestamptz,
    to_at            timestamptz,
    pages            integer not null,
    orders_new       integer not null,
    orders_updated   integer not null,
    orders_unchanged integer not null,
    code             text,
    requested_at     timestamptz not null,
    changed_at       timestamptz not null,
    sequence         bigint not null
);

create index fetch_of_connection on fetch_job (connection_id, requested_at desc, fetch_id desc);
create index fetch_under_way on fetch_job (connection_id) where state in ('WAITING', 'RUNNING');

comment on table fetch_job is 'Fetch jobs with their progress';

create table reminder (
    reminder_id   uuid not null,
    contact_id    uuid not null,
    connection_id uuid not null,
    tenant_id     text not null,
    generation    integer not null,
    kind          text not null,
    stage         integer,
    result        text not null,
    code          text,
    occurred_at   timestamptz not null,
    primary key (reminder_id, contact_id)
);

create index reminder_of_connection on reminder (connection_id, occurred_at desc);

comment on table reminder is 'What was mailed; contacts by id, never by address';
comment on column reminder.contact_id is 'All zero where nobody was chosen (suppressed)';

create table connection_change (
    connection_id uuid primary key,
    tenant_id     text not null,
    changed_by    xid8 not null
);

create index connection_change_by_transaction on connection_change (changed_by);

comment on table connection_change is 'Last transaction that changed anything about a connection: what open pages must show anew';
