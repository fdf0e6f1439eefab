create table bulk_fetch (
    id                    uuid primary key,
    tenants               text[],
    tenant_id             text,
    campaign_id           uuid,
    window_from           timestamptz,
    window_to             timestamptz,
    state                 text not null check (state in ('PLANNING', 'PLANNED', 'FAILED', 'CANCELLED')),
    position              text not null default '',
    connections_estimated bigint,
    connections           bigint not null default 0,
    fetches               bigint not null default 0,
    code                  text,
    message               text,
    requested_at          timestamptz not null,
    due_at                timestamptz not null,
    completed_at          timestamptz,
    check ((tenant_id is null) <> (campaign_id is null)),
    check ((window_from is null) = (window_to is null)),
    check (window_from < window_to),
    check ((state = 'PLANNING') = (completed_at is null))
);
create index bulk_fetch_due on bulk_fetch (due_at) where completed_at is null;
create index bulk_fetch_ended on bulk_fetch (completed_at) where completed_at is not null;

comment on table bulk_fetch is 'A request for more connections than one transaction plans: their fetches are planned portion by portion';
comment on column bulk_fetch.tenants is 'Tenants that who asked may see, and nobody who sees fewer may see it; null for all';
comment on column bulk_fetch.position is 'Behind which connection the next portion begins: its id, or auth-service''s cursor in the campaign. A portion is written only where it still stands';
comment on column bulk_fetch.connections_estimated is 'Of a tenant when it was requested; null where that is not known here';
comment on column bulk_fetch.connections is 'That were gone through';
comment on column bulk_fetch.fetches is 'That were planned for them, or were under way already';
comment on column bulk_fetch.due_at is 'Domain clock: whose portion is next; later while something is in the way';

alter table fetch_request add column bulk_id uuid;
comment on column fetch_request.bulk_id is 'Where the request was answered with a bulk fetch';
