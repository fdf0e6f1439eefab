-- Its index is made in a file of its own, so that nobody who reads waits meanwhile.
alter table fetch_job add column bulk_id uuid;

comment on column fetch_job.bulk_id is 'The bulk fetch that planned it, which may be forgotten before it; null where it was planned otherwise, or by a release before this column';
