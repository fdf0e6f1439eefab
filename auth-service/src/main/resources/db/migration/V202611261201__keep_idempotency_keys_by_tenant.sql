set lock_timeout = '10s';

-- Two tenants' requests under one key have nothing to do with each other, also where one caller acts for both.
drop index connection_idempotency;
create unique index connection_idempotency on connection (created_by, tenant_id, idempotency_key)
    where idempotency_key is not null;
drop index consent_link_idempotency;
create unique index consent_link_idempotency on consent_link (created_by, tenant_id, idempotency_key)
    where idempotency_key is not null;
drop index campaign_idempotency;
create unique index campaign_idempotency on campaign (created_by, tenant_id, idempotency_key) nulls not distinct
    where idempotency_key is not null;
drop index import_run_idempotency;
create unique index import_run_idempotency on import_run (created_by, idempotency_key, tenants) nulls not distinct
    where idempotency_key is not null;
