set lock_timeout = '10s';

create index reminder_open on reminder (greatest(due_at, opens_at)) where state in ('PENDING', 'SENDING');
create index reminder_put_off on reminder (due_at) where state = 'PENDING' and code in ('SMTP_450', 'SMTP_451', 'SMTP_452');

comment on index reminder_open is 'Since when waiting mails might have left: unlike next_attempt_at no attempt moves it.';
comment on index reminder_put_off is 'Mails whose recipients the mail server would not take yet.';
