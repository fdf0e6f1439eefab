create table report (
    id bigint generated always as identity (start with 50018931001) primary key,
    seller_id text not null,
    application_id text not null,
    at_home boolean not null,
    report_type text not null,
    marketplace_ids text not null,
    data_start timestamptz not null,
    data_end timestamptz not null,
    created_at timestamptz not null,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    planned_end text check (planned_end in ('FATAL', 'CANCELLED')),
    document_id text not null unique
);
comment on table report is 'Reports as they were ordered. Their content is never stored: it is computed as it stood when processing ended.';
comment on column report.planned_end is 'By a fault; otherwise a report is done, or cancelled when there is nothing in it.';

create table report_link (
    link_hash text primary key,
    report_id bigint not null references report,
    expires_at timestamptz not null
);
create index report_link_expiry on report_link (expires_at);
