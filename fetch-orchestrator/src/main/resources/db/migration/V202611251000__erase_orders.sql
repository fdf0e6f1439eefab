create table erasure (
    connection_id uuid primary key references connection_view,
    requested_at  timestamptz not null,
    position      text not null default '',
    orders        bigint not null default 0,
    completed_at  timestamptz
);
create index erasure_open on erasure (orders, requested_at) where completed_at is null;

comment on table erasure is 'Connections that were given up, and how far what was fetched of them is taken back';
comment on column erasure.requested_at is 'Domain clock; -infinity where the release before this table took the event';
comment on column erasure.position is 'Order id up to which tombstones were written; nothing is ever recorded behind it, because nothing is fetched any more';
comment on column erasure.orders is 'Tombstones that were written. Whoever has fewest goes first, so that a large shop does not keep small ones waiting';
comment on column erasure.completed_at is 'Domain clock: since when nothing of it is left here';
