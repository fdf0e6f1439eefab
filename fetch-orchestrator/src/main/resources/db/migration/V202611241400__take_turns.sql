alter table fetch_job add column priority smallint not null default 1 check (priority between 0 and 2);
update fetch_job
set priority = case when reason in ('MANUAL', 'RENEWAL_GAP') then 0 when reason = 'DAILY' then 1 else 2 end
where next_attempt_at is not null;
alter table fetch_job alter column priority drop default;

drop index fetch_job_due;
create index fetch_job_due on fetch_job (priority, next_attempt_at) where next_attempt_at is not null;

comment on column fetch_job.priority is '0: somebody waits for it, 1: routine, 2: first load of an import. Lower ones go first';
