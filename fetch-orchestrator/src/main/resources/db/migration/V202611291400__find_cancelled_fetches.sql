-- The list of them, newest first, over all tenants.
create index fetch_job_cancelled on fetch_job (id) where state = 'CANCELLED';
