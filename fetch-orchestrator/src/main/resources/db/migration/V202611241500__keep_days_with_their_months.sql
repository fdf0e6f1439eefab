alter table load_month
    add column tenant_id text,
    add column complete  integer not null default 0,
    add column touched   integer not null default 0,
    add column lost      integer not null default 0;

update load_month m set tenant_id = v.tenant_id from connection_view v where v.connection_id = m.connection_id;

insert into load_month as m (connection_id, month, tenant_id, orders, complete, touched)
select w.connection_id, date_trunc('month', day)::date, v.tenant_id, array_fill(0, array[31]),
       sum(case when w.complete @> d.span then d.bit else 0 end)::integer,
       sum(case when w.touched && d.span then d.bit else 0 end)::integer
from (select connection_id, range_intersect_agg(read) as complete, range_agg(read) as touched
      from coverage where not isempty(read) group by connection_id) as w
join connection_view v on v.connection_id = w.connection_id
cross join lateral generate_series(date_trunc('month', lower(w.touched) at time zone 'UTC'),
                                   date_trunc('month', upper(w.touched) at time zone 'UTC') + interval '1 month - 1 day',
                                   interval '1 day') as day
cross join lateral (select tstzrange(day at time zone 'UTC', (day + interval '1 day') at time zone 'UTC') as span,
                           1 << (extract(day from day)::integer - 1) as bit) as d
group by w.connection_id, date_trunc('month', day)::date, v.tenant_id
on conflict (connection_id, month) do update set complete = excluded.complete, touched = excluded.touched;

alter table load_month alter column tenant_id set not null;

-- A page of the load status is read from indexes alone: the rows of a tenant stand side by side there and nowhere else.
create index load_month_page on load_month (tenant_id, connection_id, month) include (orders, complete, touched, lost);
drop index connection_view_tenant;
create index connection_view_page on connection_view (tenant_id, connection_id)
    include (external_id, provider, region, generation, marketplaces, state);
create index fetch_job_told on fetch_job (tenant_id, connection_id)
    where state in ('WAITING', 'RUNNING', 'PARKED', 'FAILED');

comment on table load_month is 'Load status of a connection in a month: of each day (UTC) the orders published by their update time (element n), and in bit n - 1 whether it was read';
comment on column load_month.complete is 'Days that were read completely, in all marketplaces';
comment on column load_month.touched is 'Days of which something was read';
comment on column load_month.lost is 'Days of which something can not be read any more';
