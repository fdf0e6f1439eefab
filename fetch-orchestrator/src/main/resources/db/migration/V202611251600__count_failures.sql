alter table fetch_job add column failures integer not null default 0;

comment on column fetch_job.attempts is 'Attempts in vain in a row, whoever''s fault they were: the next pause is as long as these are many';
comment on column fetch_job.failures is 'Those of them that count: after so many it fails';
