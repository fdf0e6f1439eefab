alter table fetch_job
    add column subscription_state      text,
    add column subscription_reason     text,
    add column subscription_checked_at timestamptz,
    add constraint fetch_job_subscription check (subscription_state in ('STANDS', 'MISSING', 'UNKNOWN')) not valid;

comment on column fetch_job.subscription_state is 'After a renewal: whether the application''s subscription to ORDER_CHANGE still stands';
comment on column fetch_job.subscription_reason is 'Why that is unknown';
comment on column fetch_job.subscription_checked_at is 'Domain clock';
