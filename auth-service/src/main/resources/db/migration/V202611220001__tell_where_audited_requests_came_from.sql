alter table audit_entry add column origin text;
comment on column audit_entry.origin is 'Network address of the request; null for what no request caused';

create index audit_entry_by_tenant on audit_entry (tenant_id, id);
