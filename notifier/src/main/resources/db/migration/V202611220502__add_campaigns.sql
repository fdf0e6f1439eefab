alter table reminder drop constraint reminder_kind_check;
alter table reminder add constraint reminder_kind_check
    check (kind in ('EXPIRING', 'EXPIRED', 'OVERDUE', 'REVOKED', 'RECONNECTED', 'LINK', 'CAMPAIGN'));

comment on column reminder.stage is 'EXPIRING: days before the end; OVERDUE: weeks after it; LINK: counts; CAMPAIGN: number of the campaign; else 0.';
