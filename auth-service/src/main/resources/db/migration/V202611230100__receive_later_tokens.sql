set lock_timeout = '10s';

alter table import_run add column received bigint not null default 0;
comment on column import_run.received is 'Later tokens of connections that were there: stored as candidates, tried one after another';

alter table authorization_request drop constraint authorization_request_way_check;
alter table authorization_request add constraint authorization_request_way_check
    check (way in ('WEBSITE', 'PROVIDER', 'UNCLAIMED', 'SELF', 'IMPORT')) not valid;
alter table authorization_request validate constraint authorization_request_way_check;
