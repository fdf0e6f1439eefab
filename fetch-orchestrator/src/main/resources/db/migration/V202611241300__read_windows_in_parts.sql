alter table fetch_job
    add column part_from        timestamptz,
    add column part_to          timestamptz,
    add column orders_estimated integer,
    add column lost_from        timestamptz;
update fetch_job set part_from = window_from, part_to = window_to;
alter table fetch_job
    alter column part_from set not null,
    alter column part_to set not null,
    add constraint fetch_job_part check (part_from < part_to);

comment on column fetch_job.part_from is 'With part_to and the marketplaces: the query that is being read, a part of the window. What lies before it is covered';
comment on column fetch_job.page_token is 'Belongs to the query of marketplaces, part_from and part_to, which stay as they are while it stands';
comment on column fetch_job.restarts is 'How often this part began again because its page token was refused or looped';
comment on column fetch_job.orders_estimated is 'By the seller''s recent days; null while nothing is known of him';
comment on column fetch_job.lost_from is 'Update time from which orders are missing for good: Amazon answers two years back and no further';

alter table coverage add column lost tstzmultirange not null default '{}';
comment on column coverage.lost is 'Update times that were not read and can not be any more: the watermark passes over them';

alter table fetch_job add column app_id text;
comment on column fetch_job.app_id is 'Application whose quota it draws from; null until it has begun';
