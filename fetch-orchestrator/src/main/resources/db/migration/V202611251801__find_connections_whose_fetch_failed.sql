create index fetch_job_failed on fetch_job (completed_at) where state = 'FAILED';
