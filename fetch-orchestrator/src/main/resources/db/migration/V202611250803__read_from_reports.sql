alter table fetch_job
    drop constraint fetch_job_strategy,
    add constraint fetch_job_strategy check (strategy in ('SEARCH', 'REPORT')) not valid,
    add column strategy_reason   text,
    add column search_seconds    integer,
    add column report_seconds    integer,
    add column part_strategy     text,
    add column report_id         text,
    add column report_document   text,
    add column report_ordered_at timestamptz,
    add column report_polls      integer not null default 0,
    add column report_failures   integer not null default 0,
    add constraint fetch_job_part_strategy check (part_strategy in ('SEARCH')) not valid,
    add constraint fetch_job_report check (report_document is null or report_id is not null) not valid;

comment on column fetch_job.strategy is 'How the window is read';
comment on column fetch_job.strategy_reason is 'Why it was planned so, or what came to nothing before pages were read instead of reports';
comment on column fetch_job.search_seconds is 'How long pages were estimated to take when the fetch was planned; null where nothing was known';
comment on column fetch_job.report_seconds is 'How long reports were estimated to take';
comment on column fetch_job.part_strategy is 'How this part is read, where that differs: its report was cancelled';
comment on column fetch_job.report_id is 'Report of this part. While it stands no other one is ordered';
comment on column fetch_job.report_ordered_at is 'Domain clock';
comment on column fetch_job.report_failures is 'Reports and documents of this part that came to nothing';
comment on column fetch_job.page_token is 'Next page; of a report the last order that is stored, by id. Belongs to the query of marketplaces, part_from and part_to';
comment on table order_digest is 'What was last published of an order: 128 bits of SHA-256 over what searches and reports both tell';
