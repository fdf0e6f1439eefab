-- By bytes, as the service orders tenants too, whatever the database is set to.
create index fetch_job_turn on fetch_job (priority, tenant_id collate "C", next_attempt_at, attempts desc)
    where next_attempt_at is not null;
