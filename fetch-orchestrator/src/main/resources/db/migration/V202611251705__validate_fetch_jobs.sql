alter table fetch_job
    validate constraint fetch_job_strategy,
    validate constraint fetch_job_subscription,
    validate constraint fetch_job_part_strategy,
    validate constraint fetch_job_report;
