-- The list of them, newest first.
create index fetch_job_bulk on fetch_job (bulk_id, id) where bulk_id is not null;
