set lock_timeout = '10s';

alter table connection add column reinstated_at timestamptz;

comment on column connection.reinstated_at is 'When a grant of it last worked again without a new consent, as auth-service told; a new plan began then.';

alter table reminder
    add column life    integer not null default 0 check (life >= 0),
    add column ends_at timestamptz;

alter table reminder drop constraint reminder_once;
alter table reminder add constraint reminder_once unique (connection_id, generation, kind, stage, place, life);

comment on column reminder.life is 'Which plan of the generation, counted from 0 for each stage: a reinstated grant and one whose end moved by a week or more are announced anew.';
comment on column reminder.ends_at is 'The end of the grant that the event named; null where it named none, and in rows of earlier releases.';
