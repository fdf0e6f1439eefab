alter table fetch_job
    drop constraint fetch_job_strategy,
    add constraint fetch_job_strategy check (strategy in ('SEARCH', 'REPORT', 'PROFILES')) not valid;
