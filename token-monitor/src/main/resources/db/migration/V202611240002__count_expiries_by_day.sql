alter table watched_connection add column lapses_on date generated always as (
    case when state in ('ACTIVE', 'SUSPECT', 'OVERDUE') then (ends_at at time zone 'UTC')::date end) stored;

comment on column watched_connection.lapses_on is 'Day (UTC) on which a grant that still works ends; counted in expiry_day';

create table expiry_day (
    tenant_id   text not null,
    day         date not null,
    connections bigint not null,
    primary key (tenant_id, day)
) with (fillfactor = 50);

create index expiry_day_day on expiry_day (day);

insert into expiry_day (tenant_id, day, connections)
select tenant_id, lapses_on, count(*) from watched_connection where lapses_on is not null group by tenant_id, lapses_on;

comment on table expiry_day is
    'How many grants that still work end on each day, kept by whoever changes watched_connection, in the same statement';
