-- A fetch that failed is told of until a later one has ended that read as much: then that one is what counts.
alter table fetch_job add column superseded boolean not null default false;
drop index fetch_job_told;
create index fetch_job_told on fetch_job (tenant_id, connection_id)
    include (id, state, window_from, window_to, code, superseded)
    where state in ('WAITING', 'RUNNING', 'PARKED') or state = 'FAILED' and not superseded;

alter table connection_view add column without_orders boolean not null default false;
drop index connection_view_page;
create index connection_view_page on connection_view (tenant_id, connection_id)
    include (external_id, provider, region, generation, marketplaces, state, without_orders);

create index fetch_job_ended on fetch_job (completed_at) where completed_at is not null;
create index fetch_request_created on fetch_request (created_at);

comment on column fetch_job.superseded is 'It failed, and a fetch that ended later had all of its window';
comment on column connection_view.without_orders is 'The last fetch found no order, and there never was one';
