set lock_timeout = '10s';

alter table reminder drop constraint reminder_kind_check;
alter table reminder add constraint reminder_kind_check check (kind in
    ('EXPIRING', 'EXPIRED', 'OVERDUE', 'REVOKED', 'RECONNECTED', 'CONSENT_FAILED', 'LINK', 'CAMPAIGN'));
